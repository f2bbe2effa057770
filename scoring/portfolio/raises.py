"""Whether winners still win at a raised price, lot after lot: compiled, exact, or said to be in doubt.

Where no measure moves a price, all are whole numbers: points of marks and bonuses are known, those of the price are
computed anew, by 64-bit integers, or where these do not fit by a float and the bound of its error. Where measures move
prices, all is float and bound (`kernels`).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from scoring.portfolio.codes import HIGH_LOW, LINEAR_LOWEST, LOWEST_RATIO, MEAN_BOUNDED, SQUARED_RATIO
from scoring.portfolio.kernels import ULP, add_up_totals, evaluate_prices, whole_units
from scoring.portfolio.points import LIMIT, ratio, rounded, too_large

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
LOSES, WINS, DOUBT = 0, 1, 2
EXACT = 2**53  # cents: above it a float does not hold every whole number


@njit(cache=True, nogil=True, error_model="numpy")
def by_points(
    starts: Ints,
    own: Ints,
    prices: Ints,
    begins: Ints,
    units: Ints,
    before: Ints,
    after: Ints,
    by_price: Bools,
    formula: Ints,
    weight: Ints,
    below: Ints,
    first: Ints,
    second: Ints,
    tops: Ints,
    bottoms: Ints,
    raises: Ints,
    active: Bools,
    answers: NDArray[np.int8],
) -> None:
    """Answer for each active lot whose measures move no price.

    The bids of lot i stand from starts[i] to starts[i + 1], its winner at own[i]: real prices, the prices that the
    criterion reads (`begins`: the cost, perhaps), units of all but the price, and their places in a tie `before` and
    `after` the rule of the lower price, where `by_price`. Per lot the criterion on price (formula -1 = none), its
    weight in units being weight ÷ below, and the raise in cents. Totals are scaled by tops ÷ bottoms (measures, bids).
    """
    for lot in range(len(own)):
        if not active[lot]:
            continue
        start, end, mine, raised = starts[lot], starts[lot + 1], own[lot], raises[lot]
        begins[mine] += raised
        lowest, highest, total, large = 1 << 62, 0, 0, 0.0
        for bid in range(start, end):
            lowest, highest = min(lowest, begins[bid]), max(highest, begins[bid])
            total += begins[bid]
            large += float(begins[bid])
        answer = DOUBT if highest >= EXACT or large >= LIMIT else WINS
        mark = 0
        for turn in range(end - start + 1):  # the winner first, then everybody else
            bid = mine if turn == 0 else start + turn - 1
            if answer != WINS or (turn and bid == mine):
                continue
            score, sure = units[bid], True
            if formula[lot] >= 0:
                points, sure = _price_units(
                    formula[lot], begins[bid], lowest, highest, end - start, total, weight[lot], below[lot],
                    first[lot], second[lot],
                )  # fmt: skip
                score += points
            for measure in range(len(tops)):
                if sure and tops[measure, bid] != bottoms[measure, bid]:
                    sure = not too_large(score, tops[measure, bid], 1, float(bottoms[measure, bid]))
                    score = rounded(score * tops[measure, bid], bottoms[measure, bid]) if sure else 0
            if not sure:
                answer = DOUBT
            elif turn == 0:
                mark = score
            elif score > mark or (
                score == mark and not _ahead(mine, bid, raised, prices, before, after, by_price[lot])
            ):
                answer = LOSES
        begins[mine] -= raised
        answers[lot] = answer


@njit(cache=True, nogil=True, error_model="numpy")
def _price_units(
    formula: int,
    price: int,
    lowest: int,
    highest: int,
    count: int,
    total: int,
    weight: int,
    below: int,
    first: int,
    second: int,
) -> tuple[int, bool]:
    """Units of the criterion on price, and whether they are sure."""
    a, b, bottom = ratio(formula, price, lowest, highest, count, total, first, second)
    if b >= 0 and not too_large(weight, a, b, float(below) * float(bottom)):
        return rounded(weight * a * b, below * bottom), True
    exact, bound = _float_points(formula, price, lowest, highest, count, total, first, second)
    scale = float(weight) / float(below)
    units = whole_units(exact * scale, (bound + abs(exact) * 4.0 * ULP) * scale)
    return (0, False) if np.isnan(units) else (int(units), True)


@njit(cache=True, nogil=True, error_model="numpy")
def _float_points(
    formula: int, price: int, lowest: int, highest: int, count: int, total: int, first: int, second: int
) -> tuple[float, float]:
    """Points per unit of weight of prices in whole cents, under 2^53, and a bound of their error."""
    if formula in (LOWEST_RATIO, SQUARED_RATIO):
        part = float(lowest) / float(price)
        return (part if formula == LOWEST_RATIO else part * part), 4.0 * ULP * part
    if formula == LINEAR_LOWEST:
        part = float(price) / float(lowest)
        left = 2.0 - part
        return (left if left > 0.0 or first == 1 else 0.0), 4.0 * ULP * (2.0 + part)
    if formula == HIGH_LOW:
        return (1.0 if highest == lowest else float(highest - price) / float(highest - lowest)), 4.0 * ULP
    if formula == MEAN_BOUNDED:
        part = float(count) * float(price) / (2.0 * float(total))
        return max(1.0 - part, 0.0), 4.0 * ULP * (1.0 + part)
    if price >= first:
        return 0.0, 0.0
    return float(first - max(price, second)) / float(first - second), 4.0 * ULP


@njit(cache=True, nogil=True)
def _ahead(mine: int, other: int, raised: int, prices: Ints, before: Ints, after: Ints, by_price: bool) -> bool:
    """Whether the winner at its raised price is placed before another bid of the same total."""
    if before[mine] != before[other]:
        return before[mine] < before[other]
    if by_price and prices[mine] + raised != prices[other]:
        return prices[mine] + raised < prices[other]
    return after[mine] < after[other]


@njit(cache=True, nogil=True, error_model="numpy")
def by_rule(
    starts: Ints,
    own: Ints,
    prices: Ints,
    begins: Floats,
    units: Ints,
    before: Ints,
    after: Ints,
    by_price: Bools,
    formula: Ints,
    weight: Floats,
    first: Floats,
    second: Floats,
    coefficients: Floats,
    kinds: Ints,
    amounts: Floats,
    halves: Floats,
    tolerances: Floats,
    cap: float,
    raises: Ints,
    active: Bools,
    answers: NDArray[np.int8],
) -> None:
    """Answer for each active lot whose measures move prices: columns as those of `kernels.whole_rule`."""
    longest = 0
    for lot in range(len(own)):
        longest = max(longest, starts[lot + 1] - starts[lot])
    evaluated, errors, totals = np.empty(longest), np.empty(longest), np.empty(longest)
    for lot in range(len(own)):
        if not active[lot]:
            continue
        start, count, mine, raised = starts[lot], starts[lot + 1] - starts[lot], own[lot], raises[lot]
        price = begins[mine]
        begins[mine] = price + raised
        doubt = (
            begins[mine] >= EXACT
            or evaluate_prices(start, count, begins, coefficients, kinds, amounts, evaluated, errors)
            or add_up_totals(
                start, count, units, coefficients, kinds, formula[lot], weight[lot], first[lot], second[lot],
                amounts, halves, tolerances, cap, evaluated, errors, totals,
            )
        )  # fmt: skip
        begins[mine] = price
        answers[lot] = DOUBT if doubt else WINS
        if not doubt:
            mark = totals[mine - start]
            for bid in range(start, start + count):
                score = totals[bid - start]
                if bid != mine and (
                    score > mark
                    or (score == mark and not _ahead(mine, bid, raised, prices, before, after, by_price[lot]))
                ):
                    answers[lot] = LOSES
