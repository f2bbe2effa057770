"""Criterion points of all bids at real prices, in whole units of the rounding: kernels of 64-bit integers, exact.

Points are a ratio of whole numbers. Where twice the numerator does not fit 64 bits the lot is marked, and scored by
`scoring.evaluate`. Specification 3.6, rounded half away from zero.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from scoring.portfolio.codes import (
    BEST_RATIO,
    HIGH_LOW,
    LINEAR_LOWEST,
    LOWEST_RATIO,
    MEAN_BOUNDED,
    ON_MARK,
    SQUARED_RATIO,
)

LIMIT = float(2**62)
UNMARKED = -1  # the minimum of a criterion on price
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@njit(cache=True, nogil=True, inline="always")
def rounded(top: int, bottom: int) -> int:
    """top ÷ bottom (> 0), rounded half away from zero."""
    if top < 0:
        return -((2 * -top + bottom) // (2 * bottom))
    return (2 * top + bottom) // (2 * bottom)


@njit(cache=True, nogil=True)
def too_large(a: int, b: int, c: int, bottom: float) -> bool:
    """Whether twice the product, or the denominator, passes what 64 bits hold."""
    return 2.0 * abs(float(a)) * abs(float(b)) * abs(float(c)) + 2.0 * bottom >= LIMIT


@njit(cache=True, nogil=True)
def criterion_units(
    offsets: Ints,
    alive: Bools,
    rules: Ints,
    starts: Ints,
    formula: Ints,
    weight: Ints,
    below: Ints,
    scale: Ints,
    first: Ints,
    second: Ints,
    step: Ints,
    price: Ints,
    mark_starts: Ints,
    marks: Ints,
    mark_units: Ints,
    price_units: Ints,
    price_rule: Ints,
    unfit: Bools,
) -> None:
    """Fill `mark_units` and `price_units` of the bids alive, `price_rule` of each lot, and mark `unfit` lots.

    `step` is 10^decimals of each lot. `price_rule` is the criterion on price, -1 when there is none.
    """
    for lot in range(len(offsets) - 1):
        price_rule[lot] = -1
        if unfit[lot]:
            continue
        place = 0
        for rule in range(starts[rules[lot]], starts[rules[lot] + 1]):
            if formula[rule] < ON_MARK:
                price_rule[lot] = rule
                if _price_units(
                    offsets[lot],
                    offsets[lot + 1],
                    alive,
                    price,
                    formula[rule],
                    weight[rule] * step[lot],
                    below[rule],
                    first[rule],
                    second[rule],
                    price_units,
                ):
                    unfit[lot] = True
            else:
                if _mark_units(
                    offsets[lot],
                    offsets[lot + 1],
                    alive,
                    mark_starts,
                    marks,
                    place,
                    formula[rule],
                    weight[rule] * step[lot],
                    below[rule],
                    scale[rule],
                    mark_units,
                ):
                    unfit[lot] = True
                place += 1


@njit(cache=True, nogil=True)
def _mark_units(
    start: int,
    end: int,
    alive: Bools,
    mark_starts: Ints,
    marks: Ints,
    place: int,
    formula: int,
    weight: int,
    below: int,
    scale: int,
    units: Ints,
) -> bool:
    best = scale
    if formula == BEST_RATIO:
        best = 0
        for bid in range(start, end):
            if alive[bid]:
                best = max(best, marks[mark_starts[bid] + place])
    if best == 0:
        return False
    for bid in range(start, end):
        if alive[bid]:
            mark, bottom = marks[mark_starts[bid] + place], best
            if too_large(weight, mark, 1, float(below) * float(bottom)):
                common = np.gcd(mark, bottom)
                mark, bottom = mark // common, bottom // common
                if too_large(weight, mark, 1, float(below) * float(bottom)):
                    return True
            units[bid] += rounded(weight * mark, below * bottom)
    return False


@njit(cache=True, nogil=True)
def _price_units(
    start: int,
    end: int,
    alive: Bools,
    price: Ints,
    formula: int,
    weight: int,
    below: int,
    first: int,
    second: int,
    units: Ints,
) -> bool:
    lowest, highest, count, total, large = 1 << 62, 0, 0, 0, 0.0
    for bid in range(start, end):
        if alive[bid]:
            lowest, highest = min(lowest, price[bid]), max(highest, price[bid])
            count += 1
            total += price[bid]
            large += float(price[bid])
    if large >= LIMIT:
        return True
    for bid in range(start, end):
        if alive[bid]:
            a, b, bottom = ratio(formula, price[bid], lowest, highest, count, total, first, second)
            if b < 0 or too_large(weight, a, b, float(below) * float(bottom)):
                return True
            units[bid] = rounded(weight * a * b, below * bottom)
    return False


@njit(cache=True, nogil=True)
def ratio(
    formula: int, price: int, lowest: int, highest: int, count: int, total: int, first: int, second: int
) -> tuple[int, int, int]:
    """Of the weight: a · b ÷ bottom; b < 0 when that does not fit."""
    if formula == LOWEST_RATIO:
        return lowest, 1, price
    if formula == LINEAR_LOWEST:
        left = 2 * lowest - price
        return (left if left > 0 or first == 1 else 0), 1, lowest
    if formula == HIGH_LOW:
        if highest == lowest:
            return 1, 1, 1
        return highest - price, 1, highest - lowest
    if formula == SQUARED_RATIO:
        common = np.gcd(price, lowest)
        low, own = lowest // common, price // common
        if float(own) * float(own) >= LIMIT:
            return 0, -1, 1
        return low, low, own * own
    if formula == MEAN_BOUNDED:
        if 2.0 * float(count) * float(price) >= LIMIT or 2.0 * float(total) >= LIMIT:
            return 0, -1, 1
        return max(2 * total - count * price, 0), 1, 2 * total
    if price >= first:
        return 0, 1, 1
    return first - max(price, second), 1, first - second


@njit(cache=True, nogil=True)
def over_minimum(
    offsets: Ints, rules: Ints, starts: Ints, minimum: Ints, mark_starts: Ints, marks: Ints, left: Bools
) -> None:
    """Take out of `left` the bids with a mark under its criterion's minimum (`UNMARKED` = a criterion on price).

    Specification 3.3.
    """
    for lot in range(len(offsets) - 1):
        for bid in range(offsets[lot], offsets[lot + 1]):
            if left[bid] and mark_starts[bid + 1] > mark_starts[bid]:
                left[bid] = _reaches(rules[lot], starts, minimum, marks[mark_starts[bid] : mark_starts[bid + 1]])


@njit(cache=True, nogil=True)
def _reaches(rules: int, starts: Ints, minimum: Ints, marks: Ints) -> bool:
    place = 0
    for rule in range(starts[rules], starts[rules + 1]):
        if minimum[rule] != UNMARKED:
            if marks[place] < minimum[rule]:
                return False
            place += 1
    return True
