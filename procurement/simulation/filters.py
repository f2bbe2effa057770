"""How policy staff narrow the list of archived cases."""

import django_filters
from django.utils.translation import gettext_lazy as _

from procurement.simulation.models import ArchiveCase


class ArchiveFilter(django_filters.FilterSet):
    """`?source=&country=&domestic_and_foreign=&key=`; the order is `?ordering=`."""

    key = django_filters.CharFilter(lookup_expr="icontains", label=_("Key contains"))
    country = django_filters.CharFilter(lookup_expr="iexact", label=_("Country of the contract (ISO code)"))
    domestic_and_foreign = django_filters.BooleanFilter(label=_("Domestic and foreign bidders"))
    ordering = django_filters.OrderingFilter(fields=["key", "country", "bids"], label=_("Order"))

    class Meta:
        model = ArchiveCase
        fields = ["source", "country", "domestic_and_foreign", "key"]
