"""Which bids can lead a lot while amounts move within bounds: a sound bound in whole numbers, and no guess.

Let bid i be near the lead. Another bid j has at most the points more that it has at one end of each measure's amount,
and two units for what four roundings hide: amount × (c_j − c_i) is a line, highest at an end. A cap never widens a
lead, and j cannot gain more than its most over i's least. A bid that stays behind i by all of that, or level with it at
a later place, neither wins under any scenario within the bounds nor ties for the first rank: it is left out.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]
Codes = NDArray[np.uint8 | np.uint16]
Rows = NDArray[np.int16]
NONE = np.iinfo(np.int64).min
ROUNDINGS = 2  # units: two of each of the two points that are compared, half a unit each


@njit(cache=True, nogil=True, error_model="numpy")
def contenders(
    bases: Numbers,
    codes: Codes,
    places: Rows,
    start: int,
    bids: int,
    low: Numbers,
    high: Numbers,
    cap_low: int,
    cap_high: int,
    least: Ints,
    most: Ints,
    chosen: Ints,
) -> int:
    """Write to `chosen` which of so many bids of a lot, from `start` on, can lead, in their order; how many.

    bases and places (bids), codes (measures, bids); low and high (measures, values): the points of each coefficient
    under the least and the largest amount; the least and the largest cap. `least` and `most` are room.
    """
    measures = codes.shape[0]
    leader, middle, uncapped = 0, NONE, 0
    for bid in range(bids):
        lowest = highest = 0
        for measure in range(measures):
            code = codes[measure, start + bid]
            one, two = int(low[measure, code]), int(high[measure, code])
            lowest += min(one, two)
            highest += max(one, two)
        least[bid], most[bid] = min(lowest, cap_low), min(highest, cap_high)
        own = int(2 * bases[start + bid] + least[bid] + most[bid])
        if own > middle:
            leader, middle, uncapped = bid, own, highest
    base, place, bound = bases[start + leader], places[start + leader], least[leader]
    count = 0
    for bid in range(bids):
        behind = base - bases[start + bid]
        if most[bid] - bound >= behind:
            gain = 0
            for measure in range(measures):
                own, other = codes[measure, start + bid], codes[measure, start + leader]
                if own != other:
                    gain += ROUNDINGS + max(
                        int(low[measure, own] - low[measure, other]),
                        int(high[measure, own] - high[measure, other]),
                    )
            if uncapped > cap_low:  # a cap may hold the leader
                gain = max(gain, 0)
            gain = min(gain, int(most[bid] - bound))
            if gain > behind or (gain == behind and places[start + bid] <= place):
                chosen[count] = bid
                count += 1
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def narrow(
    bases: Numbers,
    codes: Codes,
    places: Rows,
    bids: Numbers,
    low: Numbers,
    high: Numbers,
    cap_low: int,
    cap_high: int,
    span: int,
    starts: Ints,
    kept_bids: Numbers,
    kept_bases: Numbers,
    kept_codes: Codes,
    kept_places: Rows,
    first: int,
    begun: int,
) -> None:
    """Keep the contenders of lots of n bids: bases, places and bids (n, lots), codes (measures, n, lots).

    Bases are counted from the most of the lot; none that is more than `span` under it can lead. What is kept of lot i
    ends at starts[first + i + 1], and the first begins at `begun`.
    """
    measures, rows, lots = codes.shape
    base, place = np.empty(rows, np.int32), np.empty(rows, np.int16)
    code, own = np.empty((measures, rows), codes.dtype), np.empty(rows, np.int64)
    least, most, chosen = np.empty(rows, np.int64), np.empty(rows, np.int64), np.empty(rows, np.int64)
    for lot in range(lots):
        count = 0
        for row in range(rows):
            if bases[row, lot] >= -span:
                base[count], place[count], own[count] = bases[row, lot], places[row, lot], row
                for measure in range(measures):
                    code[measure, count] = codes[measure, row, lot]
                count += 1
        chosen[0] = 0
        if count > 1:
            count = contenders(
                base, code, place, 0, count, low, high, cap_low, cap_high, least, most, chosen
            )  # fmt: skip
        for each in range(count):
            one = chosen[each]
            kept_bids[begun], kept_bases[begun], kept_places[begun] = bids[own[one], lot], base[one], place[one]
            for measure in range(measures):
                kept_codes[measure, begun] = code[measure, one]
            begun += 1
        starts[first + lot + 1] = begun
