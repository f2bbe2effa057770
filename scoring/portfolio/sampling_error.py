"""How far a sampled share may be from the true one: standard library alone, for pages that say it."""

from __future__ import annotations

from math import log, sqrt

CONFIDENCE = 0.95


def error_of(samples: int) -> float:
    """What bounds the error of a share of so many samples, 0 to 1, 19 times out of 20 (Hoeffding)."""
    return sqrt(log(2 / (1 - CONFIDENCE)) / (2 * samples))
