"""Who wins every lot under each of many policies, each winner the one `scoring.evaluate` names; and how that is known.

Policies that differ in amounts and cap alone share their columns. What a kernel is in doubt about, and what does not
fit one, is done exactly, bid by bid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scoring.evaluate import winner_of
from scoring.measures import KINDS
from scoring.numbers import rounded_units
from scoring.policy import Policy
from scoring.portfolio import together
from scoring.portfolio.amounts import Amounts
from scoring.portfolio.buckets import Answers
from scoring.portfolio.columns import Columns, Facts, columns_of
from scoring.portfolio.gathering import Gathered, gather
from scoring.portfolio.kernels import IN_DOUBT, NOBODY
from scoring.portfolio.rows import case_of
from scoring.portfolio.together import Shared

Ints = NDArray[np.int64]


@dataclass(slots=True)
class Certificate:
    """How many winners of a lot under a scenario were decided by what; together they are all, none is unverified."""

    settled: int = 0  # at most one bid is ranked
    kernel: int = 0
    redone: int = 0

    def __add__(self, other: Certificate) -> Certificate:
        return Certificate(self.settled + other.settled, self.kernel + other.kernel, self.redone + other.redone)


class Prepared:
    """The columns of one structure of policies, gathered."""

    def __init__(
        self,
        facts: Facts,
        policy: Policy | None,
        *,
        local_area: str = "",
        heed: Callable[[], None] = lambda: None,
    ) -> None:
        """`heed` is called now and then, and may end it by raising."""
        self.local_area = local_area
        self.columns: Columns = columns_of(facts, policy, local_area=local_area, heed=heed)
        heed()
        self.gathered: Gathered = gather(self.columns)

    def answers(self, policies: Sequence[Policy | None], baseline: Ints) -> Iterator[Answers | Shared]:
        """Per scenario and lot the winner, where it is not the one of the baseline; `certificate` counts them."""
        gathered = self.gathered
        changed = gathered.winners != baseline[gathered.settled]
        self.certificate = Certificate(settled=len(gathered.settled) * len(policies))
        lots, bids = (column.astype(np.int32) for column in (gathered.settled[changed], gathered.winners[changed]))
        for scenario in range(len(policies)):
            yield Answers(np.full(len(lots), scenario, dtype=np.int32), lots, bids)
        yield self._unfit(policies, baseline)
        for places in {bucket.decimals for bucket in gathered.buckets}:
            own = [bucket for bucket in gathered.buckets if bucket.decimals == places]
            self.certificate.kernel += sum(len(bucket.lots) for bucket in own) * len(policies)
            amounts = self.amounts(policies, places)
            for answers in together.answers(own, amounts, baseline):
                yield self._certain(answers, policies, baseline)

    def amounts(self, policies: Sequence[Policy | None], decimals: int) -> Amounts:
        """What the kernels take of the policies, for lots of one number of decimals."""
        known = [policy if policy is not None else _PLAIN for policy in policies]
        return Amounts(known, self.columns.measures, self.gathered.scales, decimals, self.gathered.values)

    def _unfit(self, policies: Sequence[Policy | None], baseline: Ints) -> Answers:
        found = [
            (scenario, lot, self.by_engine(int(lot), policy))
            for scenario, policy in enumerate(policies)
            for lot in self.gathered.unfit
        ]
        self.certificate.redone += len(found)
        found = [each for each in found if each[2] != baseline[each[1]]]
        return Answers(*np.array(found, dtype=np.int32).reshape(-1, 3).T)

    def _certain(
        self, answers: Answers | Shared, policies: Sequence[Policy | None], baseline: Ints
    ) -> Answers | Shared:
        """The same without doubts."""
        if isinstance(answers, Shared) or not answers.doubts:
            return answers
        doubts = np.flatnonzero(answers.bids == IN_DOUBT)
        bids = answers.bids.copy()
        for place in doubts:
            lot = int(answers.lots[place])
            redo = self.by_engine if self.columns.moving[lot] else self._by_points
            bids[place] = redo(lot, policies[answers.scenarios[place]])
        self.certificate.kernel -= len(doubts)
        self.certificate.redone += len(doubts)
        kept = bids != baseline[answers.lots]
        return Answers(answers.scenarios[kept], answers.lots[kept], bids[kept])

    def _by_points(self, lot: int, policy: Policy | None) -> int:
        """The winner of a lot whose measures add points: its exact units, and the bonus in fractions."""
        columns, facts = self.columns, self.columns.facts
        decimals = int(self._decimals[lot])
        best: tuple[int, int] | None = None
        winner = NOBODY
        for bid in range(facts.snapshot.offsets[lot], facts.snapshot.offsets[lot + 1]):
            if columns.alive[bid]:
                key = (-int(columns.units[bid]) - self._bonus(bid, policy, decimals), int(columns.place[bid]))
                if best is None or key < best:
                    best, winner = key, bid
                elif key == best:
                    winner = NOBODY
        return winner

    def _bonus(self, bid: int, policy: Policy | None, decimals: int) -> int:
        if policy is None:
            return 0
        by_id = {measure.id: measure for measure in policy.measures}
        units = 0
        for measure, coded in zip(self.columns.measures, self.columns.coefficients, strict=True):
            amount = by_id[measure.id].amount
            if KINDS[measure.kind].acts_on == "points" and amount is not None:
                units += rounded_units(amount * coded.values[coded.codes[bid]], decimals)
        cap = policy.bonus_cap
        return units if cap is None else min(units, rounded_units(cap, decimals))

    def by_engine(self, lot: int, policy: Policy | None) -> int:
        """The bid that `scoring.evaluate` names the winner of a lot, or nobody."""
        snapshot = self.columns.facts.snapshot
        winner = winner_of(case_of(snapshot, lot, policy, local_area=self.local_area))
        if winner is None:
            return NOBODY
        start = int(snapshot.offsets[lot])
        return start + [bid["id"] for bid in snapshot.rows(lot)[0]["bids"]].index(winner.id)

    @cached_property
    def _decimals(self) -> Ints:
        return np.asarray(self.columns.facts.snapshot.lot("decimals"))


_PLAIN = Policy("", 1, "", "proposed", "ucc_origin", {"": frozenset()}, "", {}, (), ())


def all_winners(facts: Facts, policy: Policy | None) -> tuple[Ints, Certificate]:
    """The bid that wins each lot, or `NOBODY`, under one policy."""
    prepared = Prepared(facts, policy)
    winners = np.full(facts.lots, UNKNOWN)
    for answers in prepared.answers([policy], winners):
        one = answers.apart()
        winners[one.lots] = one.bids
    assert not (winners == UNKNOWN).any()
    return winners, prepared.certificate


UNKNOWN = -9  # no winner is that: every lot gets an answer
