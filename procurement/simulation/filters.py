"""How policy staff narrow the list of archived cases."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from procurement.simulation.models import ArchiveCase, ArchiveImport, ArchiveSnapshot


def sources() -> list[tuple[str, str]]:
    """The sources the archive holds, as choices."""
    held = ArchiveImport.objects.order_by("source").values_list("source", flat=True).distinct()
    return [(source, str(ArchiveSnapshot.Source(source).label)) for source in held]


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


class ChangedLotsForm(forms.Form):
    """`?hospital=&family=&country=`: how the lots that a scenario changes are narrowed."""

    hospital = forms.CharField(label=_("Hospital contains"), max_length=100, required=False)
    family = forms.RegexField(
        r"\A[0-9]{1,8}\Z",
        label=_("CPV code starts with"),
        required=False,
        error_messages={"invalid": _("A CPV code starts with one to eight digits: 331.")},
    )
    country = forms.RegexField(
        r"\A[A-Za-z]{2}\Z",
        label=_("Country of the new winner (FR)"),
        required=False,
        error_messages={"invalid": _("A country has a code of two letters: FR.")},
    )

    def chosen(self) -> dict[str, str]:
        """What narrows the list; what was not understood narrows nothing, and says so at its field."""
        return self.cleaned_data if self.is_bound and self.is_valid() else {}


class BoxLotsForm(forms.Form):
    """`?lot=&hospital=`: how the lots of a box are narrowed."""

    lot = forms.CharField(label=_("Lot contains"), max_length=300, required=False)
    hospital = forms.CharField(label=_("Hospital contains"), max_length=100, required=False)

    def chosen(self) -> dict[str, str]:
        """What narrows the list; what was not understood narrows nothing, and says so at its field."""
        return self.cleaned_data if self.is_bound and self.is_valid() else {}
