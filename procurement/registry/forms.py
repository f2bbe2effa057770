"""What a buyer enters about a supplier: who it is, and what was found about where its operator originates."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.registry.countries import CountryField
from procurement.registry.findings import LONGEST_EVIDENCE, LONGEST_REFERENCE
from procurement.registry.models import Supplier

NOT_LOOKED_INTO = ("", _("not looked into: the origin is registered as unknown"))


class OriginForm(forms.Form):
    """Where an operator originates, on which ground of art. 3, and what shows it; left empty, it is unknown."""

    use_required_attribute = False
    country = CountryField(
        label=_("Country of origin of the operator"),
        help_text=_("Apart from its address (Regulation (EU) 2022/1031, art. 3). Left empty, it is unknown."),
    )
    basis = forms.ChoiceField(
        label=_("What the origin of the operator was found on"),
        choices=[NOT_LOOKED_INTO, *Supplier.OriginBasis.choices],
        required=False,
    )
    evidence = forms.CharField(
        label=_("What shows it"),
        required=False,
        max_length=LONGEST_EVIDENCE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "The register it is entered in, where its staff, premises and turnover are, who holds its "
            "capital and votes. Buyers of all hospitals read it: name no procedure."
        ),
    )
    reference = forms.CharField(
        label=_("Reference of the evidence"),
        required=False,
        max_length=LONGEST_REFERENCE,
        help_text=_("Where it can be found again: number and date of an extract, of a declaration, of a report."),
    )
    found_on = forms.DateField(
        label=_("Found on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        """A country has its basis and the other way round."""
        country, basis = self.cleaned_data.get("country"), self.cleaned_data.get("basis")
        if country and not basis:
            self.add_error("basis", _("Say what the origin was found on, or leave the country empty."))
        if basis and not country and "country" not in self.errors:
            self.add_error("country", _("Give the country that was found, or say that it was not looked into."))
        return self.cleaned_data


class FindingForm(OriginForm):
    """A finding about a supplier of the register; an unknown origin says why, lest an empty form take one away."""

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if not given.get("country") and not given.get("evidence") and not self.errors:
            self.add_error("evidence", _("Give the country that was found, or say here why it stays unknown."))
        return given


class RegistrationForm(OriginForm):
    """A supplier that is not in the register yet."""

    name = forms.CharField(label=_("Name"), max_length=300)
    registration_number = forms.CharField(
        label=_("SIRET number, or the number of the register of its country"), required=False, max_length=40
    )
    address_country = CountryField(label=_("Country of the address"))
    field_order = ("name", "registration_number", "address_country")

    def values(self) -> dict[str, Any]:
        """What `services.register_supplier` takes; from a form that is valid."""
        given = dict(self.cleaned_data)
        return given | {"operator_country": given.pop("country"), "operator_origin_basis": given.pop("basis")}
