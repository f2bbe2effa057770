"""Sharing an amount between the beneficiaries of a lot, in whole cents whose sum is the amount."""

from collections.abc import Mapping
from fractions import Fraction


def apportion(cents: int, weights: Mapping[int, Fraction]) -> dict[int, int]:
    """``cents`` shared by ``weights`` (≥ 0, in total > 0) by the largest remainder; ties to the smaller key.

    Keys are hospitals' ids; the results are whole cents and add up to ``cents``.
    """
    whole = sum(weights.values(), Fraction(0))
    exact = {key: cents * weight / whole for key, weight in weights.items()}
    shares = {key: part.numerator // part.denominator for key, part in exact.items()}
    by_remainder = sorted(exact, key=lambda key: (shares[key] - exact[key], key))
    for key in by_remainder[: cents - sum(shares.values())]:
        shares[key] += 1
    return shares
