"""Price deflation for evaluation: evaluated price ÷ (1 + amount × c). Seen in Prozorro.

The price payable does not change.
"""

from __future__ import annotations

from fractions import Fraction

from scoring.measures.kind import Kind, Limit
from scoring.problems import Phrase, gettext_noop


def factor(deflation: Fraction) -> Fraction:
    """What the evaluated price is multiplied by."""
    return 1 / (1 + deflation)


KIND = Kind(
    key="deflate_price",
    title="Price deflation",
    acts_on="price",
    factor=factor,
    limit=Limit(
        lambda deflation: deflation > -1,
        Phrase(gettext_noop("amount times any y of the curve must be greater than -1")),
    ),
    rising_harms=False,
)
