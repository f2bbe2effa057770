"""A scenario: named changes to a policy document, by path. Two of them compose, and each has a hash.

`{"measures.european_points.amount": "8", "bonus_cap": "10"}`: members of a list that has ids are named by their id.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scoring.canonical import sha256
from scoring.policy import Policy
from scoring.policy_reading import read_policy
from scoring.portfolio.problems import BadScenario
from scoring.problems import InvalidDocument


@dataclass(frozen=True)
class Scenario:
    """Changes to a policy, and a name for people; the name is not in the hash."""

    changes: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""

    @property
    def sha256(self) -> str:
        """The hash of the changes, in hex, whatever their order."""
        return sha256(dict(self.changes))

    def then(self, other: Scenario) -> Scenario:
        """Both, the other one having the last word."""
        return Scenario({**self.changes, **other.changes}, other.name or self.name)

    def document(self, policy: Mapping[str, Any]) -> dict[str, Any]:
        """The policy document with the changes made. Raises BadScenario when a path leads to nothing."""
        changed = copy.deepcopy(dict(policy))
        for path, value in self.changes.items():
            _put(changed, path, value)
        return changed

    def policy(self, policy: Mapping[str, Any]) -> Policy:
        """The policy with the changes made. Raises BadScenario when a path leads to nothing or what results is none."""
        document = self.document(policy)
        try:
            return read_policy(document)
        except InvalidDocument as error:
            first = error.problems[0]
            raise BadScenario(f"The scenario makes no policy: {first.pointer}: {first.sentence}") from error


def _put(document: dict[str, Any], path: str, value: Any) -> None:
    *way, last = path.split(".")
    place: Any = document
    for step in way:
        place = _member(place, step, path)
    if isinstance(place, list):
        place[_index(place, last, path)] = value
    elif isinstance(place, dict) and last in place:
        place[last] = value
    else:
        raise _unknown(place, last, path)


def _member(place: Any, step: str, path: str) -> Any:
    if isinstance(place, list):
        return place[_index(place, step, path)]
    if isinstance(place, dict) and step in place:
        return place[step]
    raise _unknown(place, step, path)


def _index(members: list[Any], step: str, path: str) -> int:
    for index, member in enumerate(members):
        if isinstance(member, dict) and member.get("id") == step:
            return index
    if step.isdecimal() and int(step) < len(members):
        return int(step)
    raise _unknown(members, step, path)


def _unknown(place: Any, step: str, path: str) -> BadScenario:
    known: list[str] = []
    if isinstance(place, dict):
        known = list(place)
    elif isinstance(place, list):
        known = [_name(member, index) for index, member in enumerate(place)]
    there = ", ".join(known) or "nothing"
    return BadScenario(f"The scenario changes {path}, and the policy has no {step} there: it has {there}.")


def _name(member: Any, index: int) -> str:
    return member["id"] if isinstance(member, dict) and "id" in member else str(index)
