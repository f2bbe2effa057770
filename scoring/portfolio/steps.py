"""What a step curve is of: a measure that adds points, the steps of a bonus, and amounts in their order."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from scoring.measures import KINDS
from scoring.portfolio.columns import Columns
from scoring.portfolio.problems import BadScenario
from scoring.problems import Phrase, gettext_noop

Ints = NDArray[np.int64]
Numbers = NDArray[np.int32] | Ints


def steps_of(slope: Fraction, first: float, last: float) -> Iterator[Fraction]:
    """The amounts on a stretch, and a little around it, at which amount × slope (units) comes to a half."""
    size = abs(slope)
    if size:
        for k in range(max(floor(first * float(size) - 0.5) - 1, 0), ceil(last * float(size) - 0.5) + 2):
            yield Fraction(2 * k + 1, 2) / size


def same_steps(position: Fraction, denominators: int) -> float:
    """A float that has the same fractions of denominators below these up to it as a position, however fine that is."""
    near = position.limit_denominator(denominators - 1)
    return float(near) if near <= position else float(np.nextafter(float(near), 0.0))


def order_of(tops: Ints, bottoms: Ints, lots: Numbers) -> Ints:
    """Which switch comes first, second and so on: in the order of the amounts, then of the lots.

    Two amounts that differ do so by 1 ÷ the square of the largest denominator at least: times four times that square
    they are whole numbers apart. Where both fit 62 bits, they are sorted as one number with their lots.
    """
    if tops.dtype != object and len(tops) and tops.max() < 2**53:
        positions, apart, behind = tops / bottoms, 4.0 * float(bottoms.max()) ** 2, int(lots.max()) + 1
        highest = float(positions.max()) * apart
        if highest < 2**50:
            fits = highest * behind < 2**62
            return (
                np.argsort((positions * apart).astype(np.int64) * behind + lots)
                if fits
                else np.lexsort((lots, positions))
            )
    amounts = [Fraction(int(top), int(bottom)) for top, bottom in zip(tops, bottoms, strict=True)]
    places = {amount: place for place, amount in enumerate(sorted(set(amounts)))}
    return np.lexsort((lots, np.array([places[amount] for amount in amounts], dtype=np.int64)))


def place_of(columns: Columns, measure_id: str) -> int:
    """Where a measure stands among those of the columns. Raises BadScenario unless it adds points."""
    for place, measure in enumerate(columns.measures):
        if measure.id == measure_id:
            if KINDS[measure.kind].acts_on != "points":
                raise BadScenario(
                    gettext_noop("The measure %(measure)s does not add points: its exact curve is not known here."),
                    measure=measure_id,
                )
            return place
    known = ", ".join(m.id for m in columns.measures if KINDS[m.kind].acts_on == "points")
    raise BadScenario(
        gettext_noop("The policy has no measure %(measure)s that adds points: it has %(known)s."),
        measure=measure_id,
        known=known or Phrase(gettext_noop("none")),
    )
