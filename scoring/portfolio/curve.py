"""The exact step curve of one amount: which lots change winner where, and what that adds up to on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.measures import KINDS
from scoring.numbers import rounded_units
from scoring.policy import Policy
from scoring.portfolio import sieve, staircase
from scoring.portfolio.buckets import Even
from scoring.portfolio.columns import Columns
from scoring.portfolio.kernels import NOBODY
from scoring.portfolio.problems import BadScenario
from scoring.portfolio.winners import Prepared
from scoring.problems import Phrase, gettext_noop

Ints = NDArray[np.int64]
SMALL = 2**20
ROOM = 1 << 17
NO_CAP = 2**40  # units
BY_ENGINE = 100_000  # steps of lots that are scored whole at each


@dataclass(frozen=True, eq=False)
class Curve:
    """Who leads each lot at the start of the range, and every switch after it, by amount and lot.

    From the amount tops[i] ÷ bottoms[i] on, that one included, bids[i] leads lots[i] (`NOBODY`: several share the first
    rank).
    """

    start: Fraction
    end: Fraction
    winners: Ints
    tops: Ints
    bottoms: Ints
    lots: Ints
    bids: Ints

    def amount(self, switch: int) -> Fraction:
        """Where a switch is."""
        return Fraction(int(self.tops[switch]), int(self.bottoms[switch]))


def step_curve(prepared: Prepared, policy: Policy, measure_id: str, start: Fraction, end: Fraction) -> Curve:
    """The switches while the amount of a measure that adds points goes from `start` (at least 0) to `end`.

    `policy` gives the other amounts and the cap. Raises BadScenario for another kind of measure, a policy that scales
    totals, or a range that does not rise.
    """
    place = _place(prepared.columns, measure_id)
    if not 0 <= start < end:
        raise BadScenario(
            gettext_noop("The amount of %(measure)s is to go from %(start)s to %(end)s: it rises, from 0 or more."),
            measure=measure_id,
            start=start,
            end=end,
        )
    return _Range(prepared, policy, place, start, end).curve()


class _Range:
    """One measure's amount over one range."""

    def __init__(self, prepared: Prepared, policy: Policy, place: int, start: Fraction, end: Fraction) -> None:
        self.measure = prepared.columns.measures[place].id
        self.prepared, self.policy, self.start, self.end = prepared, policy, start, end
        self.place, self.coefficients = place, prepared.columns.coefficients[place]
        self.known: dict[tuple[int, Fraction], Ints] = {}  # points of each value of a measure's coefficients, in units
        self.winners = np.full(prepared.columns.facts.lots, NOBODY)
        self.switches: list[tuple[NDArray[np.integer[Any]], ...]] = []  # columns: top, bottom, lot, bid

    def curve(self) -> Curve:
        gathered = self.prepared.gathered
        self._require_few_by_engine()
        self.winners[gathered.settled] = gathered.winners
        for bucket in gathered.buckets:
            if isinstance(bucket, Even) and self._in_steps(bucket.decimals):
                self._in_whole_numbers(bucket)
            elif isinstance(bucket, Even):
                self._in_fractions(bucket)
            else:
                for lot in bucket.lots:
                    self._by_engine(int(lot))
        for lot in gathered.unfit:
            self._by_engine(int(lot))
        columns = [np.concatenate(column) for column in zip(*self.switches, strict=True)]
        tops, bottoms, lots, bids = columns or [np.zeros(0, dtype=np.int64)] * 4
        order = np.lexsort((lots, _ordered(tops, bottoms)))
        return Curve(self.start, self.end, self.winners, tops[order], bottoms[order], lots[order], bids[order])

    def _require_few_by_engine(self) -> None:
        """Raises BadScenario when the lots that only the engine can walk have more steps than it takes in a minute."""
        gathered, columns = self.prepared.gathered, self.prepared.columns
        uneven = [bucket.lots for bucket in gathered.buckets if not isinstance(bucket, Even)]
        if not uneven and not len(gathered.unfit):
            return
        by_engine = np.zeros(columns.facts.lots, dtype=bool)
        by_engine[np.concatenate([gathered.unfit, *uneven])] = True
        of_bid = columns.facts.snapshot.lot_of_bid
        slopes = np.abs(self.coefficients.floats()) * columns.facts.step[of_bid]
        steps = float(self.end - self.start) * float(slopes[by_engine[of_bid]].sum())
        if steps > BY_ENGINE:
            raise BadScenario(
                gettext_noop(
                    "Measures move the prices or totals of %(lots)d lots, whose exact curve has some %(steps)d steps; "
                    "at most %(most)d are walked. Ask for single values instead."
                ),
                lots=int(by_engine.sum()),
                steps=int(steps),
                most=BY_ENGINE,
            )

    def _in_steps(self, decimals: int) -> bool:
        """Whether whole numbers of 64 bits hold every step."""
        largest = max([abs(value) for value in self.coefficients.values])
        denominator = self.coefficients.denominator
        largest = max(largest, Fraction(1))
        units = self.end * 10**decimals * largest
        return denominator * largest < SMALL and units < SMALL and self.start.denominator < SMALL

    def _in_whole_numbers(self, bucket: Even) -> None:
        unit, denominator = 10**bucket.decimals, self.coefficients.denominator
        bases, others, leaders, cap = self._at_start(bucket)
        numerators = np.ascontiguousarray(bucket.own(self.place).numerators().astype(np.int64))
        scale = Fraction(2 * unit, denominator)
        start, end = float(self.start * scale), float(self.end * scale)
        marked = np.zeros(bases.shape, dtype=bool)
        sieve.may_switch(bases, others, numerators.astype(np.float64) * 0.5, cap, start, end, leaders, marked)
        lots, tops, bottoms, winners = (np.empty(ROOM, dtype=np.int64) for _ in range(4))
        unwalked, lot = np.zeros(len(bucket.lots), dtype=bool), 0
        while lot < len(bucket.lots):
            lot, written = staircase.walk_all(
                bases,
                others,
                numerators,
                bucket.places,
                marked,
                cap,
                start,
                end,
                leaders,
                lot,
                lots,
                tops,
                bottoms,
                winners,
                unwalked,
            )
            which, bids = lots[:written], bucket.bids[np.maximum(winners[:written], 0), lots[:written]]
            bids = np.where(winners[:written] < 0, NOBODY, bids)
            amounts = tops[:written] * denominator, bottoms[:written] * 2 * unit
            self.switches.append((*amounts, bucket.lots[which], bids))
        for one in np.flatnonzero(unwalked):
            self._one_in_fractions(bucket, int(one), bases, others, int(leaders[one]), cap)

    def _in_fractions(self, bucket: Even) -> None:
        bases, others, leaders, cap = self._at_start(bucket)
        marked = np.zeros(bases.shape, dtype=bool)
        slopes = bucket.own(self.place).floats() * float(10**bucket.decimals)
        start, end = float(self.start), float(self.end)
        sieve.may_switch(bases, others, np.ascontiguousarray(slopes), cap, start, end, leaders, marked)
        for which in np.flatnonzero(marked.any(axis=0)):
            self._one_in_fractions(bucket, int(which), bases, others, int(leaders[which]), cap)

    def _at_start(self, bucket: Even) -> tuple[Ints, Ints, Ints, int]:
        """Points of criteria, those of the other measures, who leads at the start, and the cap; in units."""
        unit, cap = 10**bucket.decimals, self._cap(bucket.decimals)
        bases = np.ascontiguousarray(self.prepared.columns.units[bucket.bids])
        others = self._others(bucket, unit)
        own = self._units(bucket, self.place, self.start * unit)
        leaders = staircase.leading_at_start(bases, others, own, bucket.places, cap)
        leading = bucket.bids[leaders, np.arange(len(bucket.lots))]
        self.winners[bucket.lots] = np.where(leaders == NOBODY, NOBODY, leading)
        return bases, others, leaders, cap

    def _one_in_fractions(self, bucket: Even, which: int, bases: Ints, others: Ints, leader: int, cap: int) -> None:
        """Every step of one lot's bids where two totals are near each other, one after the other."""
        unit = 10**bucket.decimals
        values = [self.coefficients.values[code] for code in self.coefficients.codes[bucket.bids[:, which]]]
        own, rest = bases[:, which].tolist(), others[:, which].tolist()
        slopes = [float(value * unit) for value in values]
        steps: set[Fraction] = set()
        for one in range(len(own)):
            for two in range(one):
                first, last = sieve.stretch(
                    own[one], rest[one], slopes[one], own[two], rest[two], slopes[two], cap,
                    float(self.start), float(self.end),
                )  # fmt: skip
                if first <= last:
                    steps.update(_steps(values[one] * unit, first, last), _steps(values[two] * unit, first, last))
        found = []
        for amount in sorted(step for step in steps if self.start < step <= self.end):
            totals = [
                base + min(other + rounded_units(amount * unit * value, 0), cap)
                for base, other, value in zip(own, rest, values, strict=True)
            ]
            keys = [(-total, int(place)) for total, place in zip(totals, bucket.places[:, which], strict=True)]
            now = keys.index(min(keys)) if keys.count(min(keys)) == 1 else NOBODY
            if now != leader:
                leader = now
                found.append((amount, NOBODY if now == NOBODY else int(bucket.bids[now, which])))
        self._note(int(bucket.lots[which]), found)

    def _by_engine(self, lot: int) -> None:
        """Every step of every bid of a lot, scored whole."""
        columns = self.prepared.columns
        if any(KINDS[measure.kind].acts_on == "score" for measure in columns.measures):
            raise BadScenario(gettext_noop("The policy scales totals: the exact curve of an amount is not known here."))
        snapshot = columns.facts.snapshot
        unit = 10 ** int(snapshot.rows(lot)[0]["decimals"])
        bids = range(int(snapshot.offsets[lot]), int(snapshot.offsets[lot + 1]))
        steps: set[Fraction] = set()
        for bid in bids:
            value = self.coefficients.values[self.coefficients.codes[bid]] * unit
            steps.update(_steps(value, float(self.start), float(self.end)))
        leader = self.winners[lot] = self.prepared.by_engine(lot, self._policy_at(self.start))
        found = []
        for amount in sorted(step for step in steps if self.start < step <= self.end):
            now = self.prepared.by_engine(lot, self._policy_at(amount))
            if now != leader:
                leader = now
                found.append((amount, now))
        self._note(lot, found)

    def _policy_at(self, amount: Fraction) -> Policy:
        measures = [replace(m, amount=amount) if m.id == self.measure else m for m in self.policy.measures]
        return replace(self.policy, measures=tuple(measures))

    def _note(self, lot: int, found: list[tuple[Fraction, int]]) -> None:
        if found:
            rows = [(amount.numerator, amount.denominator, lot, bid) for amount, bid in found]
            kind = np.int64 if max(max(row[:2]) for row in rows) < 2**62 else object
            self.switches.append(tuple(np.array(column, dtype=kind) for column in zip(*rows, strict=True)))

    def _cap(self, decimals: int) -> int:
        return NO_CAP if self.policy.bonus_cap is None else rounded_units(self.policy.bonus_cap, decimals)

    def _others(self, bucket: Even, unit: int) -> Ints:
        total = np.zeros(bucket.bids.shape, dtype=np.int64)
        by_id = {measure.id: measure for measure in self.policy.measures}
        for place, each in enumerate(self.prepared.columns.measures):
            amount = by_id[each.id].amount
            if place != self.place and KINDS[each.kind].acts_on == "points" and amount is not None:
                total += self._units(bucket, place, amount * unit)
        return total

    def _units(self, bucket: Even, place: int, amount: Fraction) -> Ints:
        """The points that a measure of this amount of units gives each bid."""
        coefficients = bucket.own(place)
        if (place, amount) not in self.known:
            points = [rounded_units(amount * value, 0) for value in coefficients.values]
            self.known[place, amount] = np.array(points, dtype=np.int64)
        return self.known[place, amount][coefficients.codes]


