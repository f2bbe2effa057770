"""Curves: piecewise linear functions with jumps, from a driver to a coefficient (specification 2)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Curve:
    """Points (x, y), at least one, x non-decreasing.

    Linear between two points; the first y before the first, the last y after the last. Points of one x are a jump:
    below x the line ends at the first of them, at x and above it starts from the last of them.
    """

    points: tuple[tuple[Fraction, Fraction], ...]

    def value(self, x: Fraction) -> Fraction:
        """The curve's y at x, exact."""
        before: tuple[Fraction, Fraction] | None = None
        for point in self.points:
            if point[0] > x:
                return point[1] if before is None else _between(before, point, x)
            before = point
        return self.points[-1][1]

    @property
    def ordinates(self) -> tuple[Fraction, ...]:
        """Every y of the curve."""
        return tuple(y for _, y in self.points)


def _between(left: tuple[Fraction, Fraction], right: tuple[Fraction, Fraction], x: Fraction) -> Fraction:
    (x0, y0), (x1, y1) = left, right
    return y0 if x == x0 else y0 + (y1 - y0) * (x - x0) / (x1 - x0)


IDENTITY = Curve(((Fraction(0), Fraction(0)), (Fraction(1), Fraction(1))))
