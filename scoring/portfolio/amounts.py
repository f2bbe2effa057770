"""The amounts of a scenario's measures as floats for the kernels, with what can be wrong about their products.

A product is amount × coefficient, in units. *In steps*: all exact products are multiples of 1 ÷ `denominator`; while
the float's error is under a quarter of that, moving the boundary of the rounding up by a quarter step puts no
product within reach of it, and every rounding is right. *Otherwise* a product within `tolerance` of one is in doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scoring.measures import KINDS
from scoring.numbers import rounded_units
from scoring.policy import Measure, Policy
from scoring.portfolio.coded import Coded
from scoring.portfolio.tables import Tables, Values, tables_of

Floats = NDArray[np.float64]
RELATIVE_ERROR = Fraction(1, 2**50)  # of a product: amount, coefficient and multiplication, with room
LARGEST_DENOMINATOR = 2**40
LARGEST_UNITS = 2**36  # beyond it totals and places would not fit a float: all such lots are in doubt
NEVER = -1.0  # no distance to a boundary is that small
ALWAYS = 2.0


@dataclass(frozen=True, eq=False)
class Scale:
    """How the coefficients of a measure stand in its column: as numerators over `denominator`, or as floats (1)."""

    denominator: int
    largest: Fraction  # of the coefficients, in absolute value

    @classmethod
    def of(cls, coefficients: Coded) -> Scale:
        """Numerators where they are exact floats."""
        largest = max((abs(value) for value in coefficients.values), default=Fraction(0))
        denominator = coefficients.denominator
        whole = denominator <= LARGEST_DENOMINATOR and largest * denominator < 2**53
        return cls(denominator if whole else 0, largest)

    def column(self, coefficients: Coded) -> Floats:
        return coefficients.numerators() if self.denominator else coefficients.floats()


class Amounts:
    """The amounts of policies that differ in nothing else, for lots of one number of decimals.

    What `kernels` take is made when it is asked for: of each scenario (rows) and measure (columns) `amounts`, `halves`
    and `tolerances`, of each scenario `caps`. `tables` are what `leaders` takes instead, where it can.
    """

    def __init__(
        self,
        policies: Sequence[Policy],
        measures: Sequence[Measure],
        scales: Sequence[Scale],
        decimals: int,
        values: Sequence[Values] | None = None,
    ) -> None:
        """`values` are for tables, of measures on points."""
        self._policies, self._measures, self._scales, self._decimals = policies, measures, scales, decimals
        self._values = values

    @property
    def scenarios(self) -> int:
        """How many there are."""
        return len(self._policies)

    @cached_property
    def tables(self) -> Tables | None:
        """None where numbers fit no table."""
        return None if self._values is None else tables_of(self._policies, self._measures, self._values, self._decimals)

    @property
    def amounts(self) -> Floats:
        return self._floats[0]

    @property
    def halves(self) -> Floats:
        return self._floats[1]

    @property
    def tolerances(self) -> Floats:
        return self._floats[2]

    @cached_property
    def caps(self) -> Floats:
        caps = [policy.bonus_cap for policy in self._policies]
        return np.array([np.inf if cap is None else rounded_units(cap, self._decimals) for cap in caps])

    @cached_property
    def _floats(self) -> Floats:
        found = np.zeros((3, len(self._policies), len(self._measures)))
        for row, policy in enumerate(self._policies):
            by_id = {measure.id: measure for measure in policy.measures}
            for column, (measure, scale) in enumerate(zip(self._measures, self._scales, strict=True)):
                amount = by_id[measure.id].amount
                assert amount is not None  # kinds that move something need one
                found[:, row, column] = self._one(measure, amount, scale)
        return found

    def _one(self, measure: Measure, amount: Fraction, scale: Scale) -> tuple[float, float, float]:
        if KINDS[measure.kind].acts_on != "points":
            return float(amount / (scale.denominator or 1)), 0.5, NEVER
        units = amount * 10**self._decimals
        return float(units / (scale.denominator or 1)), *_boundary(units, scale)


def _boundary(units: Fraction, scale: Scale) -> tuple[float, float]:
    """Where products are cut, above the whole, and how near to it they are in doubt."""
    largest = abs(units) * scale.largest
    if largest >= LARGEST_UNITS:
        return 0.5, ALWAYS
    error = (largest + 1) * RELATIVE_ERROR
    step = Fraction(1, units.denominator * scale.denominator) if scale.denominator else Fraction(0)
    if error < step / 8:
        return 0.5 + float(step / 4), NEVER
    return 0.5, float(error)