def _steps(slope: Fraction, first: float, last: float) -> Iterator[Fraction]:
    """The amounts on a stretch, and a little around it, at which amount × slope (units) comes to a half."""
    size = abs(slope)
    if size:
        for k in range(max(floor(first * float(size) - 0.5) - 1, 0), ceil(last * float(size) - 0.5) + 2):
            yield Fraction(2 * k + 1, 2) / size


def _ordered(tops: Ints, bottoms: Ints) -> NDArray[np.float64] | Ints:
    """Numbers in the order of the amounts: the floats themselves where no two amounts can be nearer than they tell."""
    if tops.dtype != object and len(tops):
        largest = float(bottoms.max()) ** 2 * float((tops / bottoms).max()) * 2.0**-52
        if largest < 0.5 and tops.max() < 2**53:
            return tops / bottoms
    amounts = [Fraction(int(top), int(bottom)) for top, bottom in zip(tops, bottoms, strict=True)]
    places = {amount: place for place, amount in enumerate(sorted(set(amounts)))}
    return np.array([places[amount] for amount in amounts], dtype=np.int64)


def _place(columns: Columns, measure_id: str) -> int:
    for place, measure in enumerate(columns.measures):
        if measure.id == measure_id:
            if KINDS[measure.kind].acts_on != "points":
                raise BadScenario(
                    gettext_noop("The measure %(measure)s does not add points: its exact curve is not known here."),
                    measure=measure_id,
                )
            return place
    known = ", ".join(m.id for m in columns.measures if KINDS[m.kind].acts_on == "points")
    raise BadScenario(
        gettext_noop("The policy has no measure %(measure)s that adds points: it has %(known)s."),
        measure=measure_id,
        known=known or Phrase(gettext_noop("none")),
    )
