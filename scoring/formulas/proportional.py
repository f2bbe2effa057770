"""Points in proportion to the mark: W · mark / scale.

Specification 3.6. Does not depend on the other bids.
"""

from __future__ import annotations

from fractions import Fraction

from scoring.formulas.formula import Field, Formula, Params
from scoring.numbers import Ratio, portion


def points(mark: Fraction, field: Field, weight: Fraction, params: Params) -> Ratio:
    """Unrounded points of one bid, 0 to weight."""
    return portion(weight, mark, field.scale)


FORMULA = Formula(key="proportional", title="In proportion to the mark", on="mark", points=points)
