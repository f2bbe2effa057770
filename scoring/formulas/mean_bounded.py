"""Price points around the mean price, kept between nothing and the weight: W / 2 · (2 − P / Pmean).

Specification 3.6. A price at the mean gets half of the weight, one at twice the mean or more gets nothing.
"""

from __future__ import annotations

from fractions import Fraction

from scoring.formulas.formula import NOTHING, Field, Formula, Params
from scoring.numbers import Ratio


def points(price: Fraction, field: Field, weight: Fraction, params: Params) -> Ratio:
    """Unrounded points of one bid, 0 to weight."""
    top, bottom = field.mean
    price_times, mean_times = price.numerator * bottom, price.denominator * top
    left = 2 * mean_times - price_times
    # Prices are greater than 0, so the points stay under the weight by themselves.
    return (weight.numerator * left, 2 * weight.denominator * mean_times) if left > 0 else NOTHING


FORMULA = Formula(key="mean_bounded", title="Around the mean price", on="price", points=points, reads=("mean",))
