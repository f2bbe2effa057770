"""Price points around the mean price, kept between nothing and the weight: W / 2 · (2 − P / Pmean).

Specification 3.6. A price at the mean gets half of the weight, one at twice the mean or more gets nothing.
"""

from __future__ import annotations

from fractions import Fraction

from scoring.formulas.formula import Field, Formula, Params

NOTHING = Fraction(0)


def points(price: Fraction, field: Field, weight: Fraction, params: Params) -> Fraction:
    """Unrounded points of one bid, 0 to weight."""
    ratio = price / field.mean
    # Prices are greater than 0, so the points stay under the weight by themselves.
    return weight / 2 * (2 - ratio) if ratio < 2 else NOTHING


FORMULA = Formula(key="mean_bounded", title="Around the mean price", on="price", points=points, reads=("mean",))
