"""Bids in the order of their keys: equal ones share a place and a rank, ranks skip as in a race."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scoring.portfolio.order import fill_places

BIDS = st.lists(st.tuples(st.integers(-2, 2), st.integers(-1, 1), st.booleans()), max_size=8)


@given(lots=st.lists(BIDS, max_size=4))
def test_places_and_ranks_are_those_of_a_sorted_list(lots: list[list[tuple[int, int, bool]]]) -> None:
    offsets = np.cumsum([0, *map(len, lots)]).astype(np.int64)
    bids = [bid for bids in lots for bid in bids]
    keys = np.array([bid[:2] for bid in bids], dtype=np.int64).reshape(-1, 2).T.copy()
    chosen = np.array([bid[2] for bid in bids], dtype=bool)
    places, ranks = np.full(len(bids), -1), np.full(len(bids), -1)
    fill_places(offsets, chosen, keys, places, ranks)
    expected = []
    for own in lots:
        left = [bid[:2] for bid in own if bid[2]]
        for bid in own:
            before = [other for other in left if other < bid[:2]]
            expected.append((len(set(before)), 1 + len(before)) if bid[2] else (-1, -1))
    assert list(zip(places.tolist(), ranks.tolist(), strict=True)) == expected


def test_without_a_key_all_share_the_first_place() -> None:
    places, ranks = np.full(2, -1), np.full(2, -1)
    fill_places(np.array([0, 2]), np.ones(2, dtype=bool), np.zeros((0, 2), dtype=np.int64), places, ranks)
    assert (places.tolist(), ranks.tolist()) == ([0, 0], [1, 1])
