"""A curve as a small drawing and as the table behind it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from scoring.curves import Curve

WIDTH, HEIGHT = 240, 96
LEFT, TOP = 44, 12  # room for the labels of the vertical axis, and for the line's width

Point = tuple[Fraction, Fraction]
Say = Callable[[Fraction], str]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Whole SVG units in a box of LEFT + WIDTH + TOP by 2 × TOP + HEIGHT + labels; `jumps` are open circles."""

    lines: list[str]
    jumps: list[tuple[int, int]]
    from_x: str
    to_x: str
    from_y: str
    to_y: str
    rows: list[tuple[str, str]]


def draw(curve: Curve, *, scale: Fraction = Fraction(1), say_x: Say, say_y: Say, unit_span: bool = True) -> Drawing:
    """The curve times ``scale``, over 0…1 (drivers lie there) or, without ``unit_span``, over its own points."""
    points = [(x, y * scale) for x, y in curve.points]
    (left, right), (low, high) = _span(points, unit_span), _ordinates(points)
    runs = _runs([(min(left, points[0][0]), points[0][1]), *points, (max(right, points[-1][0]), points[-1][1])])

    def place(point: Point) -> tuple[int, int]:
        across = (point[0] - left) / (right - left)
        up = (point[1] - low) / (high - low)
        return LEFT + round(WIDTH * across), TOP + round(HEIGHT * (1 - up))

    return Drawing(
        lines=[" ".join(f"{x},{y}" for x, y in map(place, run)) for run in runs],
        jumps=[place(run[-1]) for run in runs[:-1]],
        from_x=say_x(left),
        to_x=say_x(right),
        from_y=say_y(low),
        to_y=say_y(high),
        rows=[(say_x(x), say_y(y)) for x, y in points],
    )


def _span(points: Sequence[Point], unit_span: bool) -> tuple[Fraction, Fraction]:
    places = [x for x, _ in points] + ([Fraction(0), Fraction(1)] if unit_span else [])
    left, right = min(places), max(places)
    return (left, right) if left < right else (left - 1, right + 1)


def _ordinates(points: Sequence[Point]) -> tuple[Fraction, Fraction]:
    heights = [y for _, y in points]
    low, high = min(Fraction(0), *heights), max(Fraction(0), *heights)
    return (low, high) if low < high else (low, high + 1)


def _runs(points: Sequence[Point]) -> list[list[Point]]:
    """The unbroken lines: a new one starts at every jump, where two points share their x."""
    runs: list[list[Point]] = [[points[0]]]
    for before, after in pairwise(points):
        if before[0] == after[0] and before[1] != after[1]:
            runs.append([after])
        else:
            runs[-1].append(after)
    return runs
