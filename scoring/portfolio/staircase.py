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

from scoring.portfolio.sieve import hidden, stretches

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Rows = NDArray[np.int16]
Bools = NDArray[np.bool_]

NOBODY = -1
NEAR = 1e-6  # of a step
LOWEST = np.iinfo(np.int64).min


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
def leaders_of(starts: Ints, bases: Ints, others: Ints, own: Ints, places: Rows, cap: int, leaders: Ints) -> None:
    """Of each lot the only bid of rank 1 at the start, as a number of the columns, or nobody."""
    for lot in range(len(starts) - 1):
        best, place, leader = np.iinfo(np.int64).min, 0, NOBODY
        for bid in range(starts[lot], starts[lot + 1]):
            total = bases[bid] + min(others[bid] + own[bid], cap)
            if total > best or (total == best and places[bid] < place):
                best, place, leader = total, places[bid], bid
            elif total == best and places[bid] == place:
                leader = NOBODY
        leaders[lot] = leader


@njit(cache=True, nogil=True, error_model="numpy")
def walk_all(
    starts: Ints,
    bases: Ints,
    others: Ints,
    numerators: Ints,
    places: Rows,
    cap: int,
    start: float,
    end: float,
    leaders: Ints,
    first: int,
    lots: Ints,
    tops: Ints,
    bottoms: Ints,
    winners: Ints,
) -> tuple[int, int]:
    """Walk the lots of `courses.Courses` from `first` on; the next lot, and how many switches were written.

    At t = top ÷ bottom a lot gets another leader. Leaders and winners are numbers of the columns. Stops before a lot
    whose switches the room does not hold.
    """
    longest = 0
    for lot in range(len(starts) - 1):
        longest = max(longest, starts[lot + 1] - starts[lot])
    spans, found = np.empty((3 * longest * longest, 2)), np.empty((3, 2))
    behind, steps = np.empty(longest, dtype=np.int64), np.empty(longest)
    written = 0
    for lot in range(first, len(starts) - 1):
        begin, stop = starts[lot], starts[lot + 1]
        leader, now = leaders[lot], written
        for span in range(_spans(bases, others, numerators, begin, stop, cap, start, end, spans, found)):
            before = now
            now = _walk(
                bases, others, numerators, places, begin, stop, cap, start, end, leader, spans[span, 0], spans[span, 1],
                tops, bottoms, winners, now, behind, steps,
            )  # fmt: skip
            if now < 0:
                return lot, written
            leader = winners[now - 1] if now > before else leader
        lots[written:now] = lot
        written = now
    return len(starts) - 1, written


@njit(cache=True, nogil=True, error_model="numpy")
def _spans(
    bases: Ints,
    others: Ints,
    numerators: Ints,
    begin: int,
    stop: int,
    cap: int,
    start: float,
    end: float,
    spans: Floats,
    found: Floats,
) -> int:
    """Write the stretches on which the leader of a lot, bids `begin` to `stop`, may change; how many.

    They come in order and apart from each other. `found` is room for those of two bids.
    """
    count = 0
    for bid in range(begin, stop):
        for other in range(begin, bid):
            for near in range(
                stretches(
                    bases[bid], others[bid], numerators[bid] * 0.5, bases[other], others[other],
                    numerators[other] * 0.5, cap, start, end, found,
                )
            ):  # fmt: skip
                first, last = found[near, 0], found[near, 1]
                if not hidden(bases, others, numerators, begin, stop, cap, first, last, bid, other):
                    _put(spans, count, first, last)
                    count += 1
    apart = 0
    for span in range(count):
        if apart and spans[span, 0] <= spans[apart - 1, 1]:
            spans[apart - 1, 1] = max(spans[apart - 1, 1], spans[span, 1])
        else:
            spans[apart, 0], spans[apart, 1] = spans[span, 0], spans[span, 1]
            apart += 1
    return apart


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _put(spans: Floats, count: int, first: float, last: float) -> None:
    """Put a stretch in its place among so many others, which begin in order."""
    at = count
    while at > 0 and spans[at - 1, 0] > first:
        spans[at, 0], spans[at, 1] = spans[at - 1, 0], spans[at - 1, 1]
        at -= 1
    spans[at, 0], spans[at, 1] = first, last


@njit(cache=True, nogil=True, error_model="numpy")
def _walk(
    bases: Ints,
    others: Ints,
    numerators: Ints,
    places: Rows,
    begin: int,
    stop: int,
    cap: int,
    start: float,
    end: float,
    leader: int,
    first: float,
    last: float,
    tops: Ints,
    bottoms: Ints,
    winners: Ints,
    written: int,
    behind: Ints,
    steps: Floats,
) -> int:
    """Write each change of one lot's leader on a stretch; how many are written in all, -1 where the room is full.

    How many of its steps a bid has behind it is its bonus before the cap: no product is taken.
    """
    bids = stop - begin
    for bid in range(bids):
        behind[bid] = _behind(abs(numerators[begin + bid]), first)
        steps[bid] = _next(numerators[begin + bid], behind[bid], others[begin + bid], cap)
    while True:
        now, one = steps[0], 0
        for bid in range(1, bids):
            if steps[bid] < now:
                now, one = steps[bid], bid
        if now > last:
            return written
        top, bottom = 2 * behind[one] + 1, abs(numerators[begin + one])
        best, place, leads = LOWEST, 0, NOBODY
        for bid in range(bids):
            each = begin + bid
            if steps[bid] == now:
                behind[bid] += 1
                steps[bid] = _next(numerators[each], behind[bid], others[each], cap)
            total = bases[each] + min(others[each] + (behind[bid] if numerators[each] > 0 else -behind[bid]), cap)
            if total > best or (total == best and places[each] < place):
                best, place, leads = total, places[each], each
            elif total == best and places[each] == place:
                leads = NOBODY
        if leads != leader and now >= first and now > start:  # before, not all steps are counted in their order
            if written == len(tops):
                return -1
            tops[written], bottoms[written], winners[written] = top, bottom, leads
            written += 1
            leader = leads


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _next(numerator: int, behind: int, other: int, cap: int) -> float:
    """The position of a bid's next step; infinite where it has none, or none that still raises it under the cap."""
    if numerator > 0 and other + behind >= cap:
        return np.inf
    return float((2.0 * behind + 1.0) / abs(numerator))


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _behind(size: int, position: float) -> int:
    """How many steps of a bid lie before a position: none of those at it, nor any that floats cannot tell from it."""
    return max(int(np.floor((position * size - 1.0) / 2.0 - NEAR)) + 1, 0)
