"""The amounts that a tenderer states beside its unit prices."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from procurement.people.figures import FigureField
from procurement.tenders.models import Item
from procurement.tenders.stated import TOTALS

Document = dict[str, Any]


class StatedForm(forms.Form):
    """The amount of each item and the totals as stated; left empty, the bid does not state them."""

    use_required_attribute = False

    def __init__(self, data: Any, *, items: Iterable[Item], currency: str, initial: Document | None = None) -> None:
        super().__init__(data, prefix="stated")
        told = initial or {}
        for item in items:
            label = _("Stated amount: %(item)s") % {"item": item.designation}
            first = told.get("lines", {}).get(item.key, "")
            self.fields[f"lines/{item.key}"] = FigureField(label=label, required=False, initial=first, unit=currency)
        for what in TOTALS:
            label = _("Stated: %(what)s") % {"what": what.label}
            self.fields[what.value] = FigureField(
                label=label, required=False, initial=told.get(what.value, ""), unit=currency
            )

    @property
    def filled(self) -> bool:
        """Whether something stands in it, so that it is shown."""
        return any(self[name].value() for name in self.fields)

    def document(self) -> Document:
        """What was typed, as `documents.BID` has it under "stated"; from a form that is valid."""
        given = {name: value for name, value in self.cleaned_data.items() if value}
        lines = {name.removeprefix("lines/"): value for name, value in given.items() if name.startswith("lines/")}
        totals = {name: value for name, value in given.items() if not name.startswith("lines/")}
        return ({"lines": lines} if lines else {}) | totals

    def show_at(self, place: str, sentence: str) -> None:
        """Put what is wrong at ``place`` of what is stated (a pointer without its first slash)."""
        self.add_error(place if place in self.fields else None, sentence)
