"""How sheets and decisions are narrowed in the API.

A lot is looked up among those the caller may read: the number of another hospital's answers as one that never was.
"""

import django_filters

from procurement.evaluation.models import Decision, ScoreSheet
from procurement.tenders.filters import visible_lots, visible_tenders


class SheetFilter(django_filters.FilterSet):
    """`?lot=&purpose=`."""

    lot = django_filters.ModelChoiceFilter(queryset=visible_lots)
    purpose = django_filters.ChoiceFilter(choices=ScoreSheet.Purpose.choices)

    class Meta:
        model = ScoreSheet
        fields: list[str] = []


class DecisionRowFilter(django_filters.FilterSet):
    """`?lot=&lot__tender=&outcome=`."""

    lot = django_filters.ModelChoiceFilter(queryset=visible_lots)
    lot__tender = django_filters.ModelChoiceFilter(queryset=visible_tenders)
    outcome = django_filters.ChoiceFilter(choices=Decision.Outcome.choices)

    class Meta:
        model = Decision
        fields: list[str] = []
