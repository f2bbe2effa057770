"""Price points that fall in a straight line from the lowest price: W · (2 − P / Pmin).

Specification 3.6. A price at twice the lowest gets nothing; dearer ones go below zero only where params.floor = "no".
"""

from __future__ import annotations

from fractions import Fraction

from scoring.formulas.formula import Field, Formula, Params
from scoring.shapes import Choice, Object

NOTHING = Fraction(0)


def points(price: Fraction, field: Field, weight: Fraction, params: Params) -> Fraction:
    """Unrounded points of one bid; result <= weight, and not below 0 unless params.floor = "no"."""
    unbounded = weight * (2 - price / field.lowest)
    return unbounded if params.get("floor") == "no" else max(unbounded, NOTHING)


FORMULA = Formula(
    key="linear_lowest",
    title="Straight line from the lowest price",
    on="price",
    points=points,
    reads=("lowest",),
    params=Object(optional={"floor": Choice(("yes", "no"))}),
)
