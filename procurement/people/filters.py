"""How the lists of people and of lines narrow; everything stays in the address."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from procurement.ledger.models import Line
from procurement.people.line_search import about, by, doing
from procurement.people.models import User
from procurement.people.roles import Role

DAY = forms.DateInput(attrs={"type": "date"})


class PersonFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(label=_("Name"), method="named", max_length=100)
    role = django_filters.ChoiceFilter(label=_("Role"), choices=Role.choices, empty_label=_("All"))

    class Meta:
        model = User
        fields = ["search", "role"]

    def named(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(
            Q(username__icontains=value) | Q(first_name__icontains=value) | Q(last_name__icontains=value)
        )


class LineFilter(django_filters.FilterSet):
    who = django_filters.CharFilter(label=_("Who"), method="matching", max_length=100)
    action = django_filters.CharFilter(label=_("What"), method="matching", max_length=100)
    object = django_filters.CharFilter(label=_("Object"), method="matching", max_length=100)
    since = django_filters.DateFilter(label=_("From"), field_name="at", lookup_expr="date__gte", widget=DAY)
    until = django_filters.DateFilter(label=_("Until"), field_name="at", lookup_expr="date__lte", widget=DAY)

    class Meta:
        model = Line
        fields = ["who", "action", "object", "since", "until"]

    def matching(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter({"who": by, "action": doing, "object": about}[name](value))
