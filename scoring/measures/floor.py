"""Floor: a bid whose driver is below the amount is excluded. Seen in minimum content rules."""

from __future__ import annotations

from fractions import Fraction

from scoring.measures.kind import Kind


def excludes(driver: Fraction, amount: Fraction) -> bool:
    """Whether the driver is below the floor."""
    return driver < amount


KIND = Kind(key="floor", title="Minimum content", acts_on="ranking", excludes=excludes)
