"""Scenarios that lie near each other, as many together as are scored side by side: most lots have one winner there.

Scenarios are points, a coordinate for each amount and one for the cap; they are halved across the widest side again and
again. Which ones come together changes no winner, only how much work it takes to know them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
LANES = 64  # scenarios that are scored side by side: of each a bit in 64


@dataclass(frozen=True, eq=False)
class Batches:
    """members (batches, LANES) are numbers of scenarios; from `sizes` of a batch on its first member stands again."""

    members: Ints
    sizes: Ints

    @classmethod
    def of(cls, points: Ints) -> Batches:
        """Of points (scenarios, coordinates), at least one."""
        found = _halved(np.arange(len(points)), points)
        members = np.array([np.resize(each, LANES) for each in found])
        for row, each in zip(members, found, strict=True):
            row[len(each) :] = each[0]
        return cls(members, np.array([len(each) for each in found], dtype=np.int64))


def _halved(scenarios: Ints, points: Ints) -> list[Ints]:
    """All batches but one are full."""
    if len(scenarios) <= LANES:
        return [scenarios]
    widest = np.ptp(points[scenarios], axis=0).argmax()
    ordered = scenarios[np.argsort(points[scenarios, widest], kind="stable")]
    half = -(-len(ordered) // LANES) // 2 * LANES
    return [*_halved(ordered[:half], points), *_halved(ordered[half:], points)]
