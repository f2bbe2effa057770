"""What each of many scenarios of a policy would have changed over an archive, against what was recorded."""

from __future__ import annotations

import copy
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from scoring.portfolio.asked import Asked, read_all
from scoring.portfolio.baseline import Baseline, replay
from scoring.portfolio.buckets import Answers
from scoring.portfolio.columns import Facts, facts_of
from scoring.portfolio.figures import Figures, Ruler, Sums, cashback_of
from scoring.portfolio.local import check_local_area
from scoring.portfolio.scenario import Scenario
from scoring.portfolio.snapshot import Snapshot
from scoring.portfolio.winners import Certificate, Prepared

Ints = NDArray[np.int64]
Kept = TypeVar("Kept")
KEPT = 2  # structures of policies, and cash-backs of all bids: each takes as much memory as the archive's columns
AT_ONCE = 256  # scenarios: what their answers on a block of lots take stays small


@dataclass(frozen=True)
class Result:
    """Figures in the order of the scenarios, and how their winners are known."""

    figures: tuple[Figures, ...]
    certificate: Certificate


class Study:
    """An archive and a policy, ready for scenarios; what they share is prepared once and kept.

    Several threads may run scenarios on it at once.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        policy: Mapping[str, Any],
        *,
        carbon: str = "",
        local_area: str = "",
        heed: Callable[[], None] = lambda: None,
    ) -> None:
        """`carbon` names the indicator of the archive whose evidence is the kilograms of CO2e of a bid, `local_area`
        the area that stands for the contract's own country (`local`). `heed` is called between the steps of making
        ready, and may end it by raising. Raises BadScenario when there is no such area.
        """
        check_local_area(policy, local_area)
        self.snapshot = snapshot
        self.policy = policy
        self.carbon = carbon
        self.local_area = local_area
        heed()
        self.facts: Facts = facts_of(snapshot, heed=heed)
        heed()
        self.baseline: Baseline = replay(self.facts, heed=heed)
        heed()
        self._preparing = threading.RLock()
        self._prepared: OrderedDict[str, Prepared] = OrderedDict()
        self._cashback: OrderedDict[str, Ints] = OrderedDict()
        self.ruler = Ruler(self.facts, self.prepared(Scenario(), heed=heed).columns, carbon=carbon)

    @property
    def lots_without_country(self) -> int:
        """For how many lots the local area is empty, since nobody knows the country of their buyer."""
        codes, countries = self.snapshot.coded("country")
        unknown = [code for code, country in enumerate(countries) if not country]
        return int(np.isin(codes, unknown).sum())

    def run(self, scenarios: Sequence[Scenario]) -> Result:
        """The figures of each scenario. Raises BadScenario before anything is computed."""
        asked = read_all(self.policy, scenarios)
        figures: list[Figures | None] = [None] * len(scenarios)
        certificate = Certificate()
        for places in _groups(asked):
            found, known = self._alike([asked[place] for place in places])
            certificate += known
            for place, each in zip(places, found, strict=True):
                figures[place] = each
        return Result(tuple(each for each in figures if each is not None), certificate)

    def winners(self, scenario: Scenario) -> Ints:
        """The bid that wins each lot under one scenario, or nobody."""
        winners = self.baseline.winners.copy()
        for answers in self.answers([scenario]):
            winners[answers.lots] = answers.bids
        return winners

    def answers(
        self, scenarios: Sequence[Scenario], *, certified: Callable[[Certificate], None] = lambda _certificate: None
    ) -> Iterator[Answers]:
        """Every winner that is not the baseline's, scenario by scenario in no order. Raises BadScenario.

        `certified` is told of each group of scenarios, after its answers, how its winners are known.
        """
        asked = read_all(self.policy, scenarios)
        for places in _groups(asked):
            prepared = copy.copy(self._ready(asked[places[0]]))  # its certificate is that of this run alone
            for answers in prepared.answers([asked[place].policy for place in places], self.baseline.winners):
                each = answers.apart()
                yield Answers(np.array(places, dtype=np.int32)[each.scenarios], each.lots, each.bids)
            certified(prepared.certificate)

    def prepared(self, scenario: Scenario, *, heed: Callable[[], None] = lambda: None) -> Prepared:
        """The columns of a scenario, made ready once. `heed` is called while they are, and may end it by raising."""
        return self._ready(*read_all(self.policy, [scenario]), heed=heed)

    def _alike(self, asked: Sequence[Asked]) -> tuple[list[Figures], Certificate]:
        """The figures of scenarios that share columns and scheme."""
        first = asked[0]
        prepared = copy.copy(self._ready(first))  # its certificate is that of this run alone
        cashback = self._cashback_of(first, prepared)
        sums = Sums(self.ruler, cashback, first.policy.cashback, self.baseline, len(asked))
        for answers in prepared.answers([each.policy for each in asked], self.baseline.winners):
            sums.add(answers)
        return sums.figures(), prepared.certificate

    def _ready(self, asked: Asked, *, heed: Callable[[], None] = lambda: None) -> Prepared:
        def prepare() -> Prepared:
            return Prepared(self.facts, asked.policy, local_area=self.local_area, heed=heed)

        with self._preparing:
            return _kept(self._prepared, asked.structure, prepare)

    def _cashback_of(self, asked: Asked, prepared: Prepared) -> Ints:
        with self._preparing:
            key = asked.structure + asked.scheme
            return _kept(self._cashback, key, lambda: cashback_of(prepared.columns, asked.policy))


def _groups(asked: Sequence[Asked]) -> list[list[int]]:
    """The places of scenarios that share columns and scheme, not too many together."""
    alike: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, each in enumerate(asked):
        alike[each.structure, each.scheme].append(place)
    return [places[start : start + AT_ONCE] for places in alike.values() for start in range(0, len(places), AT_ONCE)]


def _kept(known: OrderedDict[str, Kept], key: str, make: Callable[[], Kept]) -> Kept:
    """What is known by a key, or made now; the one that was asked for longest ago makes room."""
    if key not in known:
        while len(known) >= KEPT:
            known.popitem(last=False)
        known[key] = make()
    known.move_to_end(key)
    return known[key]
