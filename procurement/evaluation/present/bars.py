"""Contribution bars: one per ranked bid, same order, same scale, one segment per component."""

from dataclasses import dataclass
from decimal import Decimal

from procurement.evaluation.present.drawing import Scale, length
from procurement.evaluation.present.reading import Component, Reading, Row

WIDTH = 1000  # of a bar's picture, stretched to the width of the page


@dataclass(frozen=True, slots=True)
class Segment:
    """A component's part of a bar; `points` are those of the table, signed."""

    component: Component
    points: Decimal
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Bar:
    """The bar of one bid; `total_x` is where its total lies: its right end, unless something was taken."""

    rank: int
    supplier: str
    total: str
    total_x: str
    segments: list[Segment]


@dataclass(frozen=True, slots=True)
class Bars:
    """Pictures of one scale, `width` units wide; `zero` is where the bars start."""

    width: int
    zero: str
    bars: list[Bar]


def bars(reading: Reading) -> Bars:
    """The contribution bars of every ranked bid."""
    scale = _scale(reading)
    return Bars(
        width=WIDTH,
        zero=length(scale.at(Decimal(0))),
        bars=[_bar(reading, row, scale) for row in reading.ranking],
    )


def _scale(reading: Reading) -> Scale:
    parts = [reading.points(row) for row in reading.ranking]
    least = min((sum((p for p in row if p < 0), Decimal(0)) for row in parts), default=Decimal(0))
    most = max((sum((p for p in row if p > 0), Decimal(0)) for row in parts), default=Decimal(0))
    return Scale(least, max(most, least + 1), WIDTH)


def _bar(reading: Reading, row: Row, scale: Scale) -> Bar:
    return Bar(
        rank=row["rank"],
        supplier=reading.supplier(row["bid"]),
        total=row["total"],
        total_x=length(scale.at(Decimal(row["total"]))),
        segments=_segments(reading, row, scale),
    )


def _segments(reading: Reading, row: Row, scale: Scale) -> list[Segment]:
    """Points added stand to the right of zero, points taken to its left, each stacked on the one before."""
    ends = {True: Decimal(0), False: Decimal(0)}
    segments = []
    for component, points in zip(reading.components, reading.points(row), strict=True):
        start = ends[points >= 0]
        ends[points >= 0] = start + points
        segments.append(Segment(component, points, *scale.span(start, start + points)))
    return segments
