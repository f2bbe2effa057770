"""Rows for tests: valid, small, and made through the models; what a service does is tested through the service."""

import factory

from procurement.people.models import Hospital, HospitalGroup, Membership, User
from procurement.people.roles import Role


class HospitalGroupFactory(factory.django.DjangoModelFactory):  # type: ignore[type-arg]
    class Meta:
        model = HospitalGroup

    name = factory.Sequence(lambda n: f"GHT {n}")


class HospitalFactory(factory.django.DjangoModelFactory):  # type: ignore[type-arg]
    class Meta:
        model = Hospital

    name = factory.Sequence(lambda n: f"Hospital {n}")
    finess = factory.Sequence(lambda n: f"{n:09d}")


class UserFactory(factory.django.DjangoModelFactory):  # type: ignore[type-arg]
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"person{n}")
    role = Role.BUYER
    language = "en"


class MembershipFactory(factory.django.DjangoModelFactory):  # type: ignore[type-arg]
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    hospital = factory.SubFactory(HospitalFactory)
