"""The bids of each lot in order: compiled, by insertion, since lots are small."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@njit(cache=True, nogil=True)
def fill_places(offsets: Ints, chosen: NDArray[np.bool_], keys: Ints, places: Ints, ranks: Ints) -> None:
    """Order the chosen bids of each lot by their keys (keys, bids), the smaller first.

    A bid's place counts the different keys before its own, from 0; its rank the bids before it, from 1.
    """
    longest = 0
    for lot in range(len(offsets) - 1):
        longest = max(longest, offsets[lot + 1] - offsets[lot])
    order = np.empty(longest, dtype=np.int64)
    for lot in range(len(offsets) - 1):
        count = 0
        for bid in range(offsets[lot], offsets[lot + 1]):
            if chosen[bid]:
                at = count
                while at > 0 and _compare(keys, bid, order[at - 1]) < 0:
                    order[at] = order[at - 1]
                    at -= 1
                order[at] = bid
                count += 1
        place, rank = 0, 1
        for at in range(count):
            if at and _compare(keys, order[at - 1], order[at]) < 0:
                place, rank = place + 1, at + 1
            places[order[at]], ranks[order[at]] = place, rank


@njit(cache=True, nogil=True)
def _compare(keys: Ints, one: int, other: int) -> int:
    """Below 0 where the first bid goes before the other one, 0 where their keys are the same."""
    for key in range(len(keys)):
        if keys[key, one] != keys[key, other]:
            return -1 if keys[key, one] < keys[key, other] else 1
    return 0
