"""Price points in proportion to the lowest price: W · Pmin / P.

Specification 3.6. Relative to the field: a losing bid can change the winner (guard `method-rank-reversal`).
"""

from __future__ import annotations

from fractions import Fraction

from scoring.formulas.formula import Field, Formula, Params
from scoring.numbers import Ratio, portion


def points(price: Fraction, field: Field, weight: Fraction, params: Params) -> Ratio:
    """Unrounded points of one bid; 0 < result <= weight."""
    return portion(weight, field.lowest, price)


FORMULA = Formula(key="lowest_ratio", title="Lowest price ratio", on="price", points=points, reads=("lowest",))
