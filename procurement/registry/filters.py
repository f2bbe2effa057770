"""How the register is narrowed, on its page and in the API."""

import django_filters
from django.utils.translation import gettext_lazy as _

from procurement.registry.models import Supplier


class SupplierFilter(django_filters.FilterSet):
    """`?search=&origin=`."""

    search = django_filters.CharFilter(field_name="name", lookup_expr="icontains", max_length=100, label=_("Name"))
    origin = django_filters.CharFilter(
        field_name="operator_country", lookup_expr="iexact", max_length=2, label=_("Origin of the operator (ISO code)")
    )

    class Meta:
        model = Supplier
        fields: list[str] = []
