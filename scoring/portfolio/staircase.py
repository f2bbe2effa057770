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

from scoring.portfolio.sieve import hidden, stretch

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Rows = NDArray[np.int16]
Bools = NDArray[np.bool_]

NOBODY = -1
ROOM = 1 << 14  # steps of one lot; one that has more is walked by the slow path


@njit(cache=True, nogil=True, error_model="numpy")
def leading_at_start(bases: Ints, others: Ints, own: Ints, places: Rows, cap: int) -> Ints:
    """The row of the only bid of rank 1 of each lot, or nobody; all (n, lots), `own` the points of the measure."""
    bids, lots = bases.shape
    best, leaders = np.full(lots, np.iinfo(np.int64).min), np.full(lots, NOBODY)
    shared = np.zeros(lots, dtype=np.bool_)
    for bid in range(bids):
        for lot in range(lots):
            total = bases[bid, lot] + min(others[bid, lot] + own[bid, lot], cap)
            if total > best[lot]:
                best[lot], leaders[lot], shared[lot] = total, bid, False
            elif total == best[lot] and places[bid, lot] == places[leaders[lot], lot]:
                shared[lot] = True
    leaders[shared] = NOBODY
    return leaders


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
def _steps(numerator: int, bid: int, first: float, last: float, steps: Floats, of: Ints, count: int) -> int:
    """Add the steps of a bid on a stretch, one more on each side but not before the start; -1 when there is no room."""
    size = abs(numerator)
    if count < 0 or size == 0:
        return count
    k = _behind(size, first)
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
    if bids == 2:
        return walk_two(
            bases, others, numerators, places, cap, start, end, leader, tops, bottoms, winners, written
        )  # fmt: skip
    for bid in range(bids):
        for other in range(bid):
            first, last = stretch(
                bases[bid], others[bid], numerators[bid] * 0.5, bases[other], others[other], numerators[other] * 0.5,
                cap, start, end,
            )  # fmt: skip
            if first <= last and not hidden(bases, others, numerators, cap, first, last, bid, other):
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
def walk_two(
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
) -> int:
    """The same for two bids: how many of its steps each has behind it is its bonus before the cap, and needs no sum."""
    first, last = stretch(
        bases[0], others[0], numerators[0] * 0.5, bases[1], others[1], numerators[1] * 0.5, cap, start, end
    )  # fmt: skip
    if first > last:
        return written
    size, size2 = abs(numerators[0]), abs(numerators[1])
    behind, behind2 = _behind(size, first), _behind(size2, first)
    stop = min(end, last * (1.0 + 1e-12) + 1e-12)
    at, at2 = (2.0 * behind + 1.0) / size, (2.0 * behind2 + 1.0) / size2  # infinite where a bid has no steps
    while True:
        now = min(at, at2)
        if now > stop:
            return written
        top, bottom = (2 * behind + 1, size) if at <= at2 else (2 * behind2 + 1, size2)
        if at == now:
            behind += 1
            at = (2.0 * behind + 1.0) / size
        if at2 == now:
            behind2 += 1
            at2 = (2.0 * behind2 + 1.0) / size2
        if now > start:
            lead = bases[0] + min(others[0] + (behind if numerators[0] > 0 else -behind), cap)
            lead -= bases[1] + min(others[1] + (behind2 if numerators[1] > 0 else -behind2), cap)
            if lead == 0:
                lead = places[1] - places[0]
            leads = NOBODY if lead == 0 else int(lead < 0)
            if leads != leader:
                tops[written], bottoms[written], winners[written] = top, bottom, leads
                written += 1
                leader = leads


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _behind(size: int, position: float) -> int:
    """Of the steps of a bid, some that lie before a position: all but the last two at most."""
    return max(int(np.floor((position * size - 1.0) / 2.0)) - 1, 0)


@njit(cache=True, nogil=True, error_model="numpy")
def walk_all(
    bases: Ints,
    others: Ints,
    numerators: Ints,
    places: Rows,
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
