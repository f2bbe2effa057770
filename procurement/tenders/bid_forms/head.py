"""Whose bid it is, when it was received, and what it costs in all."""

from datetime import datetime
from typing import Any

from django import forms
from django.forms.utils import from_current_timezone
from django.utils.translation import gettext_lazy as _

from procurement.people.figures import MONEY, FigureField, in_currency
from procurement.registry.countries import CountryField
from procurement.registry.models import Supplier
from procurement.tenders.models import Bid, Lot
from procurement.tenders.rules import written
from procurement.tenders.schedules.asked import has_cost

Document = dict[str, Any]
OFFERED = 1000  # names of the register that the page offers while one types; any other can be typed whole
RECEIPT_IS_MISSING = _("Say when the bid was received: what came after the deadline is not judged.")
SUPPLIERS = "suppliers"  # the id of the list the page offers
PLACES = {
    "supplier/country": "operator_country",
    "supplier": "tenderer",
    "submitted_at": "received_on",
    "price": "price",
    "cost": "cost",
}


def asks_for_receipt(lot: Lot, exclusion: str | None) -> bool:
    """Whether a bid says when it came: where a deadline stands, unless it is out on another ground whenever it came."""
    return bool(lot.tender.bids_due_at) and exclusion in (None, "", Bid.Exclusion.LATE)


class HeadForm(forms.Form):
    """A bid without its lines and its evidence; ``exclusion`` is the ground it is excluded on, if it is."""

    use_required_attribute = False
    tenderer = forms.CharField(
        label=_("Tenderer"),
        max_length=300,
        help_text=_("As the register of suppliers has it: type the beginning of its name."),
        widget=forms.TextInput(attrs={"list": SUPPLIERS, "autocomplete": "off"}),
    )
    newcomer = forms.BooleanField(label=_("Not in the register yet: enter it there with this bid"), required=False)
    operator_country = CountryField(
        label=_("Country of origin of the operator"),
        help_text=_(
            "Only of a tenderer that is not in the register yet (Regulation (EU) 2022/1031, art. 3, apart from its "
            "address). Left empty, it is unknown and said to be unknown."
        ),
    )
    basis = forms.ChoiceField(
        label=_("What the origin of the operator was found on"),
        choices=[("", _("not looked into: the origin is registered as unknown")), *Supplier.OriginBasis.choices],
        required=False,
    )
    received_on = forms.DateField(
        label=_("Received on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": RECEIPT_IS_MISSING},
    )
    received_at = forms.TimeField(
        label=_("Received at (Paris time)"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}),
        error_messages={"required": RECEIPT_IS_MISSING},
    )
    price = FigureField(
        label=_("Price of the whole bid"),
        required=False,
        unit=MONEY,
        help_text=_("Left empty, it is the sum of quantity × unit price over the items below."),
    )
    cost = FigureField(label=_("Life-cycle cost"), required=False, unit=MONEY)

    def __init__(self, data: Any = None, *, lot: Lot, exclusion: str | None) -> None:
        super().__init__(data)
        in_currency(self.fields, lot.tender.currency)
        if asks_for_receipt(lot, exclusion):
            self.fields["received_on"].required = self.fields["received_at"].required = True
        if not has_cost(lot):
            del self.fields["cost"]

    def clean_tenderer(self) -> str:
        """The name as the register writes it, where it has it."""
        name = " ".join(self.cleaned_data["tenderer"].split())
        known = Supplier.objects.filter(name__iexact=name).first()
        return known.name if known else name

    def clean(self) -> Document:
        self._check_newcomer()
        self._check_receipt()
        return self.cleaned_data

    def _check_newcomer(self) -> None:
        given = self.cleaned_data
        name, country, basis = given.get("tenderer"), given.get("operator_country"), given.get("basis")
        if not given.get("newcomer"):
            if basis:
                self.add_error("basis", _("The register has this already: leave it out, or correct the register."))
            return
        if name and Supplier.objects.filter(name=name).exists():
            self.add_error("tenderer", _("This tenderer is in the register: take the tick away."))
        if country and not basis:
            self.add_error("basis", _("Say what the origin was found on, or leave the country empty."))
        if basis and not country and "operator_country" not in self.errors:
            self.add_error(
                "operator_country", _("Give the country that was found, or say that it was not looked into.")
            )

    def _check_receipt(self) -> None:
        """A date has its time; an hour that the clocks skip or repeat is no time."""
        on, at = self.cleaned_data.get("received_on"), self.cleaned_data.get("received_at")
        self.cleaned_data["received"] = None
        if on and at:
            try:
                self.cleaned_data["received"] = from_current_timezone(datetime.combine(on, at))
            except forms.ValidationError:
                self.add_error("received_at", _("The clocks changed in this hour: write a time before or after it."))
        elif on and "received_at" not in self.errors:
            self.add_error("received_at", _("Give the time as well, or neither."))
        elif at and "received_on" not in self.errors:
            self.add_error("received_on", _("Give the date as well, or neither."))

    def document(self) -> Document:
        """What was typed, as a part of `documents.BID`; from a form that is valid."""
        given = self.cleaned_data
        supplier = {"name": given["tenderer"]}
        if given["operator_country"]:
            supplier["country"] = given["operator_country"]
        document: Document = {"supplier": supplier}
        if given["received"]:
            document["submitted_at"] = written(given["received"])
        return document | {name: given[name] for name in ("price", "cost") if given.get(name)}

    def newcomers(self) -> list[Document]:
        """What `register_supplier` takes of a tenderer that is new to the register; from a form that is valid."""
        given = self.cleaned_data
        if not given["newcomer"]:
            return []
        country, basis = given["operator_country"], given["basis"]
        return [{"name": given["tenderer"], "operator_country": country, "operator_origin_basis": basis}]

    def show_at(self, place: str, sentence: str) -> None:
        """Put what is wrong at ``place`` of the document (a pointer without its first slash)."""
        field = PLACES.get(place) or PLACES.get(place.split("/")[0])
        self.add_error(field if field in self.fields else None, sentence)
