"""The lots of a policy's columns, gathered into buckets by what a kernel can do with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from scoring.portfolio import kernels
from scoring.portfolio.amounts import Scale
from scoring.portfolio.buckets import Codes, Even, Ints, Rows, Uneven, floats_of
from scoring.portfolio.coded import Coded
from scoring.portfolio.codes import ON_MARK
from scoring.portfolio.columns import Columns
from scoring.portfolio.tables import Values, points_columns

DEEPEST = -(2**30)  # units under the best of a lot: no bonus of a table makes up for more
KIND_NUMBERS = {
    "add_points": kernels.ADD_POINTS,
    "scale_score": kernels.SCALE_SCORE,
    "add_to_price": kernels.ADD_TO_PRICE,
    "deduct_from_price": kernels.DEDUCT_FROM_PRICE,
    "deflate_price": kernels.DEFLATE_PRICE,
}


@dataclass(frozen=True, eq=False)
class Gathered:
    """Every lot of a policy's columns, once: in a bucket, settled whatever the amounts, or for the engine alone."""

    buckets: list[Even | Uneven]
    scales: tuple[Scale, ...]
    values: tuple[Values, ...] | None  # of the measures that add points; None where tables do not hold them
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
    adding = points_columns(columns.measures, columns.coefficients, len(columns.alive))
    values = _values(adding)
    codes = None if values is None else _codes(adding)
    several = (count >= 2) & ~columns.unfit
    decimals = np.asarray(facts.snapshot.lot("decimals"))
    starts = np.concatenate([[0], np.cumsum(count)])
    buckets: list[Even | Uneven] = []
    for places in np.unique(decimals).tolist():
        own = several & (decimals == places)
        for bids, tied in product(np.unique(count[own & plain]).tolist(), (False, True)):
            chosen = lots[own & plain & (count == bids) & (twins == tied)]
            if len(chosen):
                of_lots = alive[starts[chosen] + np.arange(bids)[:, None]]
                buckets.append(_even(columns, scales, codes, chosen, of_lots, places, twins=tied))
        rest = lots[own & ~plain]
        if len(rest):
            buckets.append(_uneven(columns, scales, rest, alive, starts, places))
    return Gathered(buckets, scales, values, settled, winners[settled], lots[columns.unfit])


def _values(adding: Sequence[Coded]) -> tuple[Values, ...] | None:
    found = [Values.of(each) for each in adding]
    known = tuple(each for each in found if each is not None)
    return known if len(known) == len(found) else None


def _codes(adding: Sequence[Coded]) -> Codes:
    """(measures, bids), as short as they can be."""
    word = np.uint8 if max(len(each.values) for each in adding) <= 2**8 else np.uint16
    return np.array([each.codes for each in adding], dtype=word)


def _even(
    columns: Columns,
    scales: tuple[Scale, ...],
    codes: Codes | None,
    lots: Ints,
    bids: Ints,
    decimals: int,
    *,
    twins: bool,
) -> Even:
    order = np.argsort(columns.place[bids], axis=0, kind="stable")
    bids = np.take_along_axis(bids, order, axis=0)
    place = columns.place[bids]
    rows = np.broadcast_to(np.arange(len(bids))[:, None], bids.shape).copy()
    rows[1:][place[1:] == place[:-1]] = 0
    places = np.maximum.accumulate(rows, axis=0)
    units = columns.units[bids]
    return Even(
        columns=columns,
        scales=scales,
        decimals=decimals,
        lots=lots.astype(np.int32),
        bids=bids.astype(np.int32),
        bases=np.maximum(units - units.max(axis=0), DEEPEST).astype(np.int32),
        places=places.astype(np.int16),
        mirrored=_mirrored(places) if twins else np.zeros((0, 0), dtype=np.int16),
        codes=None if codes is None else np.ascontiguousarray(codes[:, bids]),
        shift=1 << (len(bids) - 1).bit_length(),
        twins=twins,
    )


def _mirrored(places: Ints) -> Rows:
    """Of rows first … last of a place, last … first."""
    ends = np.full(places.shape, len(places) - 1)
    for row in reversed(range(len(places) - 1)):
        ends[row] = np.where(places[row] == places[row + 1], ends[row + 1], row)
    return (places + ends - np.arange(len(places))[:, None]).astype(np.int16)


def _uneven(
    columns: Columns, scales: tuple[Scale, ...], lots: Ints, alive: Ints, starts: Ints, decimals: int
) -> Uneven:
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
        coefficients=floats_of(columns, scales, bids),
        kinds=np.array([KIND_NUMBERS[measure.kind] for measure in columns.measures], dtype=np.int64),
        formula=np.where(rule >= 0, rules.formula[known], -1),
        weight=weight,
        first=rules.first[known].astype(np.float64),
        second=rules.second[known].astype(np.float64),
    )
