"""Rows for tests: valid, small, and made through the models; what a service does is tested through the service."""

from datetime import date

import factory

from procurement.people.models import Hospital, HospitalGroup, Mandate, Membership, User
from procurement.people.roles import Role


class HospitalGroupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = HospitalGroup

    name = factory.Sequence(lambda n: f"GHT {n}")


class HospitalFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Hospital

    name = factory.Sequence(lambda n: f"Hospital {n}")
    finess = factory.Sequence(lambda n: f"{100_000_000 + n}")  # tests write 000000001 and on themselves


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"person{n}")
    role = Role.BUYER
    language = "en"


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    hospital = factory.SubFactory(HospitalFactory)


class MandateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Mandate

    auditor = factory.SubFactory(UserFactory, role=Role.AUDITOR)
    starts_on = date(2026, 1, 1)
    ends_on = date(2026, 12, 31)
    reference = factory.Sequence(lambda n: f"CRC 2026-{n}")
