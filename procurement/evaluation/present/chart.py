"""Points against price: one dot per ranked bid, numbered by its rank."""

from dataclasses import dataclass
from decimal import Decimal

from procurement.evaluation.present.drawing import Scale, length, round_numbers
from procurement.evaluation.present.reading import Reading, Row

WIDTH, HEIGHT = 720, 320
LEFT, BOTTOM, MARGIN = 60, 36, 40  # room for the labels of the axes; above and right of the dots


@dataclass(frozen=True, slots=True)
class Dot:
    """A bid in the picture; `label` is its rank."""

    supplier: str
    label: str
    x: str
    y: str
    price: str
    total: str
    won: bool
    flipped: bool  # in the right half: the name stands to its left


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where, and the number it stands for."""

    at: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Chart:
    """The picture: axes cross at (`left`, `bottom`)."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    prices: list[Tick]
    points: list[Tick]
    dots: list[Dot]


def chart(reading: Reading) -> Chart | None:
    """The chart of a sheet's ranking; None under two bids, where there is nothing to see."""
    rows = reading.ranking
    if len(rows) < 2:
        return None
    prices = round_numbers([Decimal(row["price"]) for row in rows])
    totals = round_numbers([Decimal(row["total"]) for row in rows])
    across = Scale(prices[0], prices[-1], WIDTH - LEFT - MARGIN)
    up = Scale(totals[0], totals[-1], HEIGHT - BOTTOM - MARGIN)
    bottom = HEIGHT - BOTTOM
    return Chart(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - MARGIN,
        top=MARGIN,
        bottom=bottom,
        prices=[Tick(length(LEFT + across.at(value)), value) for value in prices],
        points=[Tick(length(bottom - up.at(value)), value) for value in totals],
        dots=[_dot(reading, row, across.at(Decimal(row["price"])), up.at(Decimal(row["total"]))) for row in rows],
    )


def _dot(reading: Reading, row: Row, right: Decimal, up: Decimal) -> Dot:
    return Dot(
        supplier=reading.supplier(row["bid"]),
        label=str(row["rank"]),
        x=length(LEFT + right),
        y=length(HEIGHT - BOTTOM - up),
        price=row["price"],
        total=row["total"],
        won=row["bid"] == reading.sheet["winner"],
        flipped=right > Decimal(WIDTH - LEFT - MARGIN) / 2,
    )
