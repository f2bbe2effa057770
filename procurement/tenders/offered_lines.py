"""What a bid asks for each item of its lot and where the goods come from, as every page that shows a bid writes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

from procurement.tenders.models import BidLine, Item
from procurement.tenders.models.bid import Assurance
from procurement.tenders.rules import EXACT_DIGITS, total
from procurement.tenders.stated import with_cents

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OfferedOrigin:
    """A country with its part of the value, 0 to 1, and how sure it is, in words.

    ``row`` is the id its proofs are found by, None of a bid that is not entered.
    """

    country: str
    share: Decimal
    assurance: str
    row: int | None = None


@dataclass(frozen=True, slots=True)
class OfferedLine:
    """An item with its price, in the currency of the tender; ``unknown``: the part, 0 to 1, without an origin."""

    item: Item
    quantity: Decimal
    unit_price: Decimal
    origins: list[OfferedOrigin]

    @property
    def price(self) -> Decimal:
        """The unit price with cents."""
        return with_cents(self.unit_price)

    @property
    def amount(self) -> Decimal:
        """Quantity × unit price, exactly."""
        with localcontext(prec=EXACT_DIGITS):
            return with_cents(self.quantity * self.unit_price)

    @property
    def unknown(self) -> Decimal:
        with localcontext(prec=EXACT_DIGITS):
            return 1 - total(origin.share for origin in self.origins)


def of_row(line: BidLine, quantity: Decimal) -> OfferedLine:
    """A line of a bid that is entered (from `with_lines`)."""
    origins = [
        OfferedOrigin(origin.country, origin.share, origin.get_assurance_display(), origin.pk)
        for origin in line.origins.all()
    ]
    return OfferedLine(line.item, quantity, line.unit_price, origins)


def of_documents(lines: Iterable[Document], quantities: Mapping[Item, Decimal]) -> list[OfferedLine]:
    """The lines of a document (`documents.BID`, or of a case) in which nothing is wrong."""
    items = {item.key: item for item in quantities}
    words = dict(Assurance.choices)
    return [
        OfferedLine(
            item=items[line["id"]],
            quantity=quantities[items[line["id"]]],
            unit_price=Decimal(line["unit_price"]),
            origins=[
                OfferedOrigin(
                    origin["country"],
                    Decimal(origin["share"]),
                    str(words[origin.get("assurance", Assurance.DECLARED.value)]),
                )
                for origin in line.get("origins", [])
            ],
        )
        for line in lines
    ]


def asked(items: Iterable[Item], quantities: Mapping[int, Decimal]) -> dict[Item, Decimal]:
    """How much of each of ``items`` the lot needs; ``quantities`` by id of the item (`rules.quantities_of`)."""
    return {item: quantities[item.pk] for item in items}
