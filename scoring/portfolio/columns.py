"""A snapshot made ready for a policy: everything the amounts of its measures and its cap do not change.

Drivers, predicates, exclusions and criterion points are exact. What is left of a bid is a whole number of units, its
place when totals are equal, and one coefficient for each measure: the kernels need no more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.drivers import ZERO
from scoring.measures import KINDS
from scoring.policy import Measure, Policy
from scoring.portfolio import order, points
from scoring.portfolio.coded import Coded, constant
from scoring.portfolio.exact import units_of
from scoring.portfolio.gauges import Gauges
from scoring.portfolio.rules import Rules, rules_of
from scoring.portfolio.snapshot import Snapshot

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
EXACT_FLOAT = 2**53
LATEST = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class Facts:
    """What no policy changes: prices in cents, the rules, and what the rules leave out."""

    snapshot: Snapshot
    rules: Rules
    price: Ints
    priced: Bools
    start: Ints  # what the evaluated price begins with: the price, or the cost where the lot competes on it
    marks: Ints
    mark_starts: Ints
    step: Ints  # of a lot, 10^decimals
    submitted: Ints
    left: Bools  # admissible, and no mark under its minimum
    unfit: Bools  # lots with a number that does not fit the kernels

    @property
    def lots(self) -> int:
        return len(self.snapshot)


def facts_of(snapshot: Snapshot, *, heed: Callable[[], None] = lambda: None) -> Facts:
    """Read the columns that every policy shares. `heed` is called now and then, and may end it by raising."""
    rules = rules_of(snapshot)
    heed()
    lots = snapshot.lot_of_bid
    price, price_fits = units_of(snapshot.bid("price"))
    cost, cost_fits = units_of(snapshot.bid("cost"))
    heed()
    on_cost = rules.uses_cost[rules.rules_of][lots]
    column = snapshot.bid("marks")
    marks, marks_fit = units_of(column.values)
    mark_starts = np.asarray(column.offsets).astype(np.int64)
    heed()
    unfit = rules.unfit[rules.rules_of].copy()
    small = (price_fits & cost_fits) & (np.maximum(price, cost) < EXACT_FLOAT)
    unfit[lots[~small]] = True
    if not marks_fit.all():
        unfit[lots[np.unique(np.searchsorted(mark_starts, np.flatnonzero(~marks_fit), side="right") - 1)]] = True
    admissible = np.asarray(snapshot.bid("admissible"))
    left = admissible.copy()
    points.over_minimum(snapshot.offsets, rules.rules_of, rules.starts, rules.minimum, mark_starts, marks, left)
    submitted = snapshot.bid("submitted_at")
    moments = np.asarray(submitted.cast("int64").fill_null(LATEST))
    decimals = np.asarray(snapshot.lot("decimals")).astype(np.int64)
    return Facts(
        snapshot,
        rules,
        price,
        np.asarray(snapshot.bid("price").is_valid()),
        np.where(on_cost, cost, price),
        marks,
        mark_starts,
        10**decimals,
        moments,
        left,
        unfit,
    )


@dataclass(frozen=True, eq=False)
class Columns:
    """A snapshot under a policy.

    `alive` are the bids that are ranked; `units` their points of criteria at real prices, `place` decides between
    equal totals (the smaller one first; the same one: they stay tied). `measures` are those that move points, prices
    or totals, each with its coefficient for every bid, 0 where its `when` does not hold. Lots that are `moving` have a
    measure on prices or totals, `unfit` ones are for `scoring.evaluate` alone.
    """

    facts: Facts
    policy: Policy | None
    alive: Bools
    units: Ints
    mark_units: Ints
    price_rule: Ints
    place: Ints
    measures: tuple[Measure, ...]
    coefficients: tuple[Coded, ...]
    moving: Bools
    unfit: Bools
    european_share: Coded
    environment: Coded
    gauges: Gauges | None


def columns_of(
    facts: Facts, policy: Policy | None, *, local_area: str = "", heed: Callable[[], None] = lambda: None
) -> Columns:
    """Make a snapshot ready for a policy. `heed` is called now and then, and may end it by raising.

    Raises BadScenario when the policy reads what a lot does not have.
    """
    snapshot, rules = facts.snapshot, facts.rules
    bids = snapshot.bids
    gauges = None if policy is None else Gauges(snapshot, policy, local_area=local_area)
    alive = facts.left.copy()
    measures, coefficients = [], []
    moving = np.zeros(facts.lots, dtype=bool)
    for measure in () if policy is None else policy.measures:
        heed()
        kind = KINDS[measure.kind]
        if kind.acts_on == "report" or gauges is None:
            continue
        holds = gauges.holds(measure.when)
        if kind.excludes is not None:
            alive &= ~(holds & _excluded(measure, gauges, bids))
        elif measure.driver is not None:
            driver = gauges(measure.driver).map(measure.curve.value)
            held = Coded(np.where(holds, driver.codes, len(driver.values)), [*driver.values, ZERO])
            measures.append(measure)
            coefficients.append(held)
            if kind.acts_on != "points":
                moving[snapshot.lot_of_bid[holds]] = True
    heed()
    mark_units, price_units = np.zeros(bids, dtype=np.int64), np.zeros(bids, dtype=np.int64)
    price_rule, unfit = np.zeros(facts.lots, dtype=np.int64), facts.unfit.copy()
    points.criterion_units(
        snapshot.offsets, alive, rules.rules_of, rules.starts, rules.formula, rules.weight, rules.below, rules.scale,
        rules.first, rules.second, facts.step, facts.start, facts.mark_starts, facts.marks,
        mark_units, price_units, price_rule, unfit,
    )  # fmt: skip
    heed()
    share = constant(ZERO, bids) if gauges is None else gauges(gauges.european_share_driver)
    environment = constant(ZERO, bids) if gauges is None else gauges(gauges.environment_driver)
    heed()
    return Columns(
        facts=facts,
        policy=policy,
        alive=alive,
        units=mark_units + price_units,
        mark_units=mark_units,
        price_rule=price_rule,
        place=places(facts, alive, share, environment),
        measures=tuple(measures),
        coefficients=tuple(coefficients),
        moving=moving,
        unfit=unfit,
        european_share=share,
        environment=environment,
        gauges=gauges,
    )


def _excluded(measure: Measure, gauges: Gauges, bids: int) -> Bools:
    excludes = KINDS[measure.kind].excludes
    assert excludes is not None
    amount = ZERO if measure.amount is None else measure.amount
    driver = constant(ZERO, bids) if measure.driver is None else gauges(measure.driver)
    return driver.test(lambda value: excludes(value, amount))


def places(
    facts: Facts, alive: Bools, share: Coded, environment: Coded, kept: Callable[[list[str]], list[str]] = list
) -> Ints:
    """Per bid alive, its place in the lot when totals are equal: 0 for the first, the same for those that stay tied.

    `kept` gives those of a lot's rules of tie-break that count, if not all of them do.
    """
    snapshot = facts.snapshot
    keys = {
        "lower_price": facts.price,
        "higher_environment": -environment.places,
        "higher_european_share": -share.places,
        "earlier_submission": facts.submitted,
    }
    found, ranks = np.zeros(snapshot.bids, dtype=np.int64), np.zeros(snapshot.bids, dtype=np.int64)
    codes, texts = snapshot.coded("tie_break")
    for code, text in enumerate(texts):
        names = kept(str(text).split())
        chosen = alive if len(texts) == 1 else alive & (codes == code)[snapshot.lot_of_bid]
        columns = np.array([keys[name] for name in names], dtype=np.int64).reshape(len(names), snapshot.bids)
        order.fill_places(snapshot.offsets, chosen, columns, found, ranks)
    return found
