"""What a buyer fills in beside a schedule: the file itself, then what no tenderer writes in it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.people.refusals import Refused
from procurement.registry.forms import NOT_LOOKED_INTO
from procurement.registry.models import Supplier
from procurement.tenders.bid_forms.exclusion import NOT_OPENED, ground_field, reason_field
from procurement.tenders.bid_forms.head import RECEIPT_IS_MISSING, asks_for_receipt
from procurement.tenders.entries import free_key
from procurement.tenders.models import Lot
from procurement.tenders.schedules.comparison import registered_as, unregistered
from procurement.tenders.schedules.reading import Offered

# Where what an entry refuses (a pointer into the document of the bid) was asked for.
ASKED = {
    "/supplier/name": "tenderer",
    "/id": "key",
    "/submitted_at": "submitted_at",
    "/exclusion": "exclusion",
    "/exclusion_reason": "exclusion_reason",
}


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("Filled price schedule"),
        help_text=_("XLSX or ODS, at most 2 MB, without macros or password."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.ods"}),
    )


class OfferForm(forms.Form):
    """Whose bid it is, under which name it is kept, and when it was received."""

    tenderer = forms.CharField(label=_("Tenderer"), max_length=300, help_text=_("As the register of suppliers has it."))
    register = forms.BooleanField(
        label=_("Enter this tenderer in the register, as the schedule presents it"), required=False
    )
    basis = forms.ChoiceField(
        label=_("What the origin of the operator was found on"),
        choices=[NOT_LOOKED_INTO, *Supplier.OriginBasis.choices],
        required=False,
    )
    register_members = forms.BooleanField(
        label=_("Enter the operators beside it that the register does not have, as the schedule presents them"),
        required=False,
    )
    key = forms.SlugField(
        label=_("Short name of the bid"), max_length=40, help_text=_("Exports show it: do not put a name in it.")
    )
    submitted_at = forms.DateTimeField(
        label=_("Received"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("When the buyer profile received it."),
        error_messages={"required": RECEIPT_IS_MISSING},
    )
    exclusion = ground_field(NOT_OPENED)
    exclusion_reason = reason_field()

    def __init__(self, data: Any = None, *, lot: Lot, offered: Offered) -> None:
        supplier = registered_as(offered)
        name = supplier.name if supplier else offered.tenderer["name"]
        super().__init__(
            data, initial={"tenderer": name, "key": free_key(lot), "register": True, "register_members": True}
        )
        self.fields["submitted_at"].required = asks_for_receipt(lot, self["exclusion"].value())
        if supplier:
            del self.fields["register"]
        if supplier or not offered.tenderer["operator_country"]:
            del self.fields["basis"]
        self._ask_about_members(offered)

    def _ask_about_members(self, offered: Offered) -> None:
        """Of each member that the register does not have: what its stated origin was found on."""
        self.newcomers = unregistered(offered)
        if not self.newcomers:
            del self.fields["register_members"]
        for place, member in self.newcomers:
            if member.operator_country:
                self.fields[f"basis_{place}"] = forms.ChoiceField(
                    label=_("What the origin of %(name)s was found on") % {"name": member.name},
                    choices=[NOT_LOOKED_INTO, *Supplier.OriginBasis.choices],
                    required=False,
                )

    def shown_beside(self, refused: Refused) -> Refused | None:
        """None once each problem stands beside its field; the refusal as it is where one of them has none here."""
        fields = [ASKED.get(str(problem.get("pointer"))) for problem in refused.details]
        if not fields or not all(field in self.fields for field in fields):
            return refused
        for field, problem in zip(fields, refused.details, strict=True):
            self.add_error(field, problem["message"])
        return None

    def clean(self) -> dict[str, Any]:
        """The grounds of the members together, by their place in the schedule."""
        given = super().clean() or {}
        asked = [place for place, member in self.newcomers if f"basis_{place}" in self.fields]
        if self.newcomers:
            given["bases"] = {place: given.pop(f"basis_{place}", "") for place in asked}
        return given
