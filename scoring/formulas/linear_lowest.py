"""Price points that fall in a straight line from the lowest price: W · (2 − P / Pmin).

Specification 3.6. A price at twice the lowest gets nothing; dearer ones go below zero only where params.floor = "no".
"""

from __future__ import annotations

from fractions import Fraction

from scoring.formulas.formula import NOTHING, Field, Formula, Params
from scoring.numbers import Ratio, over
from scoring.shapes import Choice, Object


def points(price: Fraction, field: Field, weight: Fraction, params: Params) -> Ratio:
    """Unrounded points of one bid; result <= weight, and not below 0 unless params.floor = "no"."""
    price_times, lowest_times = over(price, field.lowest)
    left = 2 * lowest_times - price_times
    if left < 0 and params.get("floor") != "no":
        return NOTHING
    return weight.numerator * left, weight.denominator * lowest_times


FORMULA = Formula(
    key="linear_lowest",
    title="Straight line from the lowest price",
    on="price",
    points=points,
    reads=("lowest",),
    params=Object(optional={"floor": Choice(("yes", "no"))}),
)
