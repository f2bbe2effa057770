"""Points of every distinct coefficient under every scenario: whole units, rounded exactly once and looked up by bids.

Where the coefficients of each measure have few distinct values, no float is needed: amount × coefficient is a ratio of
64-bit integers, and its rounding is theirs. Whatever does not fit has no tables, and is left to `kernels`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from scoring.measures import KINDS
from scoring.numbers import rounded_units
from scoring.policy import Measure, Policy
from scoring.portfolio.coded import Coded, constant

Ints = NDArray[np.int64]
Words = NDArray[np.int16 | np.int32]
LANES = 64  # scenarios that are scored side by side
MOST_VALUES = 4096  # of a measure: the rows of 64 scenarios then stay in the processor's second memory
FITS = 2**62
MOST_UNITS = 2**28  # of a bonus: with the places of some bids it fits 32 bits


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

    def units(self, amount: Fraction) -> Ints | None:
        """amount × each, rounded half away from zero; None where that does not fit."""
        top, bottom = abs(amount.numerator), amount.denominator
        largest = 2 * top * int(abs(self.numerators).max(initial=0)) + 2 * bottom * int(
            self.denominators.max(initial=1)
        )
        if largest >= FITS:
            return None
        bottoms = self.denominators * bottom
        whole = (2 * top * abs(self.numerators) + bottoms) // (2 * bottoms)
        return np.where((self.numerators < 0) == (amount < 0), whole, -whole)


@dataclass(frozen=True, eq=False)
class Tables:
    """points (measures, scenarios, values) and caps (scenarios) in units, of lots of one number of decimals.

    Of a lot's bids only those within `span` of its most units can lead: no bonus is more than that above another one.
    `lowest` and `highest` are those of a bonus; `reach` bounds it before the cap.
    """

    points: NDArray[np.int32]
    caps: NDArray[np.int32]
    span: int
    lowest: int
    highest: int
    reach: int
    _lanes: dict[int, tuple[Words, Words]] = field(default_factory=dict)
    _alone: dict[int, tuple[NDArray[np.int32], NDArray[np.int32]]] = field(default_factory=dict)

    def word(self, shift: int) -> type[np.int16] | type[np.int32] | None:
        """The shortest integers that hold every total × shift + place; None where none of these does."""
        farthest = max(self.reach, abs(self.highest), self.span + 1 + abs(self.lowest)) + 1
        if farthest * shift < 2**15:
            return np.int16
        return np.int32 if farthest * shift < 2**31 else None

    def lanes(self, shift: int) -> tuple[Words, Words]:
        """points × shift as (measures, groups, values, LANES) and caps × shift as (groups, LANES)."""
        if shift not in self._lanes:
            measures, scenarios, values = self.points.shape
            groups = -(-scenarios // LANES)
            word = self.word(shift)
            points = np.zeros((measures, groups * LANES, values), dtype=word)
            points[:, :scenarios] = self.points * shift
            caps = np.zeros(groups * LANES, dtype=word)
            caps[:scenarios] = self.caps * shift
            by_group = points.reshape(measures, groups, LANES, values).transpose(0, 1, 3, 2)
            self._lanes[shift] = np.ascontiguousarray(by_group), caps.reshape(groups, LANES)
        return self._lanes[shift]

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
    adding = [measure.id for measure in measures if adds_points(measure)]
    longest = max(len(each.numerators) for each in values)
    points = np.zeros((len(values), len(policies), longest), dtype=np.int32)
    least, most = np.zeros((2, len(values), len(policies)), dtype=np.int64)
    for place, (measure, own) in enumerate(zip(adding, values, strict=False)):
        known: dict[Fraction, Ints | None] = {}
        for row, policy in enumerate(policies):
            amount = next(each.amount for each in policy.measures if each.id == measure)
            assert amount is not None  # kinds that move something need one
            if amount not in known:
                known[amount] = own.units(amount * 10**decimals)
            units = known[amount]
            if units is None or abs(units).max(initial=0) >= MOST_UNITS:
                return None
            points[place, row, : len(units)] = units
            least[place, row], most[place, row] = units.min(initial=0), units.max(initial=0)
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
        span=int((highest - lowest).max(initial=0)),
        lowest=int(lowest.min(initial=0)),
        highest=int(highest.max(initial=0)),
        reach=reach,
    )


def _cap(policy: Policy, decimals: int, reach: int) -> int:
    """In units; one beyond every bonus is not more than the largest bonus."""
    return reach if policy.bonus_cap is None else min(rounded_units(policy.bonus_cap, decimals), reach)
