"""What a bid asks for one item of the lot, and where the goods come from."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from procurement.fields import plain
from procurement.people.figures import MONEY, PERCENT, FigureField, in_currency
from procurement.registry.countries import CountryField
from procurement.tenders.models import Item
from procurement.tenders.models.bid import Assurance

Document = dict[str, Any]
ROWS = range(1, 6)  # origins of one item that a page takes


class LineForm(forms.Form):
    """The unit price of ``item`` with up to five origins; left empty, it is no line. ``quantity``: the sum of needs."""

    use_required_attribute = False
    unit_price = FigureField(label=_("Unit price"), required=False, unit=MONEY)

    def __init__(self, data: Any, *, item: Item, quantity: Decimal, currency: str, prefix: str) -> None:
        super().__init__(data, prefix=prefix)
        in_currency(self.fields, currency)
        self.item, self.quantity = item, quantity
        self.typed: list[int] = []  # the rows that were filled in, as their origins follow in the document
        for row in ROWS:
            names = {"row": row}
            self.fields[f"country_{row}"] = CountryField(label=gettext("Country of origin %(row)d") % names)
            share = gettext("Share %(row)d, in %%") % names
            self.fields[f"share_{row}"] = FigureField(label=share, required=False, unit=PERCENT)
            self.fields[f"assurance_{row}"] = forms.ChoiceField(
                label=gettext("Assurance %(row)d") % names, choices=Assurance.choices, required=False
            )

    @property
    def origins(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """The fields of the origins, row by row."""
        return [(self[f"country_{row}"], self[f"share_{row}"], self[f"assurance_{row}"]) for row in ROWS]

    @property
    def open(self) -> bool:
        """Whether something was typed about the origins, so that they are shown."""
        return any(country.value() or share.value() or country.errors for country, share, _assurance in self.origins)

    def clean(self) -> Document:
        """A country has its share and the other way round; origins stand under a price."""
        for row in ROWS:
            country, share = f"country_{row}", f"share_{row}"
            if self.cleaned_data.get(country) and not self.cleaned_data.get(share) and share not in self.errors:
                self.add_error(share, _("Give the share of this country, in percent of the value."))
            if self.cleaned_data.get(share) and not self.cleaned_data.get(country) and country not in self.errors:
                self.add_error(country, _("Give the country; what is missing to 100% is unknown."))
        self.typed = [row for row in ROWS if self.cleaned_data.get(f"country_{row}")]
        if self.typed and not self.cleaned_data.get("unit_price") and "unit_price" not in self.errors:
            self.add_error("unit_price", _("Give the unit price of these goods."))
        return self.cleaned_data

    def document(self) -> Document | None:
        """What was typed, as a line of `documents.BID`; from a form that is valid."""
        given = self.cleaned_data
        if not given["unit_price"]:
            return None
        origins = [
            {
                "country": given[f"country_{row}"],
                "share": plain(Decimal(given[f"share_{row}"]).scaleb(-2)),
                "assurance": given[f"assurance_{row}"] or Assurance.DECLARED.value,
            }
            for row in self.typed
        ]
        return {"id": self.item.key, "unit_price": given["unit_price"], "origins": origins}

    def show_at(self, place: str, sentence: str) -> None:
        """Put what is wrong at ``place`` of the line (a pointer without its first slash)."""
        parts = place.split("/")
        field: str | None = parts[0]
        if parts[0] == "origins":
            row = self.typed[int(parts[1])] if len(parts) > 1 and parts[1].isdecimal() else ROWS[0]
            field = f"{parts[2] if len(parts) > 2 else 'share'}_{row}"
        self.add_error(field if field in self.fields else None, sentence)
