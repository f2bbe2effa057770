"""Scenarios read together: what many of them say is read once.

Amounts of measures and the cap on the bonus are looked at one by one when a policy is read, never against each other
(`policy_rules`), and change no column. So of scenarios that change the same such places each value is read once, in a
policy of its own, and the policies are put together of what was read. Any other scenario is read whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scoring.canonical import sha256
from scoring.measures import KINDS
from scoring.policy import Policy
from scoring.portfolio.scenario import Scenario

Document = Mapping[str, Any]
CAP = "bonus_cap"
MOVING = ("points", "price", "score")
_FREE = {"id", "version", "title", "status", "bonus_cap", "cashback"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A scenario's policy; those of one `structure` share columns, those of one `scheme` cash-backs of bids too."""

    policy: Policy
    structure: str
    scheme: str


def read_all(policy: Document, scenarios: Sequence[Scenario]) -> list[Asked]:
    """The policies of scenarios, in their order, as `Scenario.read` reads each. Raises BadScenario."""
    free = {
        f"measures.{measure['id']}.amount": place for place, measure in enumerate(policy["measures"]) if moves(measure)
    }
    found: dict[int, Asked] = {}
    for places in _changing_the_same(scenarios).values():
        alike = [scenarios[place] for place in places]
        together = all(path == CAP or path in free for path in alike[0].changes)
        read = _read_alike(policy, alike, free) if together else [_read_whole(policy, each) for each in alike]
        found.update(zip(places, read, strict=True))
    return [found[place] for place in range(len(scenarios))]


def structure_of(policy: Document | None) -> str:
    """The hash of what policies with the same columns share."""
    if policy is None:
        return sha256(None)
    kept = {key: value for key, value in policy.items() if key not in _FREE}
    kept["measures"] = [
        {key: value for key, value in measure.items() if not (key == "amount" and moves(measure))}
        for measure in policy["measures"]
    ]
    return sha256(kept)


def moves(measure: Document) -> bool:
    """Whether a measure's amount moves points, prices or totals, and not who is ranked."""
    return KINDS[measure["kind"]].acts_on in MOVING


def _changing_the_same(scenarios: Iterable[Scenario]) -> dict[tuple[str, ...], list[int]]:
    """The places of scenarios by the paths they change."""
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, scenario in enumerate(scenarios):
        places[tuple(scenario.changes)].append(place)
    return places


def _read_whole(policy: Document, scenario: Scenario) -> Asked:
    document, read = scenario.read(policy)
    return Asked(read, structure_of(document), sha256(document.get("cashback")))


def _read_alike(policy: Document, scenarios: Sequence[Scenario], free: Mapping[str, int]) -> list[Asked]:
    first = _read_whole(policy, scenarios[0])
    known: dict[tuple[str, str], Policy] = {}  # a value as it is told apart: texts, and whatever else is refused
    found = []
    for scenario in scenarios:
        measures, cap = list(first.policy.measures), first.policy.bonus_cap
        for path, value in scenario.changes.items():
            key = path, repr(value)
            if key not in known:
                known[key] = scenarios[0].then(Scenario({path: value})).policy(policy)
            if path == CAP:
                cap = known[key].bonus_cap
            else:
                measures[free[path]] = known[key].measures[free[path]]
        found.append(replace(first, policy=replace(first.policy, measures=tuple(measures), bonus_cap=cap)))
    return found
