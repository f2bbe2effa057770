"""Points in proportion to the best mark: W · mark / best mark, so that the best bid gets the whole weight.

Specification 3.6. A best mark of 0 gives everybody 0.
"""

from __future__ import annotations

from fractions import Fraction

from scoring.formulas.formula import Field, Formula, Params
from scoring.numbers import portion

NOTHING = Fraction(0)


def points(mark: Fraction, field: Field, weight: Fraction, params: Params) -> Fraction:
    """Unrounded points of one bid, 0 to weight."""
    return portion(weight, mark, field.highest) if field.highest else NOTHING


FORMULA = Formula(
    key="best_ratio", title="In proportion to the best mark", on="mark", points=points, reads=("highest",)
)
