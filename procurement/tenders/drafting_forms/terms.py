"""The terms of a procedure: who buys what, how, for how much."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from procurement.people.figures import MONEY, FigureField, in_currency
from procurement.people.filters import DAY
from procurement.people.models import User
from procurement.people.refusals import Invalid, Refused
from procurement.people.scope import hospitals_of
from procurement.tenders.documents import LONGEST_FRAMEWORK
from procurement.tenders.drafting_forms.written import Document, WrittenForm
from procurement.tenders.models import Tender

YES_NO_UNKNOWN = [("", _("not decided yet")), ("true", _("yes")), ("false", _("no"))]
PRICE_BASES = [("excl_vat", _("excluding VAT")), ("incl_vat", _("including VAT"))]
PLACES = {
    "framework/maximum": "maximum",
    "framework/months": "months",
    "framework/holders": "holders",
    "framework": "maximum",
}


class TermsForm(WrittenForm):
    """`documents.TENDER` without its lots. ``read``: the SHA-256 of the terms that are being changed.

    ``saved``: what the service answered.
    """

    saved: Any = None

    reference = forms.CharField(label=_("Reference"), max_length=60)
    title = forms.CharField(label=_("Title"), max_length=300)
    contracting_body = forms.ChoiceField(label=_("Contracting body"))
    procedure = forms.ChoiceField(label=_("Type of procedure"), choices=Tender.Procedure.choices)
    technique = forms.ChoiceField(label=_("Technique"), choices=Tender.Technique.choices)
    maximum = FigureField(
        label=_("Maximum of the framework agreement"),
        required=False,
        unit=MONEY,
        help_text=_("In units of the currency. Only for a framework agreement, as the next two fields."),
    )
    months = forms.IntegerField(
        label=_("Duration in months"), required=False, min_value=1, max_value=LONGEST_FRAMEWORK, widget=forms.TextInput
    )
    holders = forms.IntegerField(
        label=_("Number of holders"), required=False, min_value=1, max_value=1000, widget=forms.TextInput
    )
    cpv = forms.CharField(
        label=_("CPV code"), max_length=8, help_text=_("8 digits, without the check digit: 33140000.")
    )
    estimated_value = FigureField(
        label=_("Estimated value of the whole procedure, excluding VAT"),
        required=False,
        unit=MONEY,
        help_text=_("Options and renewals included; the thresholds of the law depend on it."),
    )
    currency = forms.CharField(label=_("Currency"), max_length=3, initial="EUR")
    price_basis = forms.ChoiceField(label=_("Prices of the bids"), choices=PRICE_BASES)
    launched_on = forms.DateField(
        label=_("Launch date"),
        required=False,
        widget=DAY,
        help_text=_("The day of the notice: the law that applies depends on it. May be given when publishing."),
    )
    ipi_announced = forms.ChoiceField(
        label=_("The consultation documents announce the IPI measure"), required=False, choices=YES_NO_UNKNOWN
    )
    training = forms.BooleanField(
        label=_("For training only"),
        required=False,
        help_text=_("Nothing in it is a real procedure; policies that are mere proposals can be tried."),
    )
    read = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, reader: User, **options: Any) -> None:
        super().__init__(*args, **options)
        in_currency(self.fields, self["currency"].value() or "EUR")
        bodies = self.fields["contracting_body"]
        assert isinstance(bodies, forms.ChoiceField)
        bodies.choices = [(hospital.finess, str(hospital)) for hospital in hospitals_of(reader)]

    def clean(self) -> dict[str, Any]:
        """The terms of a framework agreement are given for one, and for nothing else."""
        framework = self.cleaned_data.get("technique") == Tender.Technique.FRAMEWORK
        for name in ("maximum", "months", "holders"):
            filled = bool(self.given(name))
            if framework and not filled:
                self.show(name, gettext("A framework agreement states this."))
            if filled and not framework:
                sentence = gettext("Only a framework agreement states this: leave it empty, or choose the technique.")
                self.show(name, sentence)
        return self.cleaned_data

    @classmethod
    def values_of(cls, terms: Document, read: str) -> dict[str, Any]:
        """What the fields hold for a document of terms."""
        announced = terms["ipi_announced"]
        return {
            **terms,
            **(terms["framework"] or {}),
            "ipi_announced": "" if announced is None else str(announced).lower(),
            "read": read,
        }

    def document(self) -> Document:
        """The terms as they were typed."""
        plain = ("reference", "title", "contracting_body", "procedure", "technique", "cpv", "currency", "price_basis")
        framework = self.filled("maximum", "months", "holders")
        launched_on = self.given("launched_on")
        return {
            **{name: self.given(name) for name in plain},
            **self.filled("estimated_value"),
            "framework": framework or None,
            "launched_on": str(launched_on) if launched_on else None,
            "ipi_announced": {"true": True, "false": False}.get(self.given("ipi_announced")),
            "training": bool(self.given("training")),
        }

    def save(self, write: Callable[..., Any]) -> bool:
        """Hand the document to ``write``, a service; False where it refuses, with each problem beside its field."""
        self.full_clean()
        try:
            self.saved = write(document=self.document())
        except Invalid as refusal:
            for problem in refusal.details:
                place = problem["pointer"].removeprefix("/")
                self.show(PLACES.get(place, place or None), problem["message"])
            return False
        except Refused as refusal:
            self.show(None, refusal.sentence)
            return False
        return True
