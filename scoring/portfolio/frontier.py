"""Which scenarios are efficient: no other one brings as much European value for less, or more for as much.

Whole cents of one currency, compared exactly. Standard library alone: a page may ask.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

Point = tuple[int, int]
"""Extra cost against the baseline, and European value."""


def efficient(points: Sequence[Point]) -> list[bool]:
    """Of each point whether none dominates it: none costs as little and brings as much, and is better in one of them.

    Equal points stand or fall together.
    """
    best: int | None = None
    kept: set[Point] = set()
    for cost, value in sorted(set(points), key=lambda point: (point[0], -point[1])):
        if best is None or value > best:
            best = value
            kept.add((cost, value))
    return [point in kept for point in points]


def european_share(european_value: int, spend: int) -> Fraction | None:
    """European value ÷ spend, exact; None where nothing is spent."""
    return Fraction(european_value, spend) if spend else None
