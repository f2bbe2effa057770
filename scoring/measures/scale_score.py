"""Score adjustment: total × (1 − amount × c). Seen in the IPI score adjustment.

A negative total is scaled as it is, and rounded after each measure (specification 3.8).
"""

from __future__ import annotations

from fractions import Fraction

from scoring.measures.kind import Kind, Limit
from scoring.problems import Phrase, gettext_noop


def factor(reduction: Fraction) -> Fraction:
    """What the total is multiplied by."""
    return 1 - reduction


KIND = Kind(
    key="scale_score",
    title="Score adjustment",
    acts_on="score",
    factor=factor,
    limit=Limit(
        lambda reduction: reduction <= 1, Phrase(gettext_noop("amount times any y of the curve must be at most 1"))
    ),
    rising_harms=True,
)
