"""Points in proportion to the best mark: W · mark / best mark, so that the best bid gets the whole weight.

Specification 3.6. A best mark of 0 gives everybody 0.
"""

from __future__ import annotations

from fractions import Fraction

from scoring.formulas.formula import NOTHING, Field, Formula, Params
from scoring.numbers import Ratio, portion


def points(mark: Fraction, field: Field, weight: Fraction, params: Params) -> Ratio:
    """Unrounded points of one bid, 0 to weight."""
    return portion(weight, mark, field.highest) if field.highest else NOTHING


FORMULA = Formula(
    key="best_ratio", title="In proportion to the best mark", on="mark", points=points, reads=("highest",)
)
