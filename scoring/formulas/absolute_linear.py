"""Price points between two prices fixed in advance: W · (ceiling − P) / (ceiling − floor_price), kept in 0…W.

Specification 3.6. The only price formula that does not depend on the other bids.
"""

from __future__ import annotations

from fractions import Fraction

from scoring.formulas.formula import Field, Formula, Params
from scoring.numbers import portion
from scoring.problems import gettext_noop
from scoring.shapes import Number, Object

NOTHING = Fraction(0)


def points(price: Fraction, field: Field, weight: Fraction, params: Params) -> Fraction:
    """Unrounded points of one bid, 0 to weight."""
    ceiling: Fraction = params["ceiling"]
    floor_price: Fraction = params["floor_price"]
    return min(max(portion(weight, ceiling - price, ceiling - floor_price), NOTHING), weight)


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
