"""Where two unrounded totals come near each other as one amount rises: what the walk over the steps need not look at.

Unrounded, a total is a line with a bend at the cap; positions are those of `staircase`.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

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
def _gap(base: int, other: int, slope: float, base2: int, other2: int, slope2: float, cap: float, at: float) -> float:
    return base + min(other + at * slope, cap) - base2 - min(other2 + at * slope2, cap)


@njit(cache=True, nogil=True, error_model="numpy")
def stretches(
    base: int,
    other: int,
    slope: float,
    base2: int,
    other2: int,
    slope2: float,
    cap: float,
    start: float,
    end: float,
    found: Floats,
) -> int:
    """Write to `found` (3, 2) the stretches that hold every position at which two totals are within `SLACK`; how many.

    Between two bends both totals are straight lines: there is one stretch at most before, between and after them.
    """
    bend = min(max((cap - other) / slope, start), end) if slope != 0.0 else end
    bend2 = min(max((cap - other2) / slope2, start), end) if slope2 != 0.0 else end
    near, far = min(bend, bend2), max(bend, bend2)
    count = 0
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
            found[count, 0], found[count, 1] = one, two
            count += 1
        left, left_gap = right, gap
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def hidden(
    bases: Ints,
    others: Ints,
    numerators: Ints,
    begin: int,
    stop: int,
    cap: float,
    first: float,
    last: float,
    bid: int,
    other: int,
) -> bool:
    """Whether on a whole stretch a third bid of `begin` to `stop` stays above one of two: where these change places
    does not matter then.

    Between two positions a line with a bend at the cap is lowest and highest at one of them.
    """
    bid_high = _ends(bases, others, numerators, cap, first, last, bid)[1]
    other_high = _ends(bases, others, numerators, cap, first, last, other)[1]
    high = min(bid_high, other_high) + SLACK
    for third in range(begin, stop):
        if third not in (bid, other) and _ends(bases, others, numerators, cap, first, last, third)[0] > high:
            return True
    return False


@njit(cache=True, nogil=True, error_model="numpy", inline="always")
def _ends(
    bases: Ints, others: Ints, numerators: Ints, cap: float, first: float, last: float, bid: int
) -> tuple[float, float]:
    """The lower and the higher of a bid's unrounded totals at two positions."""
    slope = numerators[bid] * 0.5
    one, two = min(others[bid] + first * slope, cap), min(others[bid] + last * slope, cap)
    return bases[bid] + min(one, two), bases[bid] + max(one, two)
