"""For which hospitals somebody works: what the querysets of the other apps narrow themselves by."""

from typing import Any

from django.db.models import Q, QuerySet

from procurement.people.models import Hospital, Mandate, Membership
from procurement.people.roles import Role


def hospitals_of(user: Any) -> QuerySet[Hospital]:
    """The hospitals a buyer works for: his own and, where he works for a group, every hospital of it."""
    if not user.is_authenticated or user.role != Role.BUYER:
        return Hospital.objects.none()
    return Hospital.objects.filter(Q(membership__user=user) | Q(group__membership__user=user)).distinct()


def mandates_of(user: Any) -> QuerySet[Mandate]:
    """The mandates of an auditor; nobody else has any."""
    if not user.is_authenticated or user.role != Role.AUDITOR:
        return Mandate.objects.none()
    return Mandate.objects.filter(auditor=user)


def workplaces_of(user: Any) -> list[str]:
    """Where somebody works, by name: a buyer's hospitals and groups, the hospitals of an auditor's mandates."""
    if user.role == Role.AUDITOR:
        return list(Hospital.objects.filter(mandate__auditor=user).distinct().values_list("name", flat=True))
    if user.role != Role.BUYER:
        return []
    memberships = Membership.objects.filter(user=user).select_related("hospital", "group").order_by("pk")
    return [str(membership.hospital or membership.group) for membership in memberships]
