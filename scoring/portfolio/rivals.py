"""The ranked bids of the lots that somebody wins, ready to be asked: does the winner still win at a higher price?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scoring.case import Case
from scoring.measures import KINDS
from scoring.numbers import rounded_units
from scoring.policy import Policy
from scoring.portfolio import raises as kernels
from scoring.portfolio.amounts import Amounts, Scale
from scoring.portfolio.coded import Coded
from scoring.portfolio.columns import Columns, places
from scoring.portfolio.gathering import KIND_NUMBERS
from scoring.portfolio.kernels import NOBODY
from scoring.portfolio.room import still_wins
from scoring.portfolio.rows import case_of

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
LARGEST_UNITS = 2**40  # of a bonus; lots with a larger one are left to the engine
LARGEST_FACTOR = 2**31  # of the numbers a factor is written with, 0 or more
CASES = 4_096  # kept of lots that the engine is asked about
BY_PRICE = "lower_price"


class Rivals:
    """Who wins each lot under a policy, and against whom."""

    def __init__(self, columns: Columns, policy: Policy | None, winners: Ints, *, local_area: str = "") -> None:
        """`winners` are bids of the snapshot or nobody, per lot; the winner of a lot is ranked in it."""
        facts = columns.facts
        self.winners, self.won = winners, winners != NOBODY
        self.price = np.where(self.won, facts.price[np.maximum(winners, 0)], 0) if len(facts.price) else winners * 0
        ranked = np.bincount(facts.snapshot.lot_of_bid[columns.alive], minlength=facts.lots)
        bonus, fits = _bonus(columns, policy)
        unfit = columns.unfit | ~fits
        self.contested = self.won & ((ranked > 1) | unfit)
        self._columns, self._policy, self._local_area = columns, policy, local_area
        self._cases: dict[int, Case] = {}
        self._by_engine = np.flatnonzero(self.contested & unfit)
        several = self.contested & ~unfit
        factors = _factors(columns, policy)
        moved = columns.moving if factors is None else _priced(columns)
        by_points = _ByPoints(columns, winners, np.flatnonzero(several & ~moved), bonus, factors or [])
        self._fields: list[_ByPoints | _ByRule] = [by_points]
        for step in np.unique(facts.step[several & moved]):
            lots = np.flatnonzero(several & moved & (facts.step == step))
            self._fields.append(_ByRule(columns, winners, lots, policy))

    def win(self, raises: Ints, active: Bools) -> Bools:
        """Which of the active lots their winner still wins at a price so many cents higher."""
        found = np.zeros(len(raises), dtype=bool)
        doubts = [self._by_engine[active[self._by_engine]]]
        for field in self._fields:
            answers = field.ask(raises[field.lots], active[field.lots])
            found[field.lots] = answers == kernels.WINS
            doubts.append(field.lots[answers == kernels.DOUBT])
        for lot in np.concatenate(doubts).tolist():
            place = int(self.winners[lot] - self._columns.facts.snapshot.offsets[lot])
            found[lot] = still_wins(self._case(lot), place, int(raises[lot]))
        found |= active & self.won & ~self.contested
        return found

    def _case(self, lot: int) -> Case:
        if lot not in self._cases:
            if len(self._cases) == CASES:
                self._cases.clear()
            snapshot = self._columns.facts.snapshot
            self._cases[lot] = case_of(snapshot, lot, self._policy, local_area=self._local_area)
        return self._cases[lot]


class _Field:
    """Some lots of several ranked bids, these one lot after the other, and their places in a tie."""

    def __init__(self, columns: Columns, winners: Ints, lots: Ints) -> None:
        facts, rules = columns.facts, columns.facts.rules
        chosen = np.zeros(facts.lots, dtype=bool)
        chosen[lots] = True
        self.lots = lots
        self.bids = np.flatnonzero(columns.alive & chosen[facts.snapshot.lot_of_bid])
        counts = np.bincount(facts.snapshot.lot_of_bid[self.bids], minlength=facts.lots)[lots]
        self.starts = np.concatenate([[0], np.cumsum(counts)])
        self.own = np.searchsorted(self.bids, winners[lots])
        ties = facts.snapshot.lot("tie_break").to_pylist()
        self.by_price = np.array([BY_PRICE in ties[lot].split() for lot in lots.tolist()], dtype=bool)
        self.before, self.after = (
            places(facts, columns.alive, columns.european_share, columns.environment, kept)[self.bids]
            for kept in (_before_price, _after_price)
        )
        self.prices = facts.price[self.bids]
        self.rule = columns.price_rule[lots]
        known = np.maximum(self.rule, 0)
        self.formula = np.where(self.rule >= 0, rules.formula[known], -1)
        self.weight, self.below = rules.weight[known] * facts.step[lots], rules.below[known]
        self.first, self.second = rules.first[known], rules.second[known]


def _before_price(names: list[str]) -> list[str]:
    return names[: names.index(BY_PRICE)] if BY_PRICE in names else names


def _after_price(names: list[str]) -> list[str]:
    return names[names.index(BY_PRICE) + 1 :] if BY_PRICE in names else []


class _ByPoints(_Field):
    """Lots whose measures move no price: whole numbers."""

    def __init__(self, columns: Columns, winners: Ints, lots: Ints, bonus: Ints, factors: list[Coded]) -> None:
        super().__init__(columns, winners, lots)
        shape = len(factors), len(self.bids)
        self._tops, self._bottoms = np.ones(shape, dtype=np.int64), np.ones(shape, dtype=np.int64)
        for row, factor in enumerate(factors):
            codes = factor.codes[self.bids]
            self._tops[row] = np.array([value.numerator for value in factor.values])[codes]
            self._bottoms[row] = np.array([value.denominator for value in factor.values])[codes]
        self._units = columns.mark_units[self.bids] + bonus[self.bids]
        self._begins = columns.facts.start[self.bids]

    def ask(self, raises: Ints, active: Bools) -> NDArray[np.int8]:
        """Of each lot an answer of `raises`."""
        answers = np.zeros(len(self.lots), dtype=np.int8)
        kernels.by_points(
            self.starts, self.own, self.prices, self._begins, self._units, self.before, self.after, self.by_price,
            self.formula, self.weight, self.below, self.first, self.second, self._tops,
            self._bottoms, raises, active, answers,
        )  # fmt: skip
        return answers


class _ByRule(_Field):
    """Lots of one number of decimals whose measures move prices: floats and the bounds of their errors."""

    def __init__(self, columns: Columns, winners: Ints, lots: Ints, policy: Policy | None) -> None:
        super().__init__(columns, winners, lots)
        assert policy is not None  # without one nothing is moved
        decimals = len(str(columns.facts.step[lots[0]])) - 1
        scales = [Scale.of(coded) for coded in columns.coefficients]
        self._amounts = Amounts([policy], columns.measures, scales, decimals)
        self._coefficients = np.array(
            [scale.column(coded)[self.bids] for scale, coded in zip(scales, columns.coefficients, strict=True)]
        )
        self._kinds = np.array([KIND_NUMBERS[measure.kind] for measure in columns.measures], dtype=np.int64)
        self._units = columns.mark_units[self.bids]
        self._begins = columns.facts.start[self.bids].astype(np.float64)
        self._weight = self.weight / self.below

    def ask(self, raises: Ints, active: Bools) -> NDArray[np.int8]:
        """Of each lot an answer of `raises`."""
        answers, amounts = np.zeros(len(self.lots), dtype=np.int8), self._amounts
        kernels.by_rule(
            self.starts, self.own, self.prices, self._begins, self._units, self.before, self.after, self.by_price,
            self.formula, self._weight, self.first.astype(np.float64), self.second.astype(np.float64),
            self._coefficients, self._kinds, amounts.amounts[0], amounts.halves[0], amounts.tolerances[0],
            amounts.caps[0], raises, active, answers,
        )  # fmt: skip
        return answers


def _priced(columns: Columns) -> Bools:
    """Lots with a bid whose price a measure moves."""
    facts = columns.facts
    priced = np.zeros(facts.lots, dtype=bool)
    for measure, coded in zip(columns.measures, columns.coefficients, strict=True):
        if KINDS[measure.kind].acts_on == "price":
            priced[facts.snapshot.lot_of_bid[coded.test(bool)]] = True
    return priced


def _factors(columns: Columns, policy: Policy | None) -> list[Coded] | None:
    """What totals are multiplied by, measure after measure; None where some do not fit."""
    amounts = {} if policy is None else {measure.id: measure.amount for measure in policy.measures}
    found = []
    for measure, coded in zip(columns.measures, columns.coefficients, strict=True):
        amount = amounts[measure.id]
        if KINDS[measure.kind].acts_on == "score" and amount is not None:
            values = [1 - amount * value for value in coded.values]
            if max(max(value.numerator, value.denominator) for value in values) >= LARGEST_FACTOR:
                return None
            found.append(Coded(coded.codes, values))
    return found


def _bonus(columns: Columns, policy: Policy | None) -> tuple[Ints, Bools]:
    """The bonus of every bid in units of its lot, capped; and which lots have bonuses that fit 64 bits."""
    facts = columns.facts
    of_bid = facts.snapshot.lot_of_bid
    bonus, fits = np.zeros(len(of_bid), dtype=np.int64), np.ones(facts.lots, dtype=bool)
    if policy is None:
        return bonus, fits
    by_id = {measure.id: measure for measure in policy.measures}
    for step in np.unique(facts.step):
        decimals, mine = len(str(step)) - 1, facts.step == step
        of_step = mine[of_bid]
        for measure, coded in zip(columns.measures, columns.coefficients, strict=True):
            amount = by_id[measure.id].amount
            if KINDS[measure.kind].acts_on == "points" and amount is not None:
                units = [rounded_units(amount * value, decimals) for value in coded.values]
                if max(map(abs, units), default=0) >= LARGEST_UNITS:
                    fits &= ~mine
                else:
                    bonus[of_step] += np.array(units, dtype=np.int64)[coded.codes[of_step]]
        if policy.bonus_cap is not None:
            bonus[of_step] = np.minimum(bonus[of_step], min(rounded_units(policy.bonus_cap, decimals), LARGEST_UNITS))
    return bonus, fits
