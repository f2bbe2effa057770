"""The exact step curve of one amount: which lots change winner where, and what that adds up to on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.measures import KINDS
from scoring.numbers import rounded_units
from scoring.policy import Policy
from scoring.portfolio import sieve, staircase
from scoring.portfolio.buckets import Even, Numbers, Rows
from scoring.portfolio.contests import Contests
from scoring.portfolio.courses import Courses
from scoring.portfolio.kernels import NOBODY
from scoring.portfolio.problems import BadScenario
from scoring.portfolio.steps import order_of, place_of, same_steps, steps_of
from scoring.portfolio.tables import adds_points
from scoring.portfolio.winners import Prepared
from scoring.problems import gettext_noop

Ints = NDArray[np.int64]
Heed = Callable[[], None]
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


def step_curve(
    prepared: Prepared, policy: Policy, measure_id: str, start: Fraction, end: Fraction, *, heed: Heed = lambda: None
) -> Curve:
    """The switches while the amount of a measure that adds points goes from `start` (at least 0) to `end`.

    `policy` gives the other amounts and the cap. `heed` is called now and then, and may end it by raising. Raises
    BadScenario for another kind of measure, a policy that scales totals, or a range that does not rise.
    """
    place = place_of(prepared.columns, measure_id)
    if not 0 <= start < end:
        raise BadScenario(
            gettext_noop("The amount of %(measure)s is to go from %(start)s to %(end)s: it rises, from 0 or more."),
            measure=measure_id,
            start=start,
            end=end,
        )
    return _Range(prepared, policy, place, start, end, heed).curve()


class _Range:
    """One measure's amount over one range."""

    def __init__(
        self, prepared: Prepared, policy: Policy, place: int, start: Fraction, end: Fraction, heed: Heed
    ) -> None:
        self.measure = prepared.columns.measures[place].id
        self.prepared, self.policy, self.start, self.end, self.heed = prepared, policy, start, end, heed
        self.place, self.coefficients = place, prepared.columns.coefficients[place]
        self.known: dict[tuple[int, Fraction], Ints] = {}  # points of each value of a measure's coefficients, in units
        self.winners = np.full(prepared.columns.facts.lots, NOBODY)
        self.switches: list[tuple[NDArray[np.integer[Any]], ...]] = []  # columns: top, bottom, lot, bid

    def curve(self) -> Curve:
        gathered = self.prepared.gathered
        self._require_few_by_engine()
        self.winners[gathered.settled] = gathered.winners
        even = [bucket for bucket in gathered.buckets if isinstance(bucket, Even)]
        for decimals in {bucket.decimals for bucket in even}:
            self.heed()
            self._of_points([bucket for bucket in even if bucket.decimals == decimals], decimals)
        for bucket in gathered.buckets:
            if not isinstance(bucket, Even):
                for lot in bucket.lots:
                    self._by_engine(int(lot))
        for lot in gathered.unfit:
            self._by_engine(int(lot))
        columns = [np.concatenate(column) for column in zip(*self.switches, strict=True)]
        tops, bottoms, lots, bids = columns or [np.zeros(0, dtype=np.int64)] * 4
        order = order_of(tops, bottoms, lots)
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
        return denominator * largest < SMALL and units < SMALL

    def _of_points(self, buckets: Sequence[Even], decimals: int) -> None:
        """Lots whose measures add points."""
        tables = self.prepared.amounts([self._policy_at(self.start), self._policy_at(self.end)], decimals).tables
        if not self._in_steps(decimals):
            for bucket in buckets:
                self.heed()
                self._in_fractions(bucket)
        elif tables is None:
            for bucket in buckets:
                self.heed()
                self._walk(self._marked(bucket), decimals)
        else:
            contests = Contests.of(buckets, tables.ends(np.arange(2)))
            self.winners[contests.settled] = contests.winners
            self.heed()
            row = sum(map(adds_points, self.prepared.columns.measures[: self.place]))
            self._walk(Courses.of_contests(contests, tables, row, self._numerators()), decimals)

    def _numerators(self) -> Ints:
        """Of each distinct coefficient, over their common denominator."""
        denominator = self.coefficients.denominator
        return np.array([int(value * denominator) for value in self.coefficients.values], dtype=np.int64)

    def _marked(self, bucket: Even) -> Courses:
        """The bids of a bucket that can lead somewhere, where coefficients have too many values for tables."""
        bases, others, own, leaders, cap = self._at_start(bucket)
        numerators = self._numerators()[bucket.own(self.place).codes]
        start, end = self._positions(bucket.decimals)
        marked = np.zeros(bases.shape, dtype=bool)
        sieve.may_switch(bases, others, numerators.astype(np.float64) * 0.5, cap, start, end, leaders, marked)
        return Courses.of_columns(bucket, marked, bases, others, own, numerators)

    def _positions(self, decimals: int) -> tuple[float, float]:
        """The ends of the range as `staircase` counts."""
        scale = Fraction(2 * 10**decimals, self.coefficients.denominator)
        return same_steps(self.start * scale, SMALL), same_steps(self.end * scale, SMALL)

    def _walk(self, courses: Courses, decimals: int) -> None:
        unit, denominator, cap = 10**decimals, self.coefficients.denominator, self._cap(decimals)
        columns = courses.starts, courses.bases, courses.others
        leaders = np.empty(len(courses.lots), dtype=np.int64)
        staircase.leaders_of(*columns, courses.own, courses.places, cap, leaders)
        self.winners[courses.lots] = np.where(leaders == NOBODY, NOBODY, courses.bids[leaders])
        lot, room = 0, ROOM
        while lot < len(courses.lots):
            self.heed()
            lots, tops, bottoms, winners = (np.empty(room, dtype=np.int64) for _ in range(4))
            lot, written = staircase.walk_all(
                *columns, courses.numerators, courses.places, cap, *self._positions(decimals), leaders, lot,
                lots, tops, bottoms, winners,
            )  # fmt: skip
            bids = np.where(winners[:written] == NOBODY, NOBODY, courses.bids[winners[:written]])
            amounts = tops[:written] * denominator, bottoms[:written] * 2 * unit
            self.switches.append((*amounts, courses.lots[lots[:written]], bids))
            room = room if written else 2 * room

    def _in_fractions(self, bucket: Even) -> None:
        bases, others, _own, leaders, cap = self._at_start(bucket)
        marked = np.zeros(bases.shape, dtype=bool)
        slopes = bucket.own(self.place).floats() * float(10**bucket.decimals)
        start, end = float(self.start), float(self.end)
        sieve.may_switch(bases, others, np.ascontiguousarray(slopes), cap, start, end, leaders, marked)
        for which in np.flatnonzero(marked.any(axis=0)):
            self.heed()
            self._one_in_fractions(
                int(bucket.lots[which]), bucket.bids[:, which], bucket.places[:, which], bases[:, which].tolist(),
                others[:, which].tolist(), 10**bucket.decimals, cap,
            )  # fmt: skip

    def _at_start(self, bucket: Even) -> tuple[Ints, Ints, Ints, Ints, int]:
        """Units of the criteria, of the other measures and of this one at the start, who leads there, the cap."""
        unit, cap = 10**bucket.decimals, self._cap(bucket.decimals)
        bases = np.ascontiguousarray(self.prepared.columns.units[bucket.bids])
        others = self._others(bucket, unit)
        own = self._units(bucket, self.place, self.start * unit)
        leaders = staircase.leading_at_start(bases, others, own, bucket.places, cap)
        leading = bucket.bids[leaders, np.arange(len(bucket.lots))]
        self.winners[bucket.lots] = np.where(leaders == NOBODY, NOBODY, leading)
        return bases, others, own, leaders, cap

    def _one_in_fractions(
        self, lot: int, bids: Numbers, places: Rows, own: Sequence[int], rest: Sequence[int], unit: int, cap: int
    ) -> None:
        """Every step of one lot's bids where two totals are near each other, one after the other."""
        values = [self.coefficients.values[code] for code in self.coefficients.codes[bids]]
        leader = int(self.winners[lot])
        slopes = [float(value * unit) for value in values]
        steps: set[Fraction] = set()
        near = np.empty((3, 2))
        for one in range(len(own)):
            for two in range(one):
                count = sieve.stretches(
                    own[one], rest[one], slopes[one], own[two], rest[two], slopes[two], cap,
                    float(self.start), float(self.end), near,
                )  # fmt: skip
                for first, last in near[:count].tolist():
                    steps.update(steps_of(values[one] * unit, first, last), steps_of(values[two] * unit, first, last))
        found = []
        for amount in sorted(step for step in steps if self.start < step <= self.end):
            self.heed()
            totals = [
                base + min(other + rounded_units(amount * unit * value, 0), cap)
                for base, other, value in zip(own, rest, values, strict=True)
            ]
            keys = [(-total, int(place)) for total, place in zip(totals, places, strict=True)]
            now = int(bids[keys.index(min(keys))]) if keys.count(min(keys)) == 1 else NOBODY
            if now != leader:
                leader = now
                found.append((amount, now))
        self._note(lot, found)

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
            steps.update(steps_of(value, float(self.start), float(self.end)))
        self.heed()
        leader = self.winners[lot] = self.prepared.by_engine(lot, self._policy_at(self.start))
        found = []
        for amount in sorted(step for step in steps if self.start < step <= self.end):
            self.heed()
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
