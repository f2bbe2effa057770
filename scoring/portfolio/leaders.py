"""Who leads lots whose measures add points, by tables of whole units: exact without a doubt.

A bid's key under a scenario is (units of its criteria − the most of the lot + capped bonus) · shift + the number of
its row from the last, where shift is a power of two and no less than the rows. The largest key says both the total and,
of equal ones, the first place. Bids that stay tied share a place: a second key counts the rows of each place backwards,
and where the two keys name different bids, nobody leads alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from scoring.portfolio.batches import LANES
from scoring.portfolio.kernels import NOBODY

Ints = NDArray[np.int64]
Masks = NDArray[np.uint64]
Numbers = NDArray[np.int32]
Codes = NDArray[np.uint8 | np.uint16]
Rows = NDArray[np.int16]
STRIP = 2048  # lots at a time, where scenarios go one by one


@njit(cache=True, nogil=True, error_model="numpy")
def side_by_side(
    chosen: Ints,
    starts: Ints,
    bases: Numbers,
    codes: Codes,
    places: Rows,
    bids: Numbers,
    lots: Numbers,
    stands: Rows,
    points: Any,
    caps: Any,
    floor: int,
    shift: int,
    everywhere: Any,
    to_lots: Numbers,
    to_bids: Numbers,
    to_masks: Masks,
    written: int,
) -> int:
    """Winners of the chosen lots of `contests.Contests` under a batch of scenarios; where the next answer stands.

    points (measures, values, LANES) and caps (LANES) are × shift, as of `Tables.lanes`. A base under `floor` is one
    whose bid cannot lead. Lot, bid and mask are written where the winner is not the one of `stands` (by its row); a
    mask has the bits of `everywhere` at most.
    """
    word = points.dtype.type
    last, lowest = shift - 1, np.iinfo(points.dtype).min
    best, other, bonus = np.empty(LANES, points.dtype), np.empty(LANES, points.dtype), np.empty(LANES, points.dtype)
    flags, back = np.empty(LANES, np.uint8), np.empty(shift, np.int64)
    words = flags.view(np.uint64)
    measures = codes.shape[0]
    for lot in chosen:
        start, count, stand = starts[lot], starts[lot + 1] - starts[lot], stands[lot]
        twins = backwards(places, start, count, back)
        best[:] = lowest
        if twins:
            other[:] = lowest
        for row in range(count):
            own = points[0, codes[0, start + row]]
            if measures == 1:  # these loops write what they do not read: others take twice as long
                for lane in range(LANES):
                    bonus[lane] = own[lane]
            else:
                more = points[1, codes[1, start + row]]
                for lane in range(LANES):
                    bonus[lane] = word(own[lane] + more[lane])
                for measure in range(2, measures):
                    more = points[measure, codes[measure, start + row]]
                    for lane in range(LANES):
                        bonus[lane] = word(bonus[lane] + more[lane])
            base = max(bases[start + row], floor) * shift + last
            key, key_back = word(base - row), word(base - back[row])
            for lane in range(LANES):
                best[lane] = max(best[lane], word(min(bonus[lane], caps[lane]) + key))
            if twins:
                for lane in range(LANES):
                    other[lane] = max(other[lane], word(min(bonus[lane], caps[lane]) + key_back))
        missing = everywhere
        for row in range(count):
            mine, mine_back = word(last - row), word(last - back[row])
            if twins:
                for lane in range(LANES):
                    forth = word(best[lane] & word(last)) == mine
                    flags[lane] = forth & (word(other[lane] & word(last)) == mine_back)
            else:
                for lane in range(LANES):
                    flags[lane] = word(best[lane] & word(last)) == mine
            mask = packed(words) & missing
            missing ^= mask
            if mask and row != stand:
                to_lots[written], to_bids[written], to_masks[written] = lots[lot], bids[start + row], mask
                written += 1
            if not missing:
                break
        if missing and stand != NOBODY:
            to_lots[written], to_bids[written], to_masks[written] = lots[lot], NOBODY, missing
            written += 1
    return written


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def backwards(places: Rows, start: int, count: int, back: Ints) -> bool:
    """Of rows first … last of a place write last … first to `back`; whether any share a place."""
    twins, first = False, 0
    for row in range(count):
        if places[start + row] != places[start + first]:
            first = row
        twins |= row > first
        if row + 1 == count or places[start + row + 1] != places[start + row]:
            for one in range(first, row + 1):
                back[one] = first + row - one
    return twins


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def packed(words: Masks) -> Any:
    """64 bytes of 0 or 1, eight in a word, as the bits of one number."""
    mask = np.uint64(0)
    for word in range(8):
        bits = (words[word] * np.uint64(0x0102040810204080)) >> np.uint64(56)
        mask |= bits << np.uint64(8 * word)
    return mask


@njit(cache=True, nogil=True, error_model="numpy")
def one_by_one(
    bases: Numbers,
    codes: Codes,
    mirrored: Rows,
    points: Numbers,
    caps: Numbers,
    floor: int,
    shift: int,
    twins: bool,
    baseline: Rows,
    bids: Numbers,
    lots: Numbers,
    start: int,
    size: int,
    answers: Numbers,
) -> int:
    """The same for few scenarios, one after the other: points (measures, scenarios, values) and caps are × shift."""
    measures, rows = codes.shape[:2]
    last, least, scale = np.int32(shift - 1), np.int32(floor), np.int32(shift)
    bonus, best, other = np.empty(STRIP, np.int32), np.empty(STRIP, np.int32), np.empty(STRIP, np.int32)
    to, about, who = answers[0], answers[1], answers[2]
    written = 0
    for scenario in range(len(caps)):
        cap = caps[scenario]
        for first in range(start, start + size, STRIP):
            end = min(first + STRIP, start + size)
            best[:] = np.iinfo(np.int32).min
            other[:] = np.iinfo(np.int32).min
            for row in range(rows):
                code, worth = codes[0, row, first:end], points[0, scenario]
                if measures == 1:
                    for lot in range(end - first):
                        bonus[lot] = worth[code[lot]]
                else:
                    next_code, more = codes[1, row, first:end], points[1, scenario]
                    for lot in range(end - first):
                        bonus[lot] = np.int32(worth[code[lot]] + more[next_code[lot]])
                    for measure in range(2, measures):
                        next_code, more = codes[measure, row, first:end], points[measure, scenario]
                        for lot in range(end - first):
                            bonus[lot] = np.int32(bonus[lot] + more[next_code[lot]])
                own, place = bases[row, first:end], np.int32(last - row)
                if twins:
                    back = mirrored[row, first:end]
                    for lot in range(end - first):
                        total = np.int32(np.int32(max(own[lot], least) * scale) + min(bonus[lot], cap))
                        best[lot] = max(best[lot], np.int32(total + place))
                        other[lot] = max(other[lot], np.int32(total + np.int32(last - back[lot])))
                else:
                    for lot in range(end - first):
                        total = np.int32(np.int32(max(own[lot], least) * scale) + min(bonus[lot], cap))
                        best[lot] = max(best[lot], np.int32(total + place))
            for lot in range(end - first):
                winner = int(last - (best[lot] & last))
                if twins and mirrored[last - (other[lot] & last), first + lot] != winner:
                    winner = NOBODY
                if winner != baseline[first + lot]:
                    to[written], about[written], who[written] = scenario, first + lot, winner
                    written += 1
    for answer in range(written):  # apart: bids lie far from each other, and are fetched together here
        lot, winner = about[answer], who[answer]
        about[answer] = lots[lot]
        if winner >= 0:
            who[answer] = bids[winner, lot]
    return written
