"""Who wins under many scenarios: by the sweep, by less careful readings of the same tables, and by whole numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

from bench.asked import EUROPEAN, GREEN
from scoring.policy import Policy
from scoring.portfolio import together
from scoring.portfolio.buckets import Even, Uneven
from scoring.portfolio.scenario import Scenario
from scoring.portfolio.sweep import Study
from scoring.portfolio.winners import Prepared

ALONE = 10  # of so many scenarios one is checked alone too


def whole_units(study: Study) -> tuple[Any, ...]:
    """Per bid: units of criteria, hundredths of the two drivers, place when totals are equal, and its lot."""
    columns = study.prepared(Scenario()).columns
    drivers = [np.rint(coded.floats() * 100).astype(np.int64) for coded in columns.coefficients]
    return columns.units, *drivers, columns.place, study.snapshot.lot_of_bid


def totals(units: Any, share: Any, green: Any, european_amount: int, green_amount: int, cap: int) -> Any:
    """Exact, in units of a hundredth: amounts are whole units, drivers hundredths."""
    bonus = (2 * european_amount * share + 100) // 200 + (2 * green_amount * green + 100) // 200
    return units + np.minimum(bonus, cap)


def wrong(study: Study, scenarios: list[Scenario]) -> int:
    """How many winners differ from those by whole numbers, all scenarios together and some of them one by one."""
    units, share, green, place, lot_of = whole_units(study)
    together = np.tile(study.baseline.winners, (len(scenarios), 1))
    for answers in study.answers(scenarios):
        together[answers.scenarios, answers.lots] = answers.bids
    differing = 0
    for row, scenario in enumerate(scenarios):
        amounts = [int(Fraction(scenario.changes[path]) * 100) for path in (EUROPEAN, GREEN)]
        key = totals(units, share, green, *amounts, 800) * 1024 - place
        best = np.maximum.reduceat(key, study.snapshot.offsets[:-1])
        leads = key == best[lot_of]
        alone = np.add.reduceat(leads.astype(np.int64), study.snapshot.offsets[:-1]) == 1
        expected = np.where(
            alone, np.flatnonzero(leads)[np.cumsum(np.bincount(lot_of, leads).astype(np.int64)) - 1], -1
        )
        differing += int((together[row] != expected).sum())
        if not row % ALONE:
            differing += int((study.winners(scenario) != expected).sum())
    return differing


def sweep(study: Study, policies: list[Policy]) -> int:
    """The sweep over every lot of several bids; how many answers it writes."""
    return _answered(study, policies, study.prepared(Scenario()).gathered.buckets)


def first_of_ties(study: Study, policies: list[Policy]) -> int:
    """The same tables, by somebody who takes the first of equal bids and does not look for another."""
    return _answered(study, policies, _careless(study.prepared(Scenario())))


def _answered(study: Study, policies: list[Policy], buckets: Iterable[Even | Uneven]) -> int:
    amounts = study.prepared(Scenario()).amounts(policies, 2)
    return sum(len(found.lots) for found in together.answers(list(buckets), amounts, study.baseline.winners))


@cache
def _careless(prepared: Prepared) -> list[Even]:
    """Bids in places of their own: the first of those that are tied leads."""
    return [
        replace(
            bucket,
            twins=False,
            places=np.repeat(np.arange(len(bucket.bids), dtype=np.int16)[:, None], len(bucket.lots), 1),
        )
        for bucket in prepared.gathered.buckets
        if isinstance(bucket, Even)
    ]
