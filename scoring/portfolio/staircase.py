"""Where winners change as one amount rises: exact, for every lot.

With the amount a of one measure moving, the bonus of a bid is a staircase, and every step of it is at
a = (2k + 1) ÷ (2 · 10^decimals · coefficient). Two bids change places only where their unrounded totals, lines with a
bend at the cap, are within one unit of each other: half a unit of rounding each. A kernel finds those stretches, walks
the steps inside them in order, and names who leads after each; all of it in whole numbers, after the first sieve.

Positions are counted as t = a · 2 · 10^decimals ÷ denominator, in which the steps of a bid of numerator c are at
(2k + 1) ÷ c: as floats they are in their true order, and equal when equal, while (2k + 1) · c stays under 2^40.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NOBODY = -1
ROOM = 1 << 14  # steps of one lot; one that has more is walked by the slow path
SLACK = 1.0 + 1e-6  # units: the rounding of two totals, and the floats of the sieve


@njit(cache=True, nogil=True, error_model="numpy")
def may_switch(
    bases: Ints, others: Ints, slopes: Floats, cap: float, start: float, end: float, leaders: Ints, marked: Bools
) -> None:
    """Mark the bids (n, lots) that can lead somewhere between two positions, where `leaders` lead at the first.

    bases: points of criteria; others: those of the other measures; in units. slopes: units per position. A leader that
    nobody can pass is not marked.
    """
    bids, lots = bases.shape
    for lot in range(lots):
        leader = leaders[lot]
        if leader < 0:
            for bid in range(bids):
                marked[bid, lot] = True
            continue
        found = False
        base, other, slope = bases[leader, lot], others[leader, lot], slopes[leader, lot]
        bend = (cap - other) / slope if slope != 0.0 else start
        for bid in range(bids):
            if bid != leader:
                own, rest, rise = bases[bid, lot], others[bid, lot], slopes[bid, lot]
                lead = own - base + SLACK
                highest = max(
                    min(rest + start * rise, cap) - min(other + start * slope, cap),
                    min(rest + end * rise, cap) - min(other + end * slope, cap),
                )
                if rise != 0.0:
                    at = min(max((cap - rest) / rise, start), end)
                    highest = max(highest, min(rest + at * rise, cap) - min(other + at * slope, cap))
                at = min(max(bend, start), end)
                highest = max(highest, min(rest + at * rise, cap) - min(other + at * slope, cap))
                if highest + lead >= 0.0:
                    marked[bid, lot] = True
                    found = True
        if found:
            marked[leader, lot] = True


@njit(cache=True, nogil=True, error_model="numpy")
def leading(bases: Ints, others: Ints, numerators: Ints, places: Ints, cap: int, top: int, bottom: int) -> int:
    """The only bid of rank 1 at t = top ÷ bottom, or nobody."""
    best, place, leader = np.iinfo(np.int64).min, 0, NOBODY
    for bid in range(len(bases)):
        total = bases[bid] + min(others[bid] + rounded_half(top * numerators[bid], bottom), cap)
        if total > best or (total == best and places[bid] < place):
            best, place, leader = total, places[bid], bid
        elif total == best and places[bid] == place:
            leader = NOBODY
    return leader


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def rounded_half(top: int, bottom: int) -> int:
    """top ÷ bottom ÷ 2, rounded half away from zero; bottom > 0."""
    return (top + bottom) // (2 * bottom) if top >= 0 else -((bottom - top) // (2 * bottom))


@njit(cache=True, nogil=True, error_model="numpy")
def _gap(base: int, other: int, slope: float, base2: int, other2: int, slope2: float, cap: float, at: float) -> float:
    return base + min(other + at * slope, cap) - base2 - min(other2 + at * slope2, cap)


@njit(cache=True, nogil=True, error_model="numpy")
def stretch(
    base: int, other: int, slope: float, base2: int, other2: int, slope2: float, cap: float, start: float, end: float
) -> tuple[float, float]:
    """The shortest stretch that holds every position at which two totals are within `SLACK`; empty: first > last."""
    bend = min(max((cap - other) / slope, start), end) if slope != 0.0 else end
    bend2 = min(max((cap - other2) / slope2, start), end) if slope2 != 0.0 else end
    near, far = min(bend, bend2), max(bend, bend2)
    first, last = np.inf, -np.inf
    left, left_gap = start, _gap(base, other, slope, base2, other2, slope2, cap, start)
    for right in (near, far, end):
        gap = _gap(base, other, slope, base2, other2, slope2, cap, right)
        low, high = min(left_gap, gap), max(left_gap, gap)
        if low <= SLACK and high >= -SLACK:
            one, two = left, right
            if high > SLACK or low < -SLACK:
                # Where the line between the two ends enters and leaves the band.
                rate = (right - left) / (gap - left_gap)
                enters, leaves = left + (-SLACK - left_gap) * rate, left + (SLACK - left_gap) * rate
                one, two = max(left, min(enters, leaves)), min(right, max(enters, leaves))
            first, last = min(first, one), max(last, two)
        left, left_gap = right, gap
    return first, last


@njit(cache=True, nogil=True, error_model="numpy")
def _steps(numerator: int, bid: int, first: float, last: float, steps: Floats, of: Ints, count: int) -> int:
    """Add the steps of a bid on a stretch, one more on each side but not before the start; -1 when there is no room."""
    size = abs(numerator)
    if count < 0 or size == 0:
        return count
    k = max(int(np.floor((first * size - 1.0) / 2.0)) - 1, 0)
    while True:
        at = (2.0 * k + 1.0) / size
        if at > last * (1.0 + 1e-12) + 1e-12:
            return count
        if at >= first - (first * 1e-12 + 1e-12):
            if count == ROOM:
                return -1
            steps[count], of[count] = at, bid
            count += 1
        k += 1


@njit(cache=True, nogil=True, error_model="numpy")
def walk(
    bases: Ints,
    others: Ints,
    numerators: Ints,
    places: Ints,
    cap: int,
    start: float,
    end: float,
    leader: int,
    tops: Ints,
    bottoms: Ints,
    winners: Ints,
    written: int,
    steps: Floats,
    of: Ints,
) -> int:
    """Write each change of the leader of one lot's bids: at t = top ÷ bottom, and who leads from there on.

    Returns how many were written in all, or -1 when the lot has more steps than there is room for.
    """
    bids = len(bases)
    count = 0
    for bid in range(bids):
        for other in range(bid):
            first, last = stretch(
                bases[bid], others[bid], numerators[bid] * 0.5, bases[other], others[other], numerators[other] * 0.5,
                cap, start, end,
            )  # fmt: skip
            if first <= last:
                count = _steps(numerators[bid], bid, first, last, steps, of, count)
                count = _steps(numerators[other], other, first, last, steps, of, count)
                if count < 0:
                    return -1
    order = np.argsort(steps[:count])
    previous = start
    for each in order:
        if steps[each] <= previous or steps[each] > end:
            continue
        previous = steps[each]
        bottom = abs(numerators[of[each]])
        top = int(np.rint(previous * bottom))
        now = leading(bases, others, numerators, places, cap, top, bottom)
        if now != leader:
            tops[written], bottoms[written], winners[written] = top, bottom, now
            written += 1
            leader = now
    return written


@njit(cache=True, nogil=True, error_model="numpy")
def walk_all(
    bases: Ints,
    others: Ints,
    numerators: Ints,
    places: Ints,
    marked: Bools,
    cap: int,
    start: float,
    end: float,
    leaders: Ints,
    first: int,
    lots: Ints,
    tops: Ints,
    bottoms: Ints,
    winners: Ints,
    unwalked: Bools,
) -> tuple[int, int]:
    """Walk the lots (bids in the order of their places) from `first` on; the next lot, and how many were written.

    Stops early when what is left of the room might not hold the switches of one more lot.
    """
    bids, count = bases.shape
    own, rest = np.empty(bids, dtype=np.int64), np.empty(bids, dtype=np.int64)
    rise, place = np.empty(bids, dtype=np.int64), np.empty(bids, dtype=np.int64)
    rows = np.empty(bids, dtype=np.int64)
    steps, of = np.empty(ROOM), np.empty(ROOM, dtype=np.int64)
    written = 0
    for lot in range(first, count):
        if len(tops) - written < ROOM:
            return lot, written
        chosen, leader = 0, leaders[lot]
        for bid in range(bids):
            if marked[bid, lot]:
                own[chosen], rest[chosen], rise[chosen] = bases[bid, lot], others[bid, lot], numerators[bid, lot]
                place[chosen], rows[chosen] = places[bid, lot], bid
                if bid == leaders[lot]:
                    leader = chosen
                chosen += 1
        if chosen:
            now = walk(
                own[:chosen], rest[:chosen], rise[:chosen], place[:chosen], cap, start, end, leader,
                tops, bottoms, winners, written, steps, of,
            )  # fmt: skip
            if now < 0:
                unwalked[lot] = True
            else:
                for switch in range(written, now):
                    lots[switch] = lot
                    if winners[switch] >= 0:
                        winners[switch] = rows[winners[switch]]
                written = now
    return count, written
