"""For which hospitals somebody works: what the querysets of the other apps narrow themselves by."""

from typing import Any

from django.db.models import Q, QuerySet

from procurement.people.models import Hospital, Mandate, Membership, User
from procurement.people.roles import WORKING_FOR_HOSPITALS, Role


def hospitals_of(user: Any) -> QuerySet[Hospital]:
    """The hospitals a buyer works for: his own and, where he works for a group, every hospital of it."""
    return _workplaces(user) if user.is_authenticated and user.role == Role.BUYER else Hospital.objects.none()


def evaluates_for(user: Any) -> QuerySet[Hospital]:
    """The hospitals on whose panels an evaluator may sit; apart from `hospitals_of`, which opens their procedures."""
    return _workplaces(user) if user.is_authenticated and user.role == Role.EVALUATOR else Hospital.objects.none()


def evaluators_of(hospital: Hospital) -> QuerySet[User]:
    """The evaluators who work for a hospital or for its group, by name; not those whose account is closed."""
    here = Q(memberships__hospital=hospital) | Q(memberships__group__hospitals=hospital)
    found = User.objects.filter(here, role=Role.EVALUATOR, is_active=True)
    return found.distinct().order_by("last_name", "first_name", "pk")


def administrators() -> QuerySet[User]:
    """Who gives roles and hospitals to people, by name."""
    found = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
    return found.order_by("last_name", "first_name", "pk")


def mandates_of(user: Any) -> QuerySet[Mandate]:
    """The mandates of an auditor; nobody else has any."""
    if not user.is_authenticated or user.role != Role.AUDITOR:
        return Mandate.objects.none()
    return Mandate.objects.filter(auditor=user)


def workplaces_of(user: Any) -> list[str]:
    """Where somebody works, by name: a buyer's or an evaluator's hospitals and groups, an auditor's mandates."""
    if user.role == Role.AUDITOR:
        return list(Hospital.objects.filter(mandate__auditor=user).distinct().values_list("name", flat=True))
    if user.role not in WORKING_FOR_HOSPITALS:
        return []
    memberships = Membership.objects.filter(user=user).select_related("hospital", "group").order_by("pk")
    return [str(membership.hospital or membership.group) for membership in memberships]


def _workplaces(user: Any) -> QuerySet[Hospital]:
    return Hospital.objects.filter(Q(membership__user=user) | Q(group__membership__user=user)).distinct()
