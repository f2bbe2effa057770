"""Gate: a bid for which `when` holds is excluded. Seen in IPI exclusions and set-asides."""

from __future__ import annotations

from fractions import Fraction

from scoring.measures.kind import Kind


def excludes(driver: Fraction, amount: Fraction) -> bool:
    """Always: the predicate alone decides."""
    return True


KIND = Kind(key="gate", title="Exclusion", acts_on="ranking", needs_driver=False, needs_amount=False, excludes=excludes)
