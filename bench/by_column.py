"""The rule as others write it: columns for pandas and numpy, and floats without a word about their error."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from scoring.policy import Policy
from scoring.portfolio.buckets import BLOCK, Even
from scoring.portfolio.scenario import Scenario
from scoring.portfolio.sweep import Study


@njit(nogil=True, error_model="numpy")
def _plain_floats(units: Any, coefficients: Any, amounts: Any, caps: Any, start: int, size: int, counts: Any) -> None:
    """The same rule in floats without a word about their error: the first of the highest totals."""
    best, leader, bonus = np.empty(size), np.empty(size, dtype=np.int64), np.empty(size)
    for scenario in range(len(caps)):
        best[:] = -np.inf
        for bid in range(units.shape[0]):
            bonus[:] = 0.0
            for measure in range(coefficients.shape[0]):
                amount, column = amounts[scenario, measure], coefficients[measure, bid, start : start + size]
                for lot in range(size):
                    product = amount * column[lot]
                    bonus[lot] += np.copysign(np.floor(abs(product) + 0.5), product)
            row = units[bid, start : start + size]
            for lot in range(size):
                total = row[lot] + min(bonus[lot], caps[scenario])
                leader[lot] = bid if total > best[lot] else leader[lot]
                best[lot] = max(total, best[lot])
        for lot in range(size):
            counts[scenario] += leader[lot] != 0


def plain_floats(study: Study, policies: list[Policy]) -> None:
    """Every lot under every policy."""
    prepared = study.prepared(Scenario())
    counts = np.zeros(len(policies), dtype=np.int64)
    amounts = prepared.amounts(policies, 2)
    for bucket in prepared.gathered.buckets:
        if isinstance(bucket, Even):
            units = np.ceil(bucket.keys / bucket.unit)
            for start in range(0, len(bucket.lots), BLOCK):
                size = min(BLOCK, len(bucket.lots) - start)
                _plain_floats(units, bucket.coefficients, amounts.amounts, amounts.caps, start, size, counts)


def components(study: Study) -> tuple[Any, Any]:
    """The unrounded parts of every bid per unit of weight, six criteria and two drivers; its place when totals tie."""
    columns, facts = study.prepared(Scenario()).columns, study.facts
    lowest = np.minimum.reduceat(facts.price, study.snapshot.offsets[:-1])[study.snapshot.lot_of_bid]
    marks = facts.marks.reshape(-1, 5).T / 10.0**13
    drivers = [coded.floats() for coded in columns.coefficients]
    return np.array([lowest / facts.price, *marks, *drivers]), columns.place


def keys(parts: Any, weights: list[float], place: Any) -> Any:
    """The rule as one writes it for columns: each part rounded to hundredths, the bonus capped, places after totals."""
    rounded = [np.floor(weight * part * 100 + 0.5) for weight, part in zip(weights, parts, strict=True)]
    return (sum(rounded[:6]) + np.minimum(rounded[6] + rounded[7], 800)) * 1024 - place


def by_size(study: Study, parts: Any, place: Any) -> list[tuple[Any, Any]]:
    """The same columns for numpy: of the lots of each size tables of bids by lots."""
    counts = np.diff(study.snapshot.offsets)
    tables = []
    for size in np.unique(counts[counts > 1]):
        bids = study.snapshot.offsets[:-1][counts == size] + np.arange(size)[:, None]
        tables.append((np.ascontiguousarray(parts[:, bids]), place[bids]))
    return tables
