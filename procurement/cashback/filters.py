"""How estimates are narrowed in the API, by rows the caller may read alone."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from procurement.cashback.models import Estimate
from procurement.policies.models import PolicyVersion
from procurement.tenders.filters import contracting_bodies


def visible_versions(request: Any) -> QuerySet[PolicyVersion]:
    return PolicyVersion.objects.none() if request is None else PolicyVersion.objects.visible_to(request.user)


class YearFilter(django_filters.NumberFilter):
    field_class = forms.IntegerField


class EstimateFilter(django_filters.FilterSet):
    """`?hospital=&year=&policy_version=`."""

    hospital = django_filters.ModelChoiceFilter(queryset=contracting_bodies)
    year = YearFilter()
    policy_version = django_filters.ModelChoiceFilter(queryset=visible_versions)

    class Meta:
        model = Estimate
        fields: list[str] = []
