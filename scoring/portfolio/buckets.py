"""The lots of a policy's columns, gathered by what a kernel can do with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.portfolio import kernels
from scoring.portfolio.amounts import Amounts, Scale
from scoring.portfolio.columns import Columns
from scoring.portfolio.rules import ON_MARK

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BLOCK = 512  # lots at a time: their columns stay in the processor's nearest memory while all scenarios pass
_KINDS = {
    "add_points": kernels.ADD_POINTS,
    "scale_score": kernels.SCALE_SCORE,
    "add_to_price": kernels.ADD_TO_PRICE,
    "deduct_from_price": kernels.DEDUCT_FROM_PRICE,
    "deflate_price": kernels.DEFLATE_PRICE,
}


@dataclass(frozen=True, eq=False)
class Answers:
    """Winners other than the baseline's: of each the scenario, the lot, the bid (or `NOBODY`, `IN_DOUBT`)."""

    scenarios: Ints
    lots: Ints
    bids: Ints


@dataclass(frozen=True, eq=False)
class Even:
    """Lots of n bids each, n > 1, whose measures add points and nothing else; bids in the order of their places."""

    decimals: int
    lots: Ints
    bids: Ints  # (n, lots)
    keys: Floats
    coefficients: Floats  # (measures, n, lots)
    shift: float

    def answers(self, amounts: Amounts, baseline: Ints) -> Iterator[Answers]:
        """`baseline`: the bid that won each lot of the snapshot, or nobody."""
        scenarios = len(amounts.caps)
        room = [np.empty(scenarios * BLOCK, dtype=np.int64) for _ in range(3)]
        standing = _standing(self.bids, baseline[self.lots])
        for start in range(0, len(self.lots), BLOCK):
            written = kernels.points_alone(
                self.keys, self.coefficients, amounts.amounts, amounts.halves, amounts.tolerances, amounts.caps,
                self.shift, standing, start, min(BLOCK, len(self.lots) - start), *room,
            )  # fmt: skip
            which, places, winners = (column[:written] for column in room)
            bids = np.where(winners < 0, winners, self.bids[np.maximum(winners, 0), start + places])
            yield Answers(which.copy(), self.lots[start + places], bids)


@dataclass(frozen=True, eq=False)
class Uneven:
    """Lots of any number of bids whose measures move prices or totals, or whose bids can stay tied."""

    decimals: int
    lots: Ints
    bids: Ints
    starts: Ints
    units: Ints
    places: Ints
    prices: Floats
    coefficients: Floats  # (measures, bids)
    kinds: Ints
    formula: Ints
    weight: Floats
    first: Floats
    second: Floats

    def answers(self, amounts: Amounts, baseline: Ints) -> Iterator[Answers]:
        """`baseline`: the bid that won each lot of the snapshot, or nobody."""
        scenarios = len(amounts.caps)
        room = [np.empty(scenarios * BLOCK, dtype=np.int64) for _ in range(3)]
        winner = baseline[self.lots]
        standing = np.full(len(self.lots), FOREIGN)
        standing[winner == kernels.NOBODY] = kernels.NOBODY
        lot_of = np.repeat(np.arange(len(self.lots)), np.diff(self.starts))
        own = np.flatnonzero(self.bids == winner[lot_of])
        standing[lot_of[own]] = own - self.starts[lot_of[own]]
        for start in range(0, len(self.lots), BLOCK):
            part = slice(start, start + BLOCK)
            written = kernels.whole_rule(
                self.starts[start : start + BLOCK + 1], self.units, self.places, self.prices, self.coefficients,
                self.kinds, self.formula[part], self.weight[part], self.first[part], self.second[part],
                amounts.amounts, amounts.halves, amounts.tolerances, amounts.caps, standing[part], *room,
            )  # fmt: skip
            which, places, winners = (column[:written] for column in room)
            lots = start + places
            bids = np.where(
                winners < 0,
                winners,
                self.bids[np.minimum(self.starts[lots] + np.maximum(winners, 0), len(self.bids) - 1)],
            )
            yield Answers(which.copy(), self.lots[lots], bids)


FOREIGN = -3  # the baseline's winner is not ranked here: whoever wins is another


