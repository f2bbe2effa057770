"""One scenario looked at closely: which awards change, by hospital, family and country, and the room winners gain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scoring.case import Case
from scoring.evaluate import winner_of
from scoring.policy import Policy
from scoring.portfolio.kernels import NOBODY
from scoring.portfolio.rows import case_of
from scoring.portfolio.snapshot import Snapshot
from scoring.portfolio.sweep import Study

Ints = NDArray[np.int64]
FAMILY = 3  # digits of a CPV code: its group
UNBOUNDED = 10**6  # a winner that would still win at so many times its price has no rival


@dataclass(frozen=True, slots=True)
class Change:
    """A lot whose winner a scenario changes; bids by their number in the snapshot, None where several share rank 1."""

    lot: int
    before: int | None
    after: int | None


def changes(study: Study, winners: Ints) -> Iterator[Change]:
    """The changed lots, in the order of the snapshot."""
    for lot in np.flatnonzero(winners != study.baseline.winners):
        yield Change(int(lot), _bid(study.baseline.winners[lot]), _bid(winners[lot]))


def _bid(winner: int) -> int | None:
    return None if winner == NOBODY else int(winner)


@dataclass(frozen=True, slots=True)
class Group:
    """What a scenario does to the awards of one group, money in cents of one currency."""

    name: str | None
    currency: str
    lots: int
    changed: int
    spend_before: int
    spend_after: int
    european_before: int
    european_after: int


def grouped(study: Study, winners: Ints, by: Literal["hospital", "family", "country"]) -> list[Group]:
    """The awards by hospital, by group of the CPV, or by country of the winner, of the one before and the one after."""
    snapshot, ruler, before = study.snapshot, study.ruler, study.baseline.winners
    names = _names(snapshot, by)
    sums: dict[tuple[str | None, str], list[int]] = defaultdict(lambda: [0] * 6)
    currencies = snapshot.lot("currency").to_pylist()
    for lot, (old, new) in enumerate(zip(before.tolist(), winners.tolist(), strict=True)):
        keys = [names[lot]] * 2 if by != "country" else [names[bid] if bid != NOBODY else None for bid in (old, new)]
        for side, (bid, name) in enumerate(zip((old, new), keys, strict=True)):
            row = sums[name, currencies[lot]]
            row[0] += side if by != "country" else int(bid != NOBODY and side)
            row[1] += int(side and old != new)
            if bid != NOBODY:
                row[2 + side] += int(ruler.price[bid])
                row[4 + side] += int(ruler.european_value[bid])
    order = sorted(sums.items(), key=lambda item: (item[0][0] or "", item[0][1]))
    return [Group(name, currency, *row) for (name, currency), row in order]


def _names(snapshot: Snapshot, by: str) -> list[str | None]:
    if by == "hospital":
        return list(snapshot.lot("hospital").to_pylist())
    if by == "family":
        return [cpv and cpv[:FAMILY] for cpv in snapshot.lot("cpv").to_pylist()]
    return list(snapshot.bid("country").to_pylist())


@dataclass(frozen=True, slots=True)
class Room:
    """By how many cents the winner of a lot could raise its price and still win; None = at any price."""

    with_policy: int | None
    without: int | None

    @property
    def rent(self) -> int | None:
        """What the policy adds to the room; None where there is no end to one of them."""
        return None if self.with_policy is None or self.without is None else self.with_policy - self.without


def room(study: Study, lot: int, winner: int, policy: Policy) -> Room:
    """The room of a lot's winner under a policy, and what it has without any: 0 when it does not win then."""
    place = winner - int(study.snapshot.offsets[lot])
    return Room(_room(case_of(study.snapshot, lot, policy), place), _room(case_of(study.snapshot, lot, None), place))


def _room(case: Case, place: int) -> int | None:
    """Raising one's price never helps under any formula: the last price that wins is found by halving."""
    price = case.bids[place].price
    assert price is not None
    cents = int(price * 100)
    if not _wins(case, place, cents):
        return 0
    if _wins(case, place, cents * UNBOUNDED):
        return None
    wins, loses = cents, cents * UNBOUNDED
    while loses - wins > 1:
        middle = (wins + loses) // 2
        if _wins(case, place, middle):
            wins = middle
        else:
            loses = middle
    return wins - cents


def _wins(case: Case, place: int, cents: int) -> bool:
    bids = list(case.bids)
    dearer = Fraction(cents, 100)
    own = bids[place]
    cost = None if own.cost is None or own.price is None else own.cost + dearer - own.price
    bids[place] = replace(own, price=dearer, cost=cost)
    winner = winner_of(replace(case, bids=tuple(bids)))
    return winner is not None and winner.id == own.id
