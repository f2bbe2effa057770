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
    spans = np.empty((longest * longest, 2))
    behind, steps = np.empty(longest, dtype=np.int64), np.empty(longest)
    written = 0
    for lot in range(first, len(starts) - 1):
        begin, stop = starts[lot], starts[lot + 1]
        own, rest, rise, place = bases[begin:stop], others[begin:stop], numerators[begin:stop], places[begin:stop]
        leader = leaders[lot] - begin if leaders[lot] >= 0 else NOBODY
        now = written
        for span in range(_spans(own, rest, rise, cap, start, end, spans)):
            before = now
            now = _walk(
                own, rest, rise, place, cap, start, end, leader, spans[span, 0], spans[span, 1],
                tops, bottoms, winners, now, behind, steps,
            )  # fmt: skip
            if now < 0:
                return lot, written
            leader = winners[now - 1] if now > before else leader
        for switch in range(written, now):
            lots[switch] = lot
            if winners[switch] >= 0:
                winners[switch] += begin
        written = now
    return len(starts) - 1, written


@njit(cache=True, nogil=True, error_model="numpy")
def _spans(bases: Ints, others: Ints, numerators: Ints, cap: int, start: float, end: float, spans: Floats) -> int:
    """Write the stretches on which a lot's leader may change, in order and apart from each other; how many."""
    count = 0
    for bid in range(len(bases)):
        for other in range(bid):
            first, last = stretch(
                bases[bid], others[bid], numerators[bid] * 0.5, bases[other], others[other], numerators[other] * 0.5,
                cap, start, end,
            )  # fmt: skip
            if first <= last and not hidden(bases, others, numerators, cap, first, last, bid, other):
                at = count
                while at > 0 and spans[at - 1, 0] > first:
                    spans[at, 0], spans[at, 1] = spans[at - 1, 0], spans[at - 1, 1]
                    at -= 1
                spans[at, 0], spans[at, 1] = first, last
                count += 1
    apart = 0
    for span in range(count):
        if apart and spans[span, 0] <= spans[apart - 1, 1]:
            spans[apart - 1, 1] = max(spans[apart - 1, 1], spans[span, 1])
        else:
            spans[apart, 0], spans[apart, 1] = spans[span, 0], spans[span, 1]
            apart += 1
    return apart


@njit(cache=True, nogil=True, error_model="numpy")
def _walk(
    bases: Ints,
    others: Ints,
    numerators: Ints,
    places: Rows,
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
    bids = len(bases)
    for bid in range(bids):
        behind[bid] = _behind(abs(numerators[bid]), first)
        steps[bid] = (2.0 * behind[bid] + 1.0) / abs(numerators[bid])  # infinite where a bid has no steps
    sure = first * (1.0 - 1e-12) - 1e-12  # before it some bids have steps counted that others have not come to
    stop = min(end, last * (1.0 + 1e-12) + 1e-12)
    while True:
        now, one = steps[0], 0
        for bid in range(1, bids):
            if steps[bid] < now:
                now, one = steps[bid], bid
        if now > stop:
            return written
        top, bottom = 2 * behind[one] + 1, abs(numerators[one])
        best, place, leads = LOWEST, 0, NOBODY
        for bid in range(bids):
            if steps[bid] == now:
                behind[bid] += 1
                steps[bid] = (2.0 * behind[bid] + 1.0) / abs(numerators[bid])
            total = bases[bid] + min(others[bid] + (behind[bid] if numerators[bid] > 0 else -behind[bid]), cap)
            if total > best or (total == best and places[bid] < place):
                best, place, leads = total, places[bid], bid
            elif total == best and places[bid] == place:
                leads = NOBODY
        if leads != leader and now >= sure and now > start:
            if written == len(tops):
                return -1
            tops[written], bottoms[written], winners[written] = top, bottom, leads
            written += 1
            leader = leads


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _behind(size: int, position: float) -> int:
    """Of the steps of a bid, some that lie before a position: all but the last two at most."""
    return max(int(np.floor((position * size - 1.0) / 2.0)) - 1, 0)
