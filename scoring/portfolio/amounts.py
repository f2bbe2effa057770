"""The amounts of a scenario's measures as floats for the kernels, with what can be wrong about their products.

A product is amount × coefficient, in units. *In steps*: all exact products are multiples of 1 ÷ `denominator`; while
the float's error is under a quarter of that, moving the boundary of the rounding up by a quarter step puts no
product within reach of it, and every rounding is right. *Otherwise* a product within `tolerance` of one is in doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

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


@dataclass(frozen=True, eq=False)
class Amounts:
    """Of each scenario (rows) and measure (columns) what `kernels` take, for lots of one number of decimals.

    `tables` are what `leaders` takes instead, where it can.
    """

    amounts: Floats
    halves: Floats
    tolerances: Floats
    caps: Floats
    tables: Tables | None


def amounts_of(
    policies: Sequence[Policy],
    measures: Sequence[Measure],
    scales: Sequence[Scale],
    decimals: int,
    values: Sequence[Values] | None = None,
) -> Amounts:
    """The amounts of the policies, which differ in nothing else; `values` are for tables, of measures on points."""
    shape = (len(policies), len(measures))
    amounts, halves, tolerances = np.zeros(shape), np.full(shape, 0.5), np.full(shape, NEVER)
    caps = np.full(len(policies), np.inf)
    for row, policy in enumerate(policies):
        by_id = {measure.id: measure for measure in policy.measures}
        if policy.bonus_cap is not None:
            caps[row] = rounded_units(policy.bonus_cap, decimals)
        for column, (measure, scale) in enumerate(zip(measures, scales, strict=True)):
            amount = by_id[measure.id].amount
            assert amount is not None  # kinds that move something need one
            if KINDS[measure.kind].acts_on != "points":
                amounts[row, column] = float(amount / (scale.denominator or 1))
                continue
            units = amount * 10**decimals
            amounts[row, column] = float(units / (scale.denominator or 1))
            halves[row, column], tolerances[row, column] = _boundary(units, scale)
    tables = None if values is None else tables_of(policies, measures, values, decimals)
    return Amounts(amounts, halves, tolerances, caps, tables)


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
