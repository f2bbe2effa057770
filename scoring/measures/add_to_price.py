"""Price increase for evaluation: evaluated price × (1 + amount × c). Seen in the Buy American Act.

The price payable does not change.
"""

from __future__ import annotations

from fractions import Fraction

from scoring.measures.kind import Kind, Limit
from scoring.problems import Phrase, gettext_noop


def factor(increase: Fraction) -> Fraction:
    """What the evaluated price is multiplied by."""
    return 1 + increase


KIND = Kind(
    key="add_to_price",
    title="Price increase",
    acts_on="price",
    factor=factor,
    limit=Limit(
        lambda increase: increase > -1, Phrase(gettext_noop("amount times any y of the curve must be greater than -1"))
    ),
    rising_harms=True,
)
