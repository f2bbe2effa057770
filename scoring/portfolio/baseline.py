"""What the archive recorded, replayed: the winners that scenarios are measured against."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.evaluate import evaluate_case
from scoring.policy_reading import read_policy
from scoring.portfolio.columns import Columns, Facts, columns_of
from scoring.portfolio.kernels import NOBODY
from scoring.portfolio.order import fill_places
from scoring.portfolio.rows import case_of

Ints = NDArray[np.int64]
UNRANKED = 0


@dataclass(frozen=True, eq=False)
class Baseline:
    """Per lot the bid that won it under its own rules, or nobody; how many rankings came out as recorded."""

    winners: Ints
    lots: int
    reproduced: int
    different: tuple[str, ...]  # ids of the lots whose recorded ranking is another


def replay(facts: Facts, *, heed: Callable[[], None] = lambda: None) -> Baseline:
    """Rank every lot again under its own recorded policy (none: plain), and compare with what was recorded.

    `heed` is called now and then, before each lot that takes the engine too, and may end it by raising.
    """
    plain = columns_of(facts, None, heed=heed)
    ranks = _plain_ranks(plain)
    snapshot = facts.snapshot
    policies = snapshot.lot("policy").to_pylist()
    unfit = set(np.flatnonzero(plain.unfit).tolist())
    for lot, policy in enumerate(policies):
        if policy is not None or lot in unfit:
            heed()
            _rank_by_engine(facts, lot, policy, ranks)
    recorded = np.asarray(snapshot.bid("rank").fill_null(UNRANKED)).astype(np.int64)
    differs = np.unique(snapshot.lot_of_bid[ranks != recorded])
    return Baseline(
        winners=_winners(facts, ranks),
        lots=facts.lots,
        reproduced=facts.lots - len(differs),
        different=tuple(snapshot.lot("id").take(differs).to_pylist()),
    )


def _plain_ranks(columns: Columns) -> Ints:
    """The rank of every bid that is left, from its units and its place."""
    snapshot = columns.facts.snapshot
    places, ranks = np.zeros(snapshot.bids, dtype=np.int64), np.zeros(snapshot.bids, dtype=np.int64)
    fill_places(snapshot.offsets, columns.alive, np.array([-columns.units, columns.place]), places, ranks)
    return ranks


def _rank_by_engine(facts: Facts, lot: int, policy: str | None, ranks: Ints) -> None:
    snapshot = facts.snapshot
    case = case_of(snapshot, lot, None if policy is None else read_policy(json.loads(policy)))
    outcome, _contest = evaluate_case(case)
    start, end = snapshot.offsets[lot], snapshot.offsets[lot + 1]
    found = {row.bid.id: row.rank for row in outcome.rows}
    ranks[start:end] = [found.get(bid.id, UNRANKED) for bid in case.bids]


def _winners(facts: Facts, ranks: Ints) -> Ints:
    first = np.flatnonzero(ranks == 1)
    lots = facts.snapshot.lot_of_bid[first]
    winners = np.full(facts.lots, NOBODY)
    winners[lots] = first
    winners[np.bincount(lots, minlength=facts.lots) > 1] = NOBODY
    return winners
