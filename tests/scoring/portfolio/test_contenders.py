"""Bids that are left out neither win nor tie, at the ends of the amounts and anywhere between them."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scoring.numbers import rounded_units
from scoring.portfolio.contenders import contenders

COEFFICIENTS = [Fraction(n, 20) for n in (-7, -1, 0, 1, 2, 3, 9, 10, 19, 20)]
AMOUNTS = st.lists(st.integers(-400, 3000).map(lambda n: Fraction(n, 8)), min_size=2, max_size=5)
BID = st.tuples(st.integers(-60, 0), st.integers(0, 9), st.integers(0, 9))
CAPS = st.lists(st.integers(-5, 200), min_size=5, max_size=5)


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
    room, chosen = np.empty((2, len(bids)), dtype=np.int64), np.empty(len(bids), dtype=np.int64)
    count = contenders(
        np.array([bid[0] for bid in bids], dtype=np.int32),
        np.array([[bid[measure] for bid in bids] for measure in (1, 2)], dtype=np.uint8),
        np.array(places, dtype=np.int16), 0, len(bids), low, high, min(caps), max(caps), *room, chosen,
    )  # fmt: skip
    left = chosen[:count].tolist()
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
    room, chosen = np.empty((2, 3), dtype=np.int64), np.empty(3, dtype=np.int64)
    codes, places = np.array([[0, 0, 1]], dtype=np.uint8), np.arange(3, dtype=np.int16)
    for behind, left in ((7, [0, 2]), (8, [0]), (11, [0])):
        bases = np.array([0, -10, -behind], dtype=np.int32)
        count = contenders(bases, codes, places, 0, 3, low, high, 100, 100, *room, chosen)
        assert chosen[:count].tolist() == left
