"""Price points between two prices fixed in advance: W · (ceiling − P) / (ceiling − floor_price), kept in 0…W.

Specification 3.6. The only price formula that does not depend on the other bids.
"""

from __future__ import annotations

from fractions import Fraction

from scoring.formulas.formula import NOTHING, Field, Formula, Params
from scoring.numbers import Ratio, portion
from scoring.problems import gettext_noop
from scoring.shapes import Number, Object


def points(price: Fraction, field: Field, weight: Fraction, params: Params) -> Ratio:
    """Unrounded points of one bid, 0 to weight."""
    ceiling: Fraction = params["ceiling"]
    floor_price: Fraction = params["floor_price"]
    if price >= ceiling:
        return NOTHING
    return portion(weight, ceiling - max(price, floor_price), ceiling - floor_price)


def check(params: Params) -> str | None:
    """What is wrong with the two prices together."""
    if params["ceiling"] > params["floor_price"]:
        return None
    return gettext_noop("The ceiling must be greater than the floor_price.")


FORMULA = Formula(
    key="absolute_linear",
    title="Straight line between fixed prices",
    on="price",
    points=points,
    params=Object(required={"ceiling": Number(), "floor_price": Number()}),
    check=check,
)
