"""Which bids can lead a lot while amounts move within bounds: a sound bound in whole numbers, and no guess.

A bid whose highest total is under another's lowest never leads. Let bid i be the one of the highest lowest total.
Another bid j has at most the points more that it has at one end of each measure's amount, and two units for what four
roundings hide: amount × (c_j − c_i) is a line, highest at an end. A cap never widens a lead, and j cannot gain more
than its most over i's least. A bid that stays behind i by all of that, or level with it at a later place, neither wins
under any scenario within the bounds nor ties for the first rank: it is left out.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]
Codes = NDArray[np.uint8 | np.uint16]
Rows = NDArray[np.int16]
Bools = NDArray[np.bool_]
NONE = np.iinfo(np.int64).min
ROUNDINGS = 2  # units: two of each of the two points that are compared, half a unit each
BLOCK = 512  # lots whose bounds stay in the processor's first memory


@njit(cache=True, nogil=True, error_model="numpy")
def narrow(
    bases: Numbers,
    codes: Codes,
    places: Rows,
    bids: Numbers,
    lots: Numbers,
    low: Numbers,
    high: Numbers,
    cap_low: int,
    cap_high: int,
    starts: Ints,
    kept_lots: Numbers,
    kept_bids: Numbers,
    kept_bases: Numbers,
    kept_codes: Codes,
    kept_places: Rows,
    settled: Numbers,
    winners: Numbers,
    several: int,
    alone: int,
) -> tuple[int, int]:
    """Keep the contenders of lots of n bids: bases, places and bids (n, lots), codes (measures, n, lots).

    low and high (measures, values): the points of each coefficient under the least and the largest amount; the least
    and the largest cap. So many lots were kept before, of several contenders and settled ones; how many there are now.
    """
    measures, rows = codes.shape[0], codes.shape[1]
    lower, upper = np.minimum(low, high), np.maximum(low, high)
    highest, bound, leaders = np.empty((rows, BLOCK), np.int64), np.empty(BLOCK, np.int64), np.empty(BLOCK, np.int64)
    stays, counts = np.empty((rows, BLOCK), np.bool_), np.empty(BLOCK, np.int64)
    begun = starts[several]
    for start in range(0, len(lots), BLOCK):
        size = min(BLOCK, len(lots) - start)
        _bounds(bases, codes, start, size, lower, upper, cap_low, cap_high, highest, bound, leaders)
        _compare(bases, codes, places, start, size, low, high, cap_low, highest, bound, leaders, stays, counts)
        for each in range(size):
            lot, row = start + each, 0
            if counts[each] == 1:
                settled[alone], winners[alone] = lots[lot], bids[leaders[each], lot]
                alone += 1
                continue
            for _near in range(counts[each]):
                while not stays[row, each]:
                    row += 1
                kept_bids[begun], kept_bases[begun] = bids[row, lot], bases[row, lot]
                kept_places[begun] = places[row, lot]
                for measure in range(measures):
                    kept_codes[measure, begun] = codes[measure, row, lot]
                begun += 1
                row += 1
            kept_lots[several] = lots[lot]
            several += 1
            starts[several] = begun
    return several, alone


@njit(cache=True, nogil=True, error_model="numpy")
def _bounds(
    bases: Numbers,
    codes: Codes,
    start: int,
    lots: int,
    lower: Numbers,
    upper: Numbers,
    cap_low: int,
    cap_high: int,
    highest: Ints,
    bound: Ints,
    leaders: Ints,
) -> None:
    """Of so many lots from `start` on: the highest total that each bid (n, lots) can have, and of each lot the highest
    of the lowest ones and whose it is. Lots stand one beside the other: the processor adds several at once.
    """
    least = np.empty(lots, np.int64)
    bound[:] = NONE
    for row in range(len(bases)):
        base, most = bases[row, start : start + lots], highest[row]
        for lot in range(lots):
            least[lot] = most[lot] = 0
        for measure in range(len(codes)):
            code, fewest, greatest = codes[measure, row, start : start + lots], lower[measure], upper[measure]
            for lot in range(lots):
                least[lot] += fewest[code[lot]]
                most[lot] += greatest[code[lot]]
        for lot in range(lots):
            most[lot] = base[lot] + min(most[lot], cap_high)
            lowest = base[lot] + min(least[lot], cap_low)
            leaders[lot] = row if lowest > bound[lot] else leaders[lot]
            bound[lot] = max(bound[lot], lowest)


@njit(cache=True, nogil=True, error_model="numpy")
def _compare(
    bases: Numbers,
    codes: Codes,
    places: Rows,
    start: int,
    lots: int,
    low: Numbers,
    high: Numbers,
    cap_low: int,
    highest: Ints,
    bound: Ints,
    leaders: Ints,
    stays: Bools,
    counts: Ints,
) -> None:
    """Of so many lots from `start` on: which bids (n, lots) can pass the leader, itself included, and how many."""
    measures, rows = codes.shape[0], codes.shape[1]
    code, lowest, uppermost = np.empty((3, measures, lots), np.int64)
    base, place, capped = np.empty(lots, np.int64), np.empty(lots, np.int64), np.empty(lots, np.bool_)
    for lot in range(lots):
        leader, most = leaders[lot], 0
        base[lot], place[lot], counts[lot] = bases[leader, start + lot], places[leader, start + lot], 0
        for measure in range(measures):
            own = codes[measure, leader, start + lot]
            code[measure, lot] = own
            lowest[measure, lot], uppermost[measure, lot] = low[measure, own], high[measure, own]
            most += max(low[measure, own], high[measure, own])
        capped[lot] = most > cap_low  # a cap may hold the leader
    gain = np.empty(lots, np.int64)
    for row in range(rows):
        own_base, own_place = bases[row, start : start + lots], places[row, start : start + lots]
        most, stay = highest[row], stays[row]
        gain[:] = 0
        for measure in range(measures):
            own, least, greatest = codes[measure, row, start : start + lots], low[measure], high[measure]
            other, other_least, other_greatest = code[measure], lowest[measure], uppermost[measure]
            for lot in range(lots):
                gain[lot] += max(
                    least[own[lot]] - other_least[lot], greatest[own[lot]] - other_greatest[lot]
                ) + ROUNDINGS * (own[lot] != other[lot])
        for lot in range(lots):
            most_gained = max(gain[lot], 0) if capped[lot] else gain[lot]
            room = min(most[lot] - bound[lot], most_gained + own_base[lot] - base[lot])
            stay[lot] = (room > 0) | ((room == 0) & (own_place[lot] <= place[lot]))
            counts[lot] += stay[lot]
