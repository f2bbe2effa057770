"""Hypothetical bids: what measures do to a bid of one operator's country and one country of goods."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product
from math import prod

from scoring.case import Tender
from scoring.drivers import ONE, ZERO, Driver
from scoring.measures import KINDS
from scoring.policy import Measure, Policy

Levels = Mapping[Driver, Fraction]


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Bids whose goods come from one country for `share` of their value, weighted by assurance, the rest unknown.

    `levels` are their values of the drivers that do not read an origin.
    """

    tender: Tender
    policy: Policy
    share: Fraction
    levels: Levels

    def advantage(self, measures: Iterable[Measure], operator: str, goods: str) -> Fraction:
        """What measures that act on one thing do together to the bid of an operator's country with goods of a
        country: a number that is only compared with that of another bid, greater being better for the bid."""
        effects: list[Fraction] = []

        def gauge(driver: Driver) -> Fraction:
            return self._value(driver, goods)

        acts_on = ""
        for measure in measures:
            acts_on = KINDS[measure.kind].acts_on
            if measure.when.holds(self.tender, operator, self.policy.areas, gauge):
                effects.append(_effect(measure, gauge))
        if acts_on == "price":
            return -prod(effects, start=ONE)
        if acts_on == "score":
            return prod(effects, start=ONE)
        if acts_on == "ranking":
            return min(effects, default=ZERO)
        total, cap = sum(effects, ZERO), self.policy.bonus_cap
        return min(total, cap) if acts_on == "points" and cap is not None else total

    def _value(self, driver: Driver, goods: str) -> Fraction:
        if driver.is_origin:
            return self.share if goods in self.policy.areas[driver.name] else ZERO
        return ONE if driver.kind == "one" else self.levels[driver]


def _effect(measure: Measure, gauge: Callable[[Driver], Fraction]) -> Fraction:
    """Factor of a price or a score, points, -1 for an exclusion or a cap exceeded, 1 for a right to match."""
    kind, amount = KINDS[measure.kind], measure.amount or ZERO
    driver = gauge(measure.driver) if measure.driver and kind.needs_driver else ZERO
    if kind.excludes:
        return -ONE if kind.excludes(driver, amount) else ZERO
    if kind.acts_on == "report":
        if measure.kind == "right_to_match":
            return ONE if driver >= amount else ZERO
        return -ONE if driver > amount else ZERO
    moved = amount * measure.coefficient(driver)
    return kind.factor(moved) if kind.factor else moved


def drivers_of(measure: Measure) -> list[Driver]:
    """The drivers the measure reads: its own, if its kind uses one, and those of its predicate."""
    own = [measure.driver] if measure.driver and KINDS[measure.kind].needs_driver else []
    thresholds = (measure.when.driver_below, measure.when.driver_from)
    return own + [threshold[0] for threshold in thresholds if threshold]


def shares(measures: list[Measure], greatest: Fraction) -> list[Fraction]:
    """The shares of origin, up to the greatest that assurance allows, at which the measures may change course."""
    turns = (turn for m in measures for driver, turn in _turns(m) if driver.is_origin)
    return _places(turns, greatest)


def contexts(measures: list[Measure]) -> Iterator[Levels]:
    """Values of the drivers that do not read an origin, so that each measure is met in all it can do.

    For each measure its own drivers (three at most) take every place at which some measure changes course, while
    the others are all at 0, then all at 1.
    """
    turns: dict[Driver, list[Fraction]] = {}
    for measure in measures:
        for driver in drivers_of(measure):
            if driver.kind in ("mark", "environment"):
                turns.setdefault(driver, [])
        for driver, turn in _turns(measure):
            if driver in turns:
                turns[driver].append(turn)
    if not turns:
        yield {}
    for measure in measures:
        own = list(dict.fromkeys(driver for driver in drivers_of(measure) if driver in turns))
        for places in product(*(_places(turns[driver], ONE) for driver in own)):
            for elsewhere in (ZERO, ONE):
                yield dict.fromkeys(turns, elsewhere) | dict(zip(own, places, strict=True))


def _turns(measure: Measure) -> Iterator[tuple[Driver, Fraction]]:
    """Where the measure may change course: points of its curve, its amount if that is a limit, its thresholds."""
    kind = KINDS[measure.kind]
    if measure.driver and kind.needs_driver:
        if kind.acts_on in ("ranking", "report"):
            yield measure.driver, measure.amount or ZERO
        else:
            yield from ((measure.driver, x) for x, _ in measure.curve.points)
    yield from (threshold for threshold in (measure.when.driver_below, measure.when.driver_from) if threshold)


def _places(turns: Iterable[Fraction], greatest: Fraction) -> list[Fraction]:
    """The ends, the turns between them, and two places inside each interval: two lines that differ cannot meet at
    both. From the greatest down, where a difference of origin shows soonest."""
    ends = sorted({ZERO, greatest, *(turn for turn in turns if 0 < turn < greatest)})
    inside = [low + (high - low) * third / 3 for low, high in pairwise(ends) for third in (1, 2)]
    return sorted({*ends, *inside}, reverse=True)
