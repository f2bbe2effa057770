"""What a price is worth: its points beside a field of prices, what a step of price changes, what it must be to win.

No part of a score sheet: for whoever chooses a formula, and tries a method on invented bids before any bid came.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from scoring.case import Bid, Case, Criterion
from scoring.formulas import FORMULAS, Field
from scoring.ranking import Contest
from scoring.standing import Standing, standing

CENT = Fraction(1, 100)


def points_at(criterion: Criterion, price: Fraction, field: Field) -> Fraction:
    """The exact points of an evaluated price (> 0) under a criterion on prices, beside ``field``."""
    return Fraction(*FORMULAS[criterion.formula].points(price, field, criterion.weight, criterion.params))


def points_of_step(criterion: Criterion, price: Fraction, step: Fraction, field: Field) -> Fraction:
    """What a bid at ``price`` has more than one dearer by ``step``, exact; the field stays as it is."""
    return points_at(criterion, price, field) - points_at(criterion, price + step, field)


def cents_for_points(criterion: Criterion, price: Fraction, points: Fraction, field: Field) -> int | None:
    """By how many cents a bid at ``price`` must be cheaper to gain ``points`` or more; the fewest.

    The field stays as it is, so that the price stays at its lowest or above; None where no such price gains as much.
    """
    most = int((price - field.lowest) / CENT)
    aim = points_at(criterion, price, field) + points

    def gains(cents: int) -> bool:
        return points_at(criterion, price - cents * CENT, field) >= aim

    return _boundary(gains, most, 0) if most > 0 and gains(most) else None


def winning_price(case: Case, bid_id: str) -> Fraction | None:
    """A price at which a losing bid would win where one cent more would not, everything else as it is.

    In whole cents below its own; its cost, where it has one, falls by as much. None when it does not even win at the
    lowest price there is. Both sides of the answer are evaluated: it holds whatever the formula.
    """
    bid = next(each for each in case.bids if each.id == bid_id)
    assert bid.price is not None, "an excluded bid has no price to lower"
    most = int(min(bid.price, bid.cost or bid.price) / CENT) - 1
    placed = [standing(each, case) for each in case.bids if each.id != bid_id]
    others = [each for each in placed if isinstance(each, Standing)]

    def wins(cents: int) -> bool:
        own = standing(_cheaper(bid, cents * CENT), case)
        return isinstance(own, Standing) and Contest(case, [own, *others]).first(range(len(others) + 1)) == 0

    return bid.price - _boundary(wins, most, 0) * CENT if most > 0 and wins(most) else None


def at_equal_prices(case: Case) -> Case:
    """The case with every price, and every cost, at the lowest of them."""
    price = min(bid.price for bid in case.bids if bid.price is not None)
    cost = min((bid.cost for bid in case.bids if bid.cost is not None), default=None)
    return replace(case, bids=tuple(replace(bid, price=price, cost=bid.cost and cost) for bid in case.bids))


def _boundary(holds: Callable[[int], bool], yes: int, no: int) -> int:
    """Between ``yes``, where it holds, and ``no``, where it does not: a number where it holds, beside one where not."""
    while yes - no > 1:
        middle = (yes + no) // 2
        yes, no = (middle, no) if holds(middle) else (yes, middle)
    return yes


def _cheaper(bid: Bid, amount: Fraction) -> Bid:
    assert bid.price is not None, "an excluded bid has no price to lower"
    return replace(bid, price=bid.price - amount, cost=None if bid.cost is None else bid.cost - amount)
