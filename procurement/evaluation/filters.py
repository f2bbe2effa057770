"""Which decisions a reader looks for; everything stays in the address."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from procurement.evaluation.models import Decision, DecisionQuerySet

DAY = forms.DateInput(attrs={"type": "date"})


class DecisionFilter(django_filters.FilterSet):
    """Decisions by outcome, by date, by words of the reference, the title or the supplier."""

    search = django_filters.CharFilter(label=_("Search"), method="by_words", max_length=100)
    outcome = django_filters.ChoiceFilter(
        label=_("Outcome"), choices=Decision.Outcome.choices, empty_label=_("Any outcome")
    )
    decided_from = django_filters.DateFilter(
        label=_("Decided from"), field_name="decided_at", lookup_expr="date__gte", widget=DAY
    )
    decided_until = django_filters.DateFilter(
        label=_("Decided until"), field_name="decided_at", lookup_expr="date__lte", widget=DAY
    )
    ordering = django_filters.OrderingFilter(
        fields=(("decided_at", "decided_at"), ("lot__tender__reference", "reference"), ("outcome", "outcome")),
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Decision
        fields = ("search", "outcome", "decided_from", "decided_until")

    def by_words(self, decisions: DecisionQuerySet, name: str, value: str) -> DecisionQuerySet:
        """Every word is in the reference, in the title of the tender or the lot, or in the supplier's name."""
        for word in value.split():
            decisions = decisions.filter(
                Q(lot__tender__reference__icontains=word)
                | Q(lot__tender__title__icontains=word)
                | Q(lot__title__icontains=word)
                | Q(bid__supplier__name__icontains=word)
            )
        return decisions
