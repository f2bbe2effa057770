"""Price reduction for evaluation: evaluated price × (1 − amount × c). Seen in the CO₂ performance ladder.

The price payable does not change.
"""

from __future__ import annotations

from fractions import Fraction

from scoring.measures.kind import Kind, Limit
from scoring.problems import Phrase, gettext_noop


def factor(reduction: Fraction) -> Fraction:
    """What the evaluated price is multiplied by."""
    return 1 - reduction


KIND = Kind(
    key="deduct_from_price",
    title="Price reduction",
    acts_on="price",
    factor=factor,
    limit=Limit(
        lambda reduction: reduction < 1, Phrase(gettext_noop("amount times any y of the curve must be less than 1"))
    ),
    rising_harms=False,
)
