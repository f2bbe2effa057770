"""Price points in proportion to the square of the lowest price's ratio: W · (Pmin / P)².

Specification 3.6. Steeper than `lowest_ratio`, and relative to the field like it.
"""

from __future__ import annotations

from fractions import Fraction

from scoring.formulas.formula import Field, Formula, Params


def points(price: Fraction, field: Field, weight: Fraction, params: Params) -> Fraction:
    """Unrounded points of one bid; 0 < result <= weight."""
    ratio = field.lowest / price
    return weight * ratio * ratio


FORMULA = Formula(key="squared_ratio", title="Squared lowest price ratio", on="price", points=points, reads=("lowest",))
