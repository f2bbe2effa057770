"""Winners of many lots under many amounts: compiled loops over floats whose every doubt is said.

A total is a whole number of units: criterion points are whole already, and each measure's points are rounded here.
The product amount × coefficient is a float within `tolerance` of the exact one. Where it lies nearer than that to the
boundary between two roundings, the lot is *in doubt* under that scenario, and is scored exactly elsewhere.

Where the coefficients of a measure share a small denominator, products are multiples of a step far wider than the
error: the boundary is then moved between two multiples, and no product can lie near it (`amounts`).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from scoring.portfolio.codes import HIGH_LOW, LINEAR_LOWEST, LOWEST_RATIO, MEAN_BOUNDED, SQUARED_RATIO

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]
Rows = NDArray[np.int16]
Answers = NDArray[np.int32]

NOBODY, IN_DOUBT = -1, -2
ADD_POINTS, SCALE_SCORE, ADD_TO_PRICE, DEDUCT_FROM_PRICE, DEFLATE_PRICE = range(5)
ULP = 2.0**-52


@njit(cache=True, nogil=True, error_model="numpy")
def points_alone(
    keys: Floats,
    coefficients: Floats,
    bids: Numbers,
    lots: Numbers,
    amounts: Floats,
    halves: Floats,
    tolerances: Floats,
    caps: Floats,
    unit: float,
    shift: float,
    twins: bool,
    baseline: Rows,
    start: int,
    size: int,
    answers: Answers,
) -> tuple[int, int]:
    """Winners of lots of n bids where measures add points and nothing else; how many answers, how many doubts.

    Of the lots, `size` from `start` on. bids (n, lots) in the order of their places. keys (n, lots): units · unit − row
    where unit = shift; where `twins` share a place units · unit − place · shift − row, and unit = shift². coefficients:
    (measures, n, lots); amounts, halves and tolerances: (scenarios, measures). Answers (scenario, lot, bid) are written
    where the winner is not the one of `baseline` (by its row in `bids`) or in doubt.
    """
    measures, rows = coefficients.shape[:2]
    end = start + size
    best, second, bonus, margin = np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    written = doubts = 0
    for scenario in range(len(caps)):
        best[:] = -np.inf
        second[:] = -np.inf
        margin[:] = 1.0
        cap = caps[scenario]
        for row in range(rows):
            bonus[:] = 0.0
            for measure in range(measures):
                amount, half = amounts[scenario, measure], halves[scenario, measure]
                tolerance, column = tolerances[scenario, measure], coefficients[measure, row, start:end]
                for lot in range(size):
                    product = amount * column[lot]
                    raised = abs(product) + half
                    whole = np.floor(raised)
                    part = raised - whole
                    margin[lot] = min(margin[lot], min(part, 1.0 - part) - tolerance)
                    bonus[lot] += np.copysign(whole, product)
            own = keys[row, start:end]
            if twins:
                for lot in range(size):
                    key = own[lot] + min(bonus[lot], cap) * unit
                    second[lot] = max(second[lot], min(best[lot], key))
                    best[lot] = max(best[lot], key)
            else:
                for lot in range(size):
                    best[lot] = max(best[lot], own[lot] + min(bonus[lot], cap) * unit)
        for lot in range(size):
            winner = int(np.ceil(best[lot] / shift) * shift - best[lot])
            if twins and np.ceil(second[lot] / shift) == np.ceil(best[lot] / shift):
                winner = NOBODY
            if margin[lot] <= 0.0:
                winner = IN_DOUBT
                doubts += 1
            if winner != baseline[start + lot]:
                answers[0, written], answers[1, written] = scenario, lots[start + lot]
                answers[2, written] = bids[winner, start + lot] if winner >= 0 else winner
                written += 1
    return written, doubts


@njit(cache=True, nogil=True, error_model="numpy")
def whole_rule(
    starts: Ints,
    units: Ints,
    places: Ints,
    prices: Floats,
    coefficients: Floats,
    kinds: Ints,
    formula: Ints,
    weight: Floats,
    first: Floats,
    second: Floats,
    amounts: Floats,
    halves: Floats,
    tolerances: Floats,
    caps: Floats,
    bids: Ints,
    lots: Ints,
    baseline: Ints,
    begin: int,
    size: int,
    answers: Answers,
) -> tuple[int, int]:
    """Winners of lots where measures move prices and totals too; how many answers, how many doubts.

    Of the lots, `size` from `begin` on. The bids of lot i stand from starts[i] to starts[i + 1]: units without those of
    the criterion on price, places when totals are equal, prices (cents, before measures) and coefficients (measures,
    bids).
    Per lot: the formula of the criterion on price (-1 = its points are in the units), its weight in units, its
    parameters. Amounts of `add_points` and caps are in units. Answers are written as by `points_alone`.
    """
    longest = 0
    for lot in range(begin, begin + size):
        longest = max(longest, starts[lot + 1] - starts[lot])
    evaluated, errors, totals = np.empty(longest), np.empty(longest), np.empty(longest)
    written = doubts = 0
    for lot in range(begin, begin + size):
        start, count = starts[lot], starts[lot + 1] - starts[lot]
        for scenario in range(len(caps)):
            doubt = evaluate_prices(
                start, count, prices, coefficients, kinds, amounts[scenario], evaluated, errors
            ) or add_up_totals(
                start, count, units, coefficients, kinds, formula[lot], weight[lot], first[lot], second[lot],
                amounts[scenario], halves[scenario], tolerances[scenario], caps[scenario], evaluated, errors, totals,
            )  # fmt: skip
            winner = IN_DOUBT if doubt else _first(start, count, totals, places)
            doubts += int(doubt)
            if winner != baseline[lot]:
                answers[0, written], answers[1, written] = scenario, lots[lot]
                answers[2, written] = bids[start + winner] if winner >= 0 else winner
                written += 1
    return written, doubts


@njit(cache=True, nogil=True, error_model="numpy")
def evaluate_prices(
    start: int,
    size: int,
    prices: Floats,
    coefficients: Floats,
    kinds: Ints,
    amounts: Floats,
    evaluated: Floats,
    errors: Floats,
) -> bool:
    """Prices after their measures, and a bound of the error of each; whether one cannot be told."""
    for bid in range(size):
        price, relative = prices[start + bid], 0.0
        for measure in range(len(kinds)):
            kind = kinds[measure]
            if kind >= ADD_TO_PRICE:
                product = amounts[measure] * coefficients[measure, start + bid]
                if product != 0.0:
                    factor = 1.0 - product if kind == DEDUCT_FROM_PRICE else 1.0 + product
                    if factor <= 1e-6:
                        return True
                    relative += (4.0 * abs(product) / factor + 4.0) * ULP
                    price = price / factor if kind == DEFLATE_PRICE else price * factor
        evaluated[bid], errors[bid] = price, price * relative
    return False


@njit(cache=True, nogil=True, error_model="numpy")
def add_up_totals(
    start: int,
    size: int,
    units: Ints,
    coefficients: Floats,
    kinds: Ints,
    formula: int,
    weight: float,
    first: float,
    second: float,
    amounts: Floats,
    halves: Floats,
    tolerances: Floats,
    cap: float,
    evaluated: Floats,
    errors: Floats,
    totals: Floats,
) -> bool:
    """The totals in units; whether one cannot be told."""
    lowest, highest, total, error = np.inf, 0.0, 0.0, 0.0
    for bid in range(size):
        lowest, highest = min(lowest, evaluated[bid]), max(highest, evaluated[bid])
        total += evaluated[bid]
        error = max(error, errors[bid])
    for bid in range(size):
        points = 0.0
        if formula >= 0:
            exact, bound = price_points(formula, evaluated[bid], lowest, highest, total / size, error, first, second)
            points = whole_units(exact * weight, bound * weight + abs(exact * weight) * 8.0 * ULP)
            if np.isnan(points):
                return True
        bonus = 0.0
        for measure in range(len(kinds)):
            if kinds[measure] == ADD_POINTS:
                product = amounts[measure] * coefficients[measure, start + bid]
                raised = abs(product) + halves[measure]
                whole = np.floor(raised)
                if min(raised - whole, 1.0 - (raised - whole)) <= tolerances[measure]:
                    return True
                bonus += np.copysign(whole, product)
        score = units[start + bid] + points + min(bonus, cap)
        for measure in range(len(kinds)):
            if kinds[measure] == SCALE_SCORE:
                product = amounts[measure] * coefficients[measure, start + bid]
                score = whole_units(score * (1.0 - product), abs(score) * (abs(product) + 2.0) * 4.0 * ULP)
                if np.isnan(score):
                    return True
        totals[bid] = score
    return False


@njit(cache=True, nogil=True, error_model="numpy")
def price_points(
    formula: int, price: float, lowest: float, highest: float, mean: float, error: float, first: float, second: float
) -> tuple[float, float]:
    """Points per unit of weight (specification 3.6), and a bound of their error; `error` bounds that of each price."""
    slack = error + 16.0 * ULP * highest  # of each price, of their mean, and of a difference of two of them
    if formula == LOWEST_RATIO:
        return lowest / price, 4.0 * slack / lowest
    if formula == LINEAR_LOWEST:
        left = 2.0 - price / lowest
        bound = 4.0 * slack / lowest * (1.0 + price / lowest)
        return (left if left > 0.0 or first == 1.0 else 0.0), bound
    if formula == HIGH_LOW:
        between = highest - lowest
        if error == 0.0 and between == 0.0:
            return 1.0, 0.0
        if between <= 64.0 * slack and not (error == 0.0 and between > 0.0):
            return 0.0, np.inf
        if error == 0.0:
            return (highest - price) / between, 4.0 * ULP  # prices are whole cents: their differences are exact
        return (highest - price) / between, 8.0 * slack / between
    if formula == SQUARED_RATIO:
        return (lowest / price) ** 2, 8.0 * slack / lowest
    if formula == MEAN_BOUNDED:
        left = 1.0 - price / (2.0 * mean)
        return (left if left > 0.0 else 0.0), 4.0 * slack / mean * (1.0 + price / mean)
    if price >= first:
        return 0.0, (np.inf if price - first <= slack else 0.0)
    kept = max(price, second)
    return (first - kept) / (first - second), 4.0 * slack / (first - second)


@njit(cache=True, nogil=True, error_model="numpy")
def whole_units(value: float, bound: float) -> float:
    """`value` rounded half away from zero; not a number when an error of `bound` could change that."""
    raised = abs(value) + 0.5
    whole = np.floor(raised)
    part = raised - whole
    if not min(part, 1.0 - part) > bound + raised * 2.0 * ULP:
        return np.nan
    return np.copysign(whole, value)


@njit(cache=True, nogil=True, error_model="numpy")
def _first(start: int, size: int, totals: Floats, places: Ints) -> int:
    """The only bid of rank 1, or nobody."""
    best, place, winner = -np.inf, 0, NOBODY
    for bid in range(size):
        if totals[bid] > best or (totals[bid] == best and places[start + bid] < place):
            best, place, winner = totals[bid], places[start + bid], bid
        elif totals[bid] == best and places[start + bid] == place:
            winner = NOBODY
    return winner
