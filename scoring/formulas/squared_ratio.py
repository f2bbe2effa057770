"""Price points in proportion to the square of the lowest price's ratio: W · (Pmin / P)².

Specification 3.6. Steeper than `lowest_ratio`, and relative to the field like it.
"""

from __future__ import annotations

from fractions import Fraction

from scoring.formulas.formula import Field, Formula, Params
from scoring.numbers import Ratio, over


def points(price: Fraction, field: Field, weight: Fraction, params: Params) -> Ratio:
    """Unrounded points of one bid; 0 < result <= weight."""
    lowest_times, price_times = over(field.lowest, price)
    return weight.numerator * lowest_times**2, weight.denominator * price_times**2


FORMULA = Formula(key="squared_ratio", title="Squared lowest price ratio", on="price", points=points, reads=("lowest",))
