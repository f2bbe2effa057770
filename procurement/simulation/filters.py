"""How policy staff narrow the list of archived cases."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from procurement.simulation.models import ArchiveCase, ArchiveImport


def sources() -> list[tuple[str, str]]:
    """The sources the archive holds, as choices."""
    return [
        (name, name) for name in ArchiveImport.objects.order_by("source").values_list("source", flat=True).distinct()
    ]


class ArchiveFilter(django_filters.FilterSet):
    """`?source=&country=&bidders=&key=&ordering=`."""

    source = django_filters.ChoiceFilter(choices=sources, label=_("Source"), empty_label=_("All"))
    country = django_filters.CharFilter(lookup_expr="iexact", max_length=2, label=_("Country of the contract (FR)"))
    bidders = django_filters.ChoiceFilter(
        method="filter_bidders",
        choices=[("mixed", _("Domestic and foreign")), ("other", _("Others, or unknown"))],
        label=_("Bidders"),
        empty_label=_("All"),
    )
    key = django_filters.CharFilter(lookup_expr="icontains", max_length=100, label=_("Contract contains"))
    ordering = django_filters.OrderingFilter(fields=["key", "country", "bids"])

    class Meta:
        model = ArchiveCase
        fields = ["source", "country", "bidders", "key"]

    def filter_bidders(self, cases: QuerySet[ArchiveCase], name: str, value: str) -> QuerySet[ArchiveCase]:
        return cases.filter(domestic_and_foreign=value == "mixed")
