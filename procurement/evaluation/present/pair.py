"""Why one bid is before another: the difference of every component, which add up to the gap."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from procurement.evaluation.present.drawing import Scale, length
from procurement.evaluation.present.reading import Component, Reading, Row
from procurement.evaluation.present.winner import flip_sentence, flips
from procurement.people.templatetags.reading import money

WIDTH = 240


@dataclass(frozen=True, slots=True)
class Difference:
    """A component in both bids; the bar goes right of the middle when the first bid has more."""

    component: Component
    first: Decimal
    second: Decimal
    points: Decimal
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two ranked bids. `gap` is the difference of their totals, the sum of `differences`."""

    first: Row
    second: Row
    first_name: str
    second_name: str
    differences: list[Difference]
    gap: Decimal
    prices: str
    middle: str
    width: int
    flips: list[str]


def pair(reading: Reading, first: str | None, second: str | None) -> Pair | None:
    """The comparison of two bids; the first two ranked where the ids name no two of them; None under two bids."""
    if len(reading.ranking) < 2:
        return None
    one, other = reading.row(first), reading.row(second)
    if one is None or other is None or one is other:
        one, other = reading.ranking[:2]
    return _compared(reading, one, other)


def _compared(reading: Reading, one: Row, other: Row) -> Pair:
    parts = list(zip(reading.components, reading.points(one), reading.points(other), strict=True))
    most = max((abs(a - b) for _component, a, b in parts), default=Decimal(0)) or Decimal(1)
    scale = Scale(-most, most, WIDTH)
    return Pair(
        first=one,
        second=other,
        first_name=reading.supplier(one["bid"]),
        second_name=reading.supplier(other["bid"]),
        differences=[Difference(c, a, b, a - b, *scale.span(Decimal(0), a - b)) for c, a, b in parts],
        gap=Decimal(one["total"]) - Decimal(other["total"]),
        prices=_prices(reading, one, other),
        middle=length(scale.at(Decimal(0))),
        width=WIDTH,
        flips=_flips(reading, one["bid"], other["bid"]),
    )


def _prices(reading: Reading, one: Row, other: Row) -> str:
    """Which of the two is cheaper, and by how much, in a sentence."""
    dear, cheap = sorted((one, other), key=lambda row: Decimal(row["price"]), reverse=True)
    gap = Decimal(dear["price"]) - Decimal(cheap["price"])
    if not gap:
        return _("Both have the same price.")
    return _("%(cheap)s is cheaper than %(dear)s by %(gap)s.") % {
        "cheap": reading.supplier(cheap["bid"]),
        "dear": reading.supplier(dear["bid"]),
        "gap": money(gap, reading.case["tender"]["currency"]),
    }


def _flips(reading: Reading, one: str, other: str) -> list[str]:
    """In words, the bonus amounts that would bring the two level; known for pairs with the winner."""
    rivals = {one, other} - {reading.sheet["winner"]}
    found = [flip for measure in reading.measures for flip in flips(reading, measure)]
    return [flip_sentence(reading, flip) for flip in found if rivals == {flip.bid}]
