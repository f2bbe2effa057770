"""Amounts that a tenderer states: read, kept as they are, and compared with unit prices × quantities.

A difference is shown and never corrected. Which of two figures counts is for the tenderer to say, when the buyer asks
it to regularise its bid (CCP R2152-2); the evaluation rests on the unit prices (specification 2).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

from procurement.fields import plain
from procurement.tenders.models import Bid, Item, Lot, StatedAmount
from procurement.tenders.rules import EXACT_DIGITS, quantities_of
from scoring.numbers import fixed
from scoring.problems import Problem, child
from scoring.problems import gettext_noop as _

Document = dict[str, Any]
What = StatedAmount.What
Told = tuple[str, Item | None, Decimal]  # what is stated, of which item (None: of the whole), how much
HALF_A_CENT = Decimal("0.005")  # amounts are stated to the cent
TOTALS = (What.TOTAL_EXCL_VAT, What.VAT, What.TOTAL_INCL_VAT)


@dataclass(frozen=True, slots=True)
class Compared:
    """What is stated beside what the unit prices make; `computed` None where an item has no VAT rate.

    Money in the currency of the tender. `differs` allows for the half cent that each line may have been rounded by.
    """

    what: str
    item: Item | None
    stated: Decimal
    computed: Fraction | None
    lines: int

    @property
    def label(self) -> str:
        """What is stated, in the reader's language."""
        return str(What(self.what).label)

    @property
    def differs(self) -> bool:
        if self.computed is None:
            return False
        return abs(Fraction(self.stated) - self.computed) > Fraction(HALF_A_CENT) * self.lines

    @property
    def stated_shown(self) -> Decimal:
        """Exactly as stated, with cents."""
        return with_cents(self.stated)

    @property
    def computed_shown(self) -> str | None:
        """To the cent, for reading; `differs` looks at the exact value."""
        return None if self.computed is None else fixed(self.computed, 2)

    @property
    def difference(self) -> str | None:
        """Stated minus computed, to the cent."""
        return None if self.computed is None else fixed(Fraction(self.stated) - self.computed, 2)


def problems_of(document: Mapping[str, Any], items: Iterable[str]) -> list[Problem]:
    """What is wrong with the amounts a bid (`documents.BID`) states for a lot with these ``items``."""
    known = set(items)
    return [
        Problem(child("/stated/lines", key), _("The lot has no item “%(id)s”."), {"id": key})
        for key in document.get("stated", {}).get("lines", {})
        if key not in known
    ]


def write(bid: Bid, document: Mapping[str, Any], items: Mapping[str, Item]) -> None:
    """Keep what ``document`` states in place of what the bid stated before."""
    bid.stated.all().delete()
    told = document.get("stated", {})
    rows = [
        StatedAmount(bid=bid, what=What.LINE, item=items[key], value=Decimal(value))
        for key, value in told.get("lines", {}).items()
    ]
    rows += [StatedAmount(bid=bid, what=what, value=Decimal(told[what.value])) for what in TOTALS if what.value in told]
    StatedAmount.objects.bulk_create(rows)


def document_of(bid: Bid) -> Document:
    """What a bid states, as `documents.BID` has it under "stated"; empty where it states nothing."""
    rows = list(bid.stated.select_related("item"))
    lines = {row.item.key: plain(row.value) for row in rows if row.item}
    return ({"lines": lines} if lines else {}) | {row.what: plain(row.value) for row in rows if not row.item}


def compared(bid: Bid) -> list[Compared]:
    """Every amount a bid (from `with_lines`) states, items first; a fixed number of queries."""
    rows = list(bid.stated.select_related("item").order_by("item__key", "what"))
    told = [(row.what, row.item, row.value) for row in rows]
    return _compared(told, {line.item: line.unit_price for line in bid.lines.all()}, bid.lot) if rows else []


def compared_before(document: Mapping[str, Any], lot: Lot) -> list[Compared]:
    """As `compared`, of a document (`documents.BID`) in which nothing is wrong, before its bid is entered."""
    given = document.get("stated", {})
    items = {item.key: item for item in lot.items.all()}
    told: list[Told] = [
        (What.LINE, items[key], Decimal(value)) for key, value in sorted(given.get("lines", {}).items())
    ]
    told += [(what, None, Decimal(given[what.value])) for what in TOTALS if what.value in given]
    prices = {items[line["id"]]: Decimal(line["unit_price"]) for line in document.get("lines", [])}
    return _compared(told, prices, lot) if told else []


def _compared(told: list[Told], prices: Mapping[Item, Decimal], lot: Lot) -> list[Compared]:
    quantities = quantities_of(lot)
    amounts = {item: Fraction(quantities[item.pk]) * Fraction(price) for item, price in prices.items()}
    totals = _totals(amounts, included=lot.tender.prices_include_vat)
    lines = [Compared(what, item, value, amounts.get(item), 1) for what, item, value in told if item is not None]
    return lines + [
        Compared(what, None, value, totals[what], max(1, len(amounts)))
        for total in TOTALS
        for what, _item, value in told
        if what == total
    ]


def _totals(amounts: Mapping[Item, Fraction], *, included: bool) -> dict[str, Fraction | None]:
    """The sum without VAT, the VAT and the sum with it; what needs a VAT rate that an item has not is None."""
    whole = sum(amounts.values(), Fraction(0))
    vat: Fraction | None = Fraction(0)
    for item, amount in amounts.items():
        rate = None if item.vat_rate is None else Fraction(item.vat_rate) / 100
        if rate is None or vat is None:
            vat = None
            break
        vat += amount * (rate / (1 + rate) if included else rate)
    other = None if vat is None else whole - vat if included else whole + vat
    if not amounts:
        return dict.fromkeys(TOTALS)
    without, with_vat = (other, whole) if included else (whole, other)
    return {What.TOTAL_EXCL_VAT: without, What.VAT: vat, What.TOTAL_INCL_VAT: with_vat}


def with_cents(amount: Decimal) -> Decimal:
    """The same amount, exactly, with two decimals where it has fewer."""
    with localcontext(prec=EXACT_DIGITS):
        shortest = amount.normalize()
        return shortest if int(shortest.as_tuple().exponent) < -2 else shortest.quantize(Decimal("0.01"))
