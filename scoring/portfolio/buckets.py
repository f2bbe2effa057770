"""The lots of a policy's columns, gathered by what a kernel can do with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from scoring.portfolio import kernels
from scoring.portfolio.amounts import Amounts, Scale
from scoring.portfolio.columns import Columns
from scoring.portfolio.rules import ON_MARK

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]
BLOCK = 512  # lots at a time: their columns stay in the processor's nearest memory while all scenarios pass
ROOM = 1 << 16  # answers: where scenarios are few, a block has more lots
_KINDS = {
    "add_points": kernels.ADD_POINTS,
    "scale_score": kernels.SCALE_SCORE,
    "add_to_price": kernels.ADD_TO_PRICE,
    "deduct_from_price": kernels.DEDUCT_FROM_PRICE,
    "deflate_price": kernels.DEFLATE_PRICE,
}


@dataclass(frozen=True, eq=False)
class Answers:
    """Winners other than the baseline's: of each the scenario, the lot, the bid (or `NOBODY`, `IN_DOUBT`).

    The columns may be written over by the next ones: copy what is kept.
    """

    scenarios: Numbers
    lots: Numbers
    bids: Numbers
    doubts: int = 0


@dataclass(frozen=True, eq=False)
class Even:
    """Lots of n bids each, n > 1, whose measures add points and nothing else; bids in the order of their places."""

    decimals: int
    lots: Ints
    bids: Ints  # (n, lots)
    keys: Floats
    places: Ints
    coefficients: Floats  # (measures, n, lots)
    unit: float
    shift: float
    twins: bool  # whether bids of a lot can stay tied

    def answers(self, amounts: Amounts, baseline: Ints) -> Iterator[Answers]:
        """`baseline`: the bid that won each lot of the snapshot, or nobody."""
        standing = _standing(self.bids, baseline[self.lots])
        for start, size, room in _blocks(len(self.lots), len(amounts.caps)):
            written, doubts = kernels.points_alone(
                self.keys, self.coefficients, self.bids, self.lots, amounts.amounts, amounts.halves,
                amounts.tolerances, amounts.caps, self.unit, self.shift, self.twins, standing, start, size, room,
            )  # fmt: skip
            yield Answers(room[0, :written], room[1, :written], room[2, :written], doubts)


@dataclass(frozen=True, eq=False)
class Uneven:
    """Lots of several bids whose measures move prices or totals."""

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
        winner = baseline[self.lots]
        standing = np.where(winner == kernels.NOBODY, kernels.NOBODY, FOREIGN)
        lot_of = np.repeat(np.arange(len(self.lots)), np.diff(self.starts))
        own = np.flatnonzero(self.bids == winner[lot_of])
        standing[lot_of[own]] = own - self.starts[lot_of[own]]
        for start, size, room in _blocks(len(self.lots), len(amounts.caps)):
            written, doubts = kernels.whole_rule(
                self.starts, self.units, self.places, self.prices, self.coefficients, self.kinds, self.formula,
                self.weight, self.first, self.second, amounts.amounts, amounts.halves, amounts.tolerances,
                amounts.caps, self.bids, self.lots, standing, start, size, room,
            )  # fmt: skip
            yield Answers(room[0, :written], room[1, :written], room[2, :written], doubts)


def _blocks(lots: int, scenarios: int) -> Iterator[tuple[int, int, Numbers]]:
    """Where each block of lots starts and how many it has, with room for every answer about it."""
    block = min(max(ROOM // max(scenarios, 1), BLOCK), lots)
    room = np.empty((3, block * scenarios), dtype=np.int32)
    for start in range(0, lots, max(block, 1)):
        yield start, min(block, lots - start), room


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
    place = columns.place[alive]
    new_lot = np.diff(lot_of, prepend=-1) != 0
    order = np.lexsort((place, lot_of))
    repeated = ~new_lot & (np.diff(place[order], prepend=-1) == 0)  # sorted by lot, lots begin where they did
    twins = np.zeros(facts.lots, dtype=bool)
    twins[lot_of[repeated]] = True
    plain = ~columns.moving
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
        for bids, tied in product(np.unique(count[own & plain]).tolist(), (False, True)):
            chosen = lots[own & plain & (count == bids) & (twins == tied)]
            if len(chosen):
                buckets.append(_even(columns, stacked, chosen, alive[starts[chosen] + np.arange(bids)[:, None]], tied))
        rest = lots[own & ~plain]
        if len(rest):
            buckets.append(_uneven(columns, stacked, rest, alive, starts, int(places)))
    return Gathered(buckets, scales, settled, winners[settled], lots[columns.unfit])


def _even(columns: Columns, stacked: Floats, lots: Ints, bids: Ints, twins: bool) -> Even:
    order = np.argsort(columns.place[bids], axis=0, kind="stable")
    bids = np.take_along_axis(bids, order, axis=0)
    place = columns.place[bids]
    rows = np.broadcast_to(np.arange(len(bids))[:, None], bids.shape).copy()
    rows[1:][place[1:] == place[:-1]] = 0
    places = np.maximum.accumulate(rows, axis=0)  # of those that share one, that of the first
    shift = float(1 << (len(bids) - 1).bit_length())
    decimals = int(columns.facts.snapshot.lot("decimals")[int(lots[0])].as_py())
    unit = shift * shift if twins else shift
    own = np.arange(len(bids))[:, None]
    keys = columns.units[bids] * unit - (places * shift + own if twins else own)
    return Even(decimals, lots, bids, keys, places, np.ascontiguousarray(stacked[:, bids]), unit, shift, twins)


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
