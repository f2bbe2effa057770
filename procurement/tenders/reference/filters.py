"""How the corpus is searched; everything is in the address."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from procurement.tenders.models import Criterion, ReferenceGrid
from procurement.tenders.reference.folding import folded

HOSPITALS = [("", _("All")), ("true", _("Hospitals only"))]


def procedures() -> list[tuple[str, str]]:
    """The procedures the corpus names, as the source writes them."""
    named = ReferenceGrid.objects.exclude(procedure="").order_by("procedure")
    return [(name, name.replace("_", " ")) for name in named.values_list("procedure", flat=True).distinct()]


class WeightFilter(django_filters.NumberFilter):
    field_class = forms.IntegerField


class ReferenceFilter(django_filters.FilterSet):
    """`?words=&kinds=&price_from=&price_to=&health=&procedure=&shape=&ordering=`."""

    words = django_filters.CharFilter(
        method="filter_words", max_length=100, label=_("Words of the criteria, or the buyer's name")
    )
    kinds = django_filters.MultipleChoiceFilter(
        method="filter_kinds",
        choices=Criterion.Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        label=_("With criteria of these kinds"),
    )
    price_from = WeightFilter(
        field_name="price_weight", lookup_expr="gte", min_value=0, max_value=100, label=_("Price weighs at least")
    )
    price_to = WeightFilter(
        field_name="price_weight", lookup_expr="lte", min_value=0, max_value=100, label=_("Price weighs at most")
    )
    health = django_filters.BooleanFilter(label=_("Buyers"), widget=forms.Select(choices=HOSPITALS))
    procedure = django_filters.ChoiceFilter(choices=procedures, label=_("Type of procedure"), empty_label=_("All"))
    shape = django_filters.CharFilter(max_length=120, label=_("Shape"), widget=forms.HiddenInput)
    ordering = django_filters.OrderingFilter(fields=["buyer", "month", "price_weight"], label=_("Order"))

    class Meta:
        model = ReferenceGrid
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[ReferenceGrid]) -> QuerySet[ReferenceGrid]:
        """In the order asked for, then that of the notices."""
        rows = super().filter_queryset(queryset)
        return rows.order_by(*rows.query.order_by, "notice", "position")

    def filter_words(self, rows: QuerySet[ReferenceGrid], name: str, value: str) -> QuerySet[ReferenceGrid]:
        """Every word stands somewhere, whatever its accents."""
        for word in folded(value).split():
            rows = rows.filter(searched__contains=word)
        return rows

    def filter_kinds(self, rows: QuerySet[ReferenceGrid], name: str, value: list[str]) -> QuerySet[ReferenceGrid]:
        """Each of the kinds is there."""
        for kind in value:
            rows = rows.filter(shape__contains=f"{kind}-")
        return rows
