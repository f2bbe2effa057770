"""Price points between the highest and the lowest price: W · (Pmax − P) / (Pmax − Pmin).

Specification 3.6. The dearest bid gets nothing whatever its price (guards `method-amplified`, `method-rank-reversal`).
"""

from __future__ import annotations

from fractions import Fraction

from scoring.formulas.formula import Field, Formula, Params
from scoring.numbers import Ratio, portion


def points(price: Fraction, field: Field, weight: Fraction, params: Params) -> Ratio:
    """Unrounded points of one bid, 0 to weight; all prices equal give the weight."""
    if field.highest == field.lowest:
        return weight.as_integer_ratio()
    return portion(weight, field.highest - price, field.highest - field.lowest)


FORMULA = Formula(
    key="high_low", title="Between highest and lowest price", on="price", points=points, reads=("lowest", "highest")
)
