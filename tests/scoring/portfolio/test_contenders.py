"""Bids that are left out neither win nor tie, at the ends of the amounts and anywhere between them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scoring.numbers import rounded_units
from scoring.portfolio.contenders import narrow

COEFFICIENTS = [Fraction(n, 20) for n in (-7, -1, 0, 1, 2, 3, 9, 10, 19, 20)]
AMOUNTS = st.lists(st.integers(-400, 3000).map(lambda n: Fraction(n, 8)), min_size=2, max_size=5)
BID = st.tuples(st.integers(-60, 0), st.integers(0, 9), st.integers(0, 9))
CAPS = st.lists(st.integers(-5, 200), min_size=5, max_size=5)


def contenders(
    bases: list[int], codes: list[list[int]], places: list[int], low: Any, high: Any, cap_low: int, cap_high: int
) -> list[int]:
    """Which bids of one lot are kept."""
    bids = len(bases)
    column = np.arange(bids, dtype=np.int32)[:, None]
    starts, kept = np.zeros(2, dtype=np.int64), np.empty((2, bids), dtype=np.int32)
    settled, winners, lots = np.empty((3, 1), dtype=np.int32)
    several, alone = narrow(
        np.array(bases, dtype=np.int32)[:, None], np.array(codes, dtype=np.uint8)[:, :, None],
        np.array(places, dtype=np.int16)[:, None], column, np.zeros(1, dtype=np.int32), low, high, cap_low, cap_high,
        starts, lots, *kept, np.empty((len(codes), bids), dtype=np.uint8), np.empty(bids, dtype=np.int16), settled,
        winners, 0, 0,
    )  # fmt: skip
    assert several + alone == 1
    found: list[int] = winners.tolist() if alone else kept[0, : starts[1]].tolist()
    return found


def first_ranks(bids: list[tuple[int, ...]], rows: list[int], places: list[int], bonus: list[int]) -> set[int]:
    """Which of some rows share the first rank."""
    keys = {row: (-bids[row][0] - bonus[row], places[row]) for row in rows}
    return {row for row in rows if keys[row] == min(keys.values())}


@given(
    bids=st.lists(BID, min_size=2, max_size=7), one=AMOUNTS, two=AMOUNTS, caps=CAPS, tied=st.booleans(),
    shares=st.lists(st.fractions(0, 1), min_size=2, max_size=2),
)  # fmt: skip
def test_nobody_who_could_win_is_left_out(
    bids: list[tuple[int, ...]],
    one: list[Fraction],
    two: list[Fraction],
    caps: list[int],
    tied: bool,
    shares: list[Fraction],
) -> None:
    ends = [(min(each), max(each)) for each in (one, two)]
    points = [[[rounded_units(end * c, 0) for c in COEFFICIENTS] for end in pair] for pair in ends]
    low, high = (np.array([measure[side] for measure in points], dtype=np.int32) for side in (0, 1))
    places = [row - row % 2 if tied else row for row in range(len(bids))]
    codes = [[bid[measure] for bid in bids] for measure in (1, 2)]
    left = contenders([bid[0] for bid in bids], codes, places, low, high, min(caps), max(caps))
    between = [low + (high - low) * share for (low, high), share in zip(ends, shares, strict=True)]
    for amounts in [(a, b) for a in (*ends[0], between[0]) for b in (*ends[1], between[1])]:
        for cap in caps:
            bonus = [
                min(sum(rounded_units(a * COEFFICIENTS[bid[m]], 0) for m, a in enumerate(amounts, 1)), cap)
                for bid in bids
            ]
            assert first_ranks(bids, left, places, bonus) == first_ranks(bids, list(range(len(bids))), places, bonus)


def test_bids_too_far_behind_are_left_out() -> None:
    """Ten units behind with the same share, and with one that at most gains eight and what roundings hide."""
    low, high = np.zeros((1, 2), dtype=np.int32), np.array([[0, 8]], dtype=np.int32)
    for behind, left in ((7, [0, 2]), (8, [0]), (11, [0])):
        assert contenders([0, -10, -behind], [[0, 0, 1]], [0, 1, 2], low, high, 100, 100) == left
