"""What each of many scenarios of a policy would have changed over an archive, against what was recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.canonical import sha256
from scoring.policy import Policy
from scoring.portfolio.baseline import Baseline, replay
from scoring.portfolio.buckets import Answers
from scoring.portfolio.columns import Facts, facts_of
from scoring.portfolio.figures import Figures, Ruler, Sums, cashback_of
from scoring.portfolio.scenario import Scenario
from scoring.portfolio.snapshot import Snapshot
from scoring.portfolio.winners import Certificate, Prepared, structure_of

Ints = NDArray[np.int64]
AT_ONCE = 256  # scenarios: what their answers on a block of lots take stays small


@dataclass(frozen=True)
class Result:
    """Figures in the order of the scenarios, and how their winners are known."""

    figures: tuple[Figures, ...]
    certificate: Certificate


class Study:
    """An archive and a policy, ready for scenarios; what they share is prepared once and kept."""

    def __init__(self, snapshot: Snapshot, policy: Mapping[str, Any], *, carbon: str = "") -> None:
        """`carbon` names the indicator of the archive whose evidence is the kilograms of CO2e of a bid."""
        self.snapshot = snapshot
        self.policy = policy
        self.facts: Facts = facts_of(snapshot)
        self.baseline: Baseline = replay(self.facts)
        self._prepared: dict[str, Prepared] = {}
        self._cashback: dict[str, Ints] = {}
        plain = Scenario()
        self.ruler = Ruler(self.facts, self._ready(plain.document(policy), plain.policy(policy)).columns, carbon=carbon)

    def run(self, scenarios: Sequence[Scenario]) -> Result:
        """The figures of each scenario. Raises BadScenario before anything is computed."""
        policies = [scenario.policy(self.policy) for scenario in scenarios]
        documents = [scenario.document(self.policy) for scenario in scenarios]
        figures: list[Figures | None] = [None] * len(scenarios)
        certificate = Certificate()
        for places in self._groups(scenarios):
            found, known = self._alike([documents[place] for place in places], [policies[place] for place in places])
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

    def answers(self, scenarios: Sequence[Scenario]) -> Iterator[Answers]:
        """Every winner that is not the baseline's, scenario by scenario in no order. Raises BadScenario."""
        groups = self._groups(scenarios)
        for places in groups:
            policies = [scenarios[place].policy(self.policy) for place in places]
            prepared = self._ready(scenarios[places[0]].document(self.policy), policies[0])
            for answers in prepared.answers(policies, self.baseline.winners):
                yield Answers(np.array(places, dtype=np.int32)[answers.scenarios], answers.lots, answers.bids)

    def prepared(self, scenario: Scenario) -> Prepared:
        """The columns of a scenario, made ready once."""
        return self._ready(scenario.document(self.policy), scenario.policy(self.policy))

    def _groups(self, scenarios: Sequence[Scenario]) -> list[list[int]]:
        """The places of scenarios that share columns and scheme, not too many together."""
        alike: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, scenario in enumerate(scenarios):
            document = scenario.document(self.policy)
            alike[structure_of(document), sha256(document.get("cashback"))].append(place)
        return [
            places[start : start + AT_ONCE] for places in alike.values() for start in range(0, len(places), AT_ONCE)
        ]

    def _alike(
        self, documents: Sequence[Mapping[str, Any]], policies: Sequence[Policy]
    ) -> tuple[list[Figures], Certificate]:
        prepared = self._ready(documents[0], policies[0])
        cashback = self._cashback_of(documents[0], policies[0], prepared)
        sums = Sums(self.ruler, cashback, policies[0].cashback, self.baseline, len(policies))
        for answers in prepared.answers(policies, self.baseline.winners):
            sums.add(answers)
        return sums.figures(), prepared.certificate

    def _ready(self, document: Mapping[str, Any], policy: Policy) -> Prepared:
        key = structure_of(document)
        if key not in self._prepared:
            self._prepared[key] = Prepared(self.facts, policy)
        return self._prepared[key]

    def _cashback_of(self, document: Mapping[str, Any], policy: Policy, prepared: Prepared) -> Ints:
        key = sha256([structure_of(document), document.get("cashback")])
        if key not in self._cashback:
            self._cashback[key] = cashback_of(prepared.columns, policy)
        return self._cashback[key]
