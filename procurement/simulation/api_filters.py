"""How snapshots and simulations are narrowed in the API."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from procurement.jobs.models import State
from procurement.policies.models import PolicyVersion
from procurement.simulation.models import ArchiveSnapshot, Box, Sweep


def visible_versions(request: Any) -> QuerySet[PolicyVersion]:
    return PolicyVersion.objects.none() if request is None else PolicyVersion.objects.visible_to(request.user)


def visible_snapshots(request: Any) -> QuerySet[ArchiveSnapshot]:
    return ArchiveSnapshot.objects.none() if request is None else ArchiveSnapshot.objects.visible_to(request.user)


class SnapshotFilter(django_filters.FilterSet):
    """`?source=&sha256=`."""

    source = django_filters.ChoiceFilter(choices=ArchiveSnapshot.Source.choices)
    sha256 = django_filters.CharFilter(max_length=64)

    class Meta:
        model = ArchiveSnapshot
        fields: list[str] = []


class AskedFilter(django_filters.FilterSet):
    """`?snapshot=&policy_version=&state=&mine=`: the state is that of its job."""

    snapshot = django_filters.ModelChoiceFilter(queryset=visible_snapshots)
    policy_version = django_filters.ModelChoiceFilter(queryset=visible_versions)
    state = django_filters.ChoiceFilter(field_name="job__state", choices=State.choices)
    mine = django_filters.BooleanFilter(method="of_the_caller", label="Asked by the caller, or by others.")

    def of_the_caller(self, asked: QuerySet[Any], _name: str, mine: bool) -> QuerySet[Any]:
        own = {"requested_by": self.request.user}
        return asked.filter(**own) if mine else asked.exclude(**own)


class SweepFilter(AskedFilter):
    class Meta:
        model = Sweep
        fields: list[str] = []


class BoxFilter(AskedFilter):
    class Meta:
        model = Box
        fields: list[str] = []
