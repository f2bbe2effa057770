"""A scenario: named changes to a policy document, by path. Two of them compose, and each has a hash.

`{"measures.european_points.amount": "8", "bonus_cap": "10"}`: members of a list that has ids are named by their id,
which may have points of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scoring.canonical import sha256
from scoring.policy import Policy
from scoring.policy_reading import read_policy
from scoring.portfolio.problems import BadScenario
from scoring.problems import InvalidDocument, Phrase, gettext_noop

OMISSIBLE = {  # keys that a policy without them has all the same, empty (specification 2 and 4)
    "bonus_cap",
    "cashback",
    "cashback.environment_multiplier",
    "cashback.minimum_contract",
    "cashback.cap_per_contract",
    "cashback.cap_per_hospital_year",
    "cashback.envelope_year",
}


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
        changed = dict(policy)
        for path, value in self.changes.items():
            changed = _with(changed, path.split("."), value, path)
        return changed

    def policy(self, policy: Mapping[str, Any]) -> Policy:
        """The policy with the changes made. Raises BadScenario when a path leads to nothing or what results is none."""
        return self.read(policy)[1]

    def read(self, policy: Mapping[str, Any]) -> tuple[dict[str, Any], Policy]:
        """The document with the changes made, and the policy it is. Raises BadScenario as `policy` does."""
        document = self.document(policy)
        try:
            return document, read_policy(document)
        except InvalidDocument as error:
            first = error.problems[0]
            raise BadScenario(
                gettext_noop("The scenario makes no policy: %(pointer)s: %(problem)s"),
                pointer=first.pointer,
                problem=Phrase(first.template, first.values),
            ) from error


def _with(place: Any, way: Sequence[str], value: Any, path: str) -> Any:
    """A part of a document with a value put where the way leads; what is not on the way is shared with the original."""
    if isinstance(place, list):
        index, rest = _member(place, way, path)
        return [*place[:index], _with(place[index], rest, value, path) if rest else value, *place[index + 1 :]]
    step, *rest = way
    if isinstance(place, dict) and (step in place or path in OMISSIBLE):
        return {**place, step: _with(place.get(step), rest, value, path) if rest else value}
    raise _unknown(place, step, path)


def _member(members: list[Any], way: Sequence[str], path: str) -> tuple[int, Sequence[str]]:
    """Which member the way leads to, and the rest of the way; an id may have points in it, the longest one counts."""
    for steps in (*range(len(way) - 1, 0, -1), len(way)):
        step = ".".join(way[:steps])
        for index, member in enumerate(members):
            if isinstance(member, dict) and member.get("id") == step:
                return index, way[steps:]
    if way[0].isdecimal() and int(way[0]) < len(members):
        return int(way[0]), way[1:]
    raise _unknown(members, way[0], path)


def _unknown(place: Any, step: str, path: str) -> BadScenario:
    known: list[str] = []
    if isinstance(place, dict):
        known = list(place)
    elif isinstance(place, list):
        known = [_name(member, index) for index, member in enumerate(place)]
    there = ", ".join(known) or Phrase(gettext_noop("nothing"))
    return BadScenario(
        gettext_noop("The scenario changes %(path)s, and the policy has no %(step)s there: it has %(known)s."),
        path=path,
        step=step,
        known=there,
    )


def _name(member: Any, index: int) -> str:
    return member["id"] if isinstance(member, dict) and "id" in member else str(index)
