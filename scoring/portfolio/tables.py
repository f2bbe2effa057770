"""Points of every distinct coefficient under every scenario: whole units, rounded exactly once and looked up by bids.

Where the coefficients of each measure have few distinct values, no float is needed: amount × coefficient is a ratio of
64-bit integers, and its rounding is theirs. Whatever does not fit has no tables, and is left to `kernels`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from scoring.measures import KINDS
from scoring.numbers import rounded_units
from scoring.policy import Measure, Policy
from scoring.portfolio.batches import Batches
from scoring.portfolio.coded import Coded, constant

Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]
Words = NDArray[np.int16 | np.int32]
MOST_VALUES = 4096  # of a measure: the rows of 64 scenarios then stay in the processor's second memory
FITS = 2**62
MOST_UNITS = 2**28  # of a bonus: with the places of some bids it fits 32 bits
DIVIDED = 1 << 16  # products that are divided at a time


@dataclass(frozen=True, eq=False)
class Values:
    """The distinct coefficients of a measure as ratios of integers."""

    numerators: Ints
    denominators: Ints

    @classmethod
    def of(cls, coefficients: Coded) -> Values | None:
        """None where there are too many, or where one does not fit."""
        values = coefficients.values
        if len(values) > MOST_VALUES or any(max(abs(v.numerator), v.denominator) >= 2**53 for v in values):
            return None
        return cls(
            np.array([value.numerator for value in values], dtype=np.int64),
            np.array([value.denominator for value in values], dtype=np.int64),
        )

    def units(self, amounts: Sequence[Fraction]) -> Numbers | None:
        """(amounts, values): amount × value, rounded half away from zero; None where that is `MOST_UNITS` or more."""
        top, bottom = (max(map(abs, parts), default=0) for parts in _ratios(amounts))
        largest, widest = int(abs(self.numerators).max(initial=0)), int(self.denominators.max(initial=1))
        if 2 * top * largest + 2 * bottom * widest >= FITS:
            return None
        tops, bottoms = (np.array(parts, dtype=np.int64)[:, None] for parts in _ratios(amounts))
        found = np.empty((len(amounts), len(self.numerators)), dtype=np.int32)
        step = max(DIVIDED // max(len(self.numerators), 1), 1)
        for first in range(0, len(amounts), step):
            part = slice(first, first + step)
            below = self.denominators * bottoms[part]
            whole = (2 * abs(tops[part] * self.numerators) + below) // (2 * below)
            if whole.max(initial=0) >= MOST_UNITS:
                return None
            found[part] = np.where((self.numerators < 0) == (tops[part] < 0), whole, -whole)
        return found


def _ratios(amounts: Sequence[Fraction]) -> tuple[list[int], list[int]]:
    return [amount.numerator for amount in amounts], [amount.denominator for amount in amounts]


@dataclass(frozen=True, eq=False)
class Tables:
    """points (measures, scenarios, values) and caps (scenarios) in units, of lots of one number of decimals.

    Of a lot's bids only those within `span` of its most units can lead: no bonus is more than that above another one.
    `lowest` and `highest` are those of a bonus; `reach` bounds it before the cap. `ranks` (measures, scenarios) are in
    the order of the amounts.
    """

    points: NDArray[np.int32]
    caps: NDArray[np.int32]
    ranks: Ints
    batches: Batches
    span: int
    lowest: int
    highest: int
    reach: int
    _alone: dict[int, tuple[NDArray[np.int32], NDArray[np.int32]]] = field(default_factory=dict)

    def word(self, shift: int) -> type[np.int16] | type[np.int32] | None:
        """The shortest integers that hold every total × shift + place; None where none of these does."""
        farthest = max(self.reach, abs(self.highest), self.span + 1 + abs(self.lowest)) + 1
        if farthest * shift < 2**15:
            return np.int16
        return np.int32 if farthest * shift < 2**31 else None

    def lanes(self, members: Ints, shift: int) -> tuple[Words, Words]:
        """points × shift of the members of a batch as (measures, values, LANES), and their caps × shift."""
        word = self.word(shift)
        points = (self.points[:, members] * np.int32(shift)).astype(word)
        return np.ascontiguousarray(points.transpose(0, 2, 1)), (self.caps[members] * np.int32(shift)).astype(word)

    def ends(self, members: Ints) -> tuple[NDArray[np.int32], NDArray[np.int32], int, int]:
        """points (measures, values) under the least and under the largest amount of some scenarios, and of their caps
        the least and the largest.
        """
        measures, ranks = np.arange(len(self.points)), self.ranks[:, members]
        least, most = members[ranks.argmin(axis=1)], members[ranks.argmax(axis=1)]
        caps = self.caps[members]
        return self.points[measures, least], self.points[measures, most], int(caps.min()), int(caps.max())

    def alone(self, shift: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """points × shift as they are, and caps × shift."""
        if shift not in self._alone:
            self._alone[shift] = self.points * np.int32(shift), self.caps * np.int32(shift)
        return self._alone[shift]


def points_columns(measures: Sequence[Measure], coefficients: Sequence[Coded], bids: int) -> list[Coded]:
    """The coefficients of the measures that add points; a column of zeros where none does."""
    adding = [coded for measure, coded in zip(measures, coefficients, strict=True) if adds_points(measure)]
    return adding or [constant(Fraction(0), bids)]


def adds_points(measure: Measure) -> bool:
    """Whether tables say what a measure does."""
    return KINDS[measure.kind].acts_on == "points"


def tables_of(
    policies: Sequence[Policy], measures: Sequence[Measure], values: Sequence[Values], decimals: int
) -> Tables | None:
    """The tables of policies that differ in amounts and cap alone; `values` as of `points_columns`."""
    adding = {measure.id for measure in measures if adds_points(measure)}
    columns = [place for place, measure in enumerate(policies[0].measures) if measure.id in adding]
    longest = max(len(each.numerators) for each in values)
    points = np.zeros((len(values), len(policies), longest), dtype=np.int32)
    ranks = np.zeros((len(values), len(policies)), dtype=np.int64)
    least, most = np.zeros((2, len(values), len(policies)), dtype=np.int64)
    for row, (place, own) in enumerate(zip(columns, values, strict=False)):
        amounts, ranks[row] = ranked([policy.measures[place].amount for policy in policies])
        units = own.units([amount * 10**decimals for amount in amounts])
        if units is None:
            return None
        points[row, :, : units.shape[1]] = units[ranks[row]]
        least[row], most[row] = units.min(axis=1, initial=0)[ranks[row]], units.max(axis=1, initial=0)[ranks[row]]
    reach = int(np.maximum(-least, most).sum(axis=0).max(initial=0))
    if reach >= MOST_UNITS:
        return None
    caps = np.array([_cap(policy, decimals, reach) for policy in policies], dtype=np.int64)
    if caps.min(initial=0) <= -MOST_UNITS:
        return None
    lowest, highest = (np.minimum(units.sum(axis=0), caps) for units in (least, most))
    return Tables(
        points=points,
        caps=caps.astype(np.int32),
        ranks=ranks,
        batches=Batches.of(np.array([*least, *most, caps]).T),
        span=int((highest - lowest).max(initial=0)),
        lowest=int(lowest.min(initial=0)),
        highest=int(highest.max(initial=0)),
        reach=reach,
    )


def ranked(amounts: Sequence[Fraction | None]) -> tuple[list[Fraction], Ints]:
    """The different amounts in their order, and which one each is."""
    known = {amount.as_integer_ratio(): amount for amount in amounts if amount is not None}
    assert len(known) or not amounts  # kinds that move something need an amount
    common = lcm(*(bottom for _top, bottom in known))
    order = sorted(known, key=lambda ratio: ratio[0] * (common // ratio[1]))
    ranks = {ratio: rank for rank, ratio in enumerate(order)}
    own = [ranks[amount.as_integer_ratio()] for amount in amounts if amount is not None]
    return [known[ratio] for ratio in order], np.array(own, dtype=np.int64)


def _cap(policy: Policy, decimals: int, reach: int) -> int:
    """In units; one beyond every bonus is not more than the largest bonus."""
    return reach if policy.bonus_cap is None else min(rounded_units(policy.bonus_cap, decimals), reach)