def _standing(bids: Ints, winner: Ints) -> Ints:
    """Which of the n bids of each lot won before."""
    found = bids == winner
    return np.where(
        winner == kernels.NOBODY, kernels.NOBODY, np.where(found.any(axis=0), found.argmax(axis=0), FOREIGN)
    )


@dataclass(frozen=True, eq=False)
class Gathered:
    """Every lot of a policy's columns, once: in a bucket, settled whatever the amounts, or for the engine alone."""

    buckets: list[Even | Uneven]
    scales: tuple[Scale, ...]
    settled: Ints  # lots of at most one ranked bid
    winners: Ints  # theirs, or nobody
    unfit: Ints


def gather(columns: Columns) -> Gathered:
    """Sort the lots."""
    facts = columns.facts
    lots = np.arange(facts.lots)
    alive = np.flatnonzero(columns.alive)
    lot_of = facts.snapshot.lot_of_bid[alive]
    count = np.bincount(lot_of, minlength=facts.lots)
    last_place = np.full(facts.lots, -1)
    np.maximum.at(last_place, lot_of, columns.place[alive])
    plain = ~columns.moving & (last_place + 1 == count)
    settled = lots[(count < 2) & ~columns.unfit]
    winners = np.full(facts.lots, kernels.NOBODY)
    winners[lot_of] = alive
    scales = tuple(Scale.of(each) for each in columns.coefficients)
    several = (count >= 2) & ~columns.unfit
    decimals = np.asarray(facts.snapshot.lot("decimals"))
    starts = np.concatenate([[0], np.cumsum(count)])
    buckets: list[Even | Uneven] = []
    columns_of = [scale.column(each) for scale, each in zip(scales, columns.coefficients, strict=True)]
    stacked = np.array(columns_of).reshape(len(scales), len(columns.alive))
    for places in np.unique(decimals):
        own = several & (decimals == places)
        for bids in np.unique(count[own & plain]):
            buckets.append(
                _even(columns, stacked, lots[own & plain & (count == bids)], alive, starts, int(bids), int(places))
            )
        rest = lots[own & ~plain]
        if len(rest):
            buckets.append(_uneven(columns, stacked, rest, alive, starts, int(places)))
    return Gathered(buckets, scales, settled, winners[settled], lots[columns.unfit])


def _even(columns: Columns, stacked: Floats, lots: Ints, alive: Ints, starts: Ints, bids: int, decimals: int) -> Even:
    chosen = alive[starts[lots] + np.arange(bids)[:, None]]
    order = np.argsort(columns.place[chosen], axis=0, kind="stable")
    chosen = np.take_along_axis(chosen, order, axis=0)
    shift = float(1 << (bids - 1).bit_length())
    keys = columns.units[chosen] * shift - np.arange(bids)[:, None]
    return Even(decimals, lots, chosen, keys, np.ascontiguousarray(stacked[:, chosen]), shift)


def _uneven(columns: Columns, stacked: Floats, lots: Ints, alive: Ints, starts: Ints, decimals: int) -> Uneven:
    facts, rules = columns.facts, columns.facts.rules
    count = starts[lots + 1] - starts[lots]
    new_starts = np.concatenate([[0], np.cumsum(count)])
    inside = np.arange(new_starts[-1]) - np.repeat(new_starts[:-1], count)
    bids = alive[np.repeat(starts[lots], count) + inside]
    moving = columns.moving[lots]
    rule = np.where(moving, columns.price_rule[lots], -1)
    known = np.maximum(rule, 0)
    assert (rules.formula[known][rule >= 0] < ON_MARK).all()
    weight = rules.weight[known] / rules.below[known] * float(10**decimals)
    on_mark = np.repeat(rule >= 0, count)
    return Uneven(
        decimals=decimals,
        lots=lots,
        bids=bids,
        starts=new_starts,
        units=np.where(on_mark, columns.mark_units[bids], columns.units[bids]),
        places=columns.place[bids],
        prices=facts.start[bids].astype(np.float64),
        coefficients=np.ascontiguousarray(stacked[:, bids]),
        kinds=np.array([_KINDS[measure.kind] for measure in columns.measures], dtype=np.int64),
        formula=np.where(rule >= 0, rules.formula[known], -1),
        weight=weight,
        first=rules.first[known].astype(np.float64),
        second=rules.second[known].astype(np.float64),
    )
