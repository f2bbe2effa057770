"""Lots that one kernel can score together, and their winners under many amounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.portfolio import kernels, leaders
from scoring.portfolio.amounts import Amounts, Scale
from scoring.portfolio.coded import Coded
from scoring.portfolio.columns import Columns
from scoring.portfolio.tables import adds_points

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]
Codes = NDArray[np.uint8 | np.uint16]
Rows = NDArray[np.int16]
FOREIGN = -3  # the baseline's winner is not ranked here: whoever wins is another
BLOCK = 512  # lots at a time: their columns stay in the processor's nearest memory while all scenarios pass
ROOM = 1 << 16  # answers: where scenarios are few, a block has more lots


@dataclass(frozen=True, eq=False)
class Answers:
    """Winners other than the baseline's: of each the scenario, the lot, the bid (or `NOBODY`, `IN_DOUBT`).

    The columns may be written over by the next ones: copy what is kept.
    """

    scenarios: Numbers
    lots: Numbers
    bids: Numbers
    doubts: int = 0

    def apart(self) -> Answers:
        """As they are, one by one."""
        return self


@dataclass(eq=False)
class Even:
    """Lots of n bids each, n > 1, whose measures add points and nothing else; bids in the order of their places.

    `bases` are units of criteria, counted from the most of the lot. `places` are rows: of those that stay tied, that of
    the first; `mirrored` counts the rows of each place backwards. `codes` say which distinct coefficient a bid has, of
    each measure that adds points.
    """

    columns: Columns
    scales: tuple[Scale, ...]
    decimals: int
    lots: Numbers
    bids: Numbers  # (n, lots)
    bases: Numbers
    places: Rows
    mirrored: Rows
    codes: Codes | None  # (measures, n, lots); None where coefficients have too many values for tables
    shift: int
    twins: bool  # whether bids of a lot can stay tied
    _standing: tuple[Ints, Rows] | None = None

    def answers(self, amounts: Amounts, baseline: Ints) -> Iterator[Answers]:
        """`baseline`: the bid that won each lot of the snapshot, or nobody; it is not changed for these lots later."""
        standing = self.standing(baseline)
        tables = amounts.tables
        known = None if tables is None or tables.word(self.shift) is None else self.codes
        for start, size, room in _blocks(len(self.lots), amounts.scenarios):
            doubts = 0
            if tables is None or known is None:
                written, doubts = kernels.points_alone(
                    self.keys, self.coefficients, self.bids, self.lots, amounts.amounts, amounts.halves,
                    amounts.tolerances, amounts.caps, self.unit, float(self.shift), self.twins, standing, start, size,
                    room,
                )  # fmt: skip
            else:
                written = leaders.one_by_one(
                    self.bases, known, self.mirrored, *tables.alone(self.shift), -tables.span - 1, self.shift,
                    self.twins, standing, self.bids, self.lots, start, size, room,
                )  # fmt: skip
            yield Answers(room[0, :written], room[1, :written], room[2, :written], doubts)

    def standing(self, baseline: Ints) -> Rows:
        """The row of each lot's winner before, or nobody, or `FOREIGN`; kept while the same baseline is asked for."""
        if self._standing is None or self._standing[0] is not baseline:
            winner = baseline[self.lots]
            found = self.bids == winner
            row = np.where(found.any(axis=0), found.argmax(axis=0), FOREIGN)
            self._standing = baseline, np.where(winner == kernels.NOBODY, kernels.NOBODY, row).astype(np.int16)
        return self._standing[1]

    def own(self, measure: int) -> Coded:
        """The coefficients of a measure for its bids, (n, lots)."""
        measures, coded = self.columns.measures, self.columns.coefficients[measure]
        if self.codes is None or not adds_points(measures[measure]):
            return Coded(coded.codes[self.bids], coded.values)
        row = sum(map(adds_points, measures[:measure]))
        return Coded(self.codes[row].astype(np.int64), coded.values)

    @property
    def unit(self) -> float:
        """What a unit counts in `keys`."""
        return float(self.shift * self.shift if self.twins else self.shift)

    @cached_property
    def keys(self) -> Floats:
        """(n, lots) as `kernels.points_alone` takes them."""
        rows = np.arange(len(self.bids))[:, None]
        behind = self.places.astype(np.int64) * self.shift + rows if self.twins else rows
        return self.columns.units[self.bids] * self.unit - behind

    @cached_property
    def coefficients(self) -> Floats:
        """(measures, n, lots) as `kernels.points_alone` takes them."""
        return floats_of(self.columns, self.scales, self.bids)


@dataclass(frozen=True, eq=False)
class Uneven:
    """Lots of several bids whose measures move prices or totals."""

    decimals: int
    lots: Ints
    bids: Ints
    starts: Ints
    units: Ints
    places: Ints
    prices: Floats
    coefficients: Floats  # (measures, bids)
    kinds: Ints
    formula: Ints
    weight: Floats
    first: Floats
    second: Floats

    def answers(self, amounts: Amounts, baseline: Ints) -> Iterator[Answers]:
        """`baseline`: the bid that won each lot of the snapshot, or nobody."""
        winner = baseline[self.lots]
        standing = np.where(winner == kernels.NOBODY, kernels.NOBODY, FOREIGN)
        lot_of = np.repeat(np.arange(len(self.lots)), np.diff(self.starts))
        own = np.flatnonzero(self.bids == winner[lot_of])
        standing[lot_of[own]] = own - self.starts[lot_of[own]]
        for start, size, room in _blocks(len(self.lots), amounts.scenarios):
            written, doubts = kernels.whole_rule(
                self.starts, self.units, self.places, self.prices, self.coefficients, self.kinds, self.formula,
                self.weight, self.first, self.second, amounts.amounts, amounts.halves, amounts.tolerances,
                amounts.caps, self.bids, self.lots, standing, start, size, room,
            )  # fmt: skip
            yield Answers(room[0, :written], room[1, :written], room[2, :written], doubts)


def _blocks(lots: int, scenarios: int) -> Iterator[tuple[int, int, Numbers]]:
    """Where each block of lots starts and how many it has, with room for every answer about it."""
    block = min(max(ROOM // max(scenarios, 1), BLOCK), lots)
    room = np.empty((3, block * scenarios), dtype=np.int32)
    for start in range(0, lots, max(block, 1)):
        yield start, min(block, lots - start), room


def floats_of(columns: Columns, scales: Sequence[Scale], bids: NDArray[np.integer[Any]]) -> Floats:
    """The columns of some bids, a row for each measure."""
    taken = [Coded(coded.codes[bids], coded.values) for coded in columns.coefficients]
    found = [scale.column(coded) for scale, coded in zip(scales, taken, strict=True)]
    return np.array(found, dtype=np.float64).reshape(len(found), *bids.shape)
