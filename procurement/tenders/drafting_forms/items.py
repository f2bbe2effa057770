"""One item of a lot that is being drafted, with the need of each hospital of the group."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.people.figures import PERCENT, FigureField
from procurement.people.models import Hospital
from procurement.tenders.drafting_forms.criteria import new_key
from procurement.tenders.drafting_forms.written import Document, WrittenForm

NEED = "need_"  # before the FINESS number: the field of a hospital's need
PLACES = {"id": "designation"}


class ItemForm(WrittenForm):
    """An item of `documents.LOT`. ``key``: its id, which a new one takes from its designation."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    designation = forms.CharField(label=_("Designation"), max_length=300)
    unit = forms.CharField(label=_("Unit"), max_length=40)
    vat_rate = FigureField(label=_("VAT rate, %"), required=False, unit=PERCENT)

    def __init__(self, *args: Any, hospitals: Sequence[Hospital], **options: Any) -> None:
        super().__init__(*args, **options)
        for hospital in hospitals:
            self.fields[f"{NEED}{hospital.finess}"] = FigureField(label=str(hospital), required=False)

    @classmethod
    def values_of(cls, item: Document) -> dict[str, Any]:
        """What the fields hold for an item of a document."""
        needs = {f"{NEED}{finess}": quantity for finess, quantity in item["needs"].items()}
        return {**item, **needs, "key": item["id"]}

    @property
    def needs(self) -> list[forms.BoundField]:
        """The fields of the needs, by hospital."""
        return [self[name] for name in self.fields if name.startswith(NEED)]

    def document(self, taken: set[str]) -> Document:
        """The item as it was typed, under an id that is not yet among ``taken``."""
        fields = [name for name in self.fields if name.startswith(NEED)]
        return {
            "id": self.given("key") or new_key(self.given("designation"), taken),
            "designation": self.given("designation"),
            "unit": self.given("unit"),
            "needs": {name.removeprefix(NEED): need for name, need in self.filled(*fields).items()},
            **self.filled("vat_rate"),
        }

    def show_at(self, place: str, sentence: str) -> None:
        """Put what is wrong at ``place`` of the item's document (a pointer without its first slash)."""
        if place.startswith("needs/"):
            place = NEED + place.removeprefix("needs/")
        self.show(PLACES.get(place, place or None), sentence)
