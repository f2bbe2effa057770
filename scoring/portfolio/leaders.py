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

from scoring.portfolio.kernels import NOBODY
from scoring.portfolio.tables import LANES

Numbers = NDArray[np.int32]
Codes = NDArray[np.uint8 | np.uint16]
Rows = NDArray[np.int16]
STRIP = 2048  # lots at a time, where scenarios go one by one


@njit(cache=True, nogil=True, error_model="numpy")
def side_by_side(
    bases: Numbers,
    codes: Codes,
    mirrored: Rows,
    points: Any,
    caps: Any,
    floor: int,
    shift: int,
    twins: bool,
    baseline: Rows,
    scenarios: int,
    bids: Numbers,
    lots: Numbers,
    start: int,
    size: int,
    answers: Numbers,
) -> int:
    """Winners of lots of n bids under many scenarios, `LANES` at a time; how many answers.

    Of the lots, `size` from `start` on. bases and bids (n, lots), codes (measures, n, lots), mirrored (n, lots) as in
    `buckets.Even`; points and caps as of `Tables.lanes`. A base under `floor` is one whose bid cannot lead. Answers
    (scenario, lot, bid) are written where the winner is not the one of `baseline` (by its row).
    """
    word = points.dtype.type
    measures, rows = codes.shape[:2]
    last, lowest = shift - 1, np.iinfo(points.dtype).min
    to, about, who = answers[0], answers[1], answers[2]
    bonus, best, other = np.empty(LANES, points.dtype), np.empty(LANES, points.dtype), np.empty(LANES, points.dtype)
    written = 0
    for group in range(len(caps)):
        cap, first = caps[group], group * LANES
        for lot in range(start, start + size):
            best[:] = lowest
            if twins:
                other[:] = lowest
            for row in range(rows):
                base = max(bases[row, lot], floor) * shift + last
                own = points[0, group, codes[0, row, lot]]
                if measures == 1:  # these loops write what they do not read: others take twice as long
                    for lane in range(LANES):
                        bonus[lane] = own[lane]
                else:
                    more = points[1, group, codes[1, row, lot]]
                    for lane in range(LANES):
                        bonus[lane] = word(own[lane] + more[lane])
                    for measure in range(2, measures):
                        more = points[measure, group, codes[measure, row, lot]]
                        for lane in range(LANES):
                            bonus[lane] = word(bonus[lane] + more[lane])
                key = word(base - row)
                if twins:
                    key_back = word(base - mirrored[row, lot])
                    for lane in range(LANES):
                        capped = min(bonus[lane], cap[lane])
                        best[lane] = max(best[lane], word(capped + key))
                        other[lane] = max(other[lane], word(capped + key_back))
                else:
                    for lane in range(LANES):
                        best[lane] = max(best[lane], word(min(bonus[lane], cap[lane]) + key))
            before = baseline[lot]
            differs = word(0)
            if before < 0:
                differs = word(1)
            else:
                stands = word(last - before)
                for lane in range(LANES):
                    differs = word(differs | word(word(best[lane] & word(last)) ^ stands))
                if twins:
                    stands = word(last - mirrored[before, lot])
                    for lane in range(LANES):
                        differs = word(differs | word(word(other[lane] & word(last)) ^ stands))
            if differs != 0:
                for lane in range(min(LANES, scenarios - first)):
                    winner = last - (best[lane] & last)
                    if twins and mirrored[last - (other[lane] & last), lot] != winner:
                        winner = NOBODY
                    if winner != before:
                        to[written], about[written] = first + lane, lots[lot]
                        who[written] = bids[winner, lot] if winner >= 0 else NOBODY
                        written += 1
    return written


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
