"""The types of the guards: what they read, what they answer, and the shape of one guard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from scoring.case import Case
    from scoring.outcome import Explanation, Outcome
    from scoring.parameters import Parameters

Severity = Literal["block", "warn", "info", "not_assessed"]
Mark = Literal["P", "S", "R"]


@dataclass(frozen=True, slots=True)
class Inquiry:
    """All a guard may read: the case (its `facts` and `assessed_on` included), what came out, and why."""

    case: Case
    outcome: Outcome
    explanation: Explanation

    @property
    def day(self) -> date | None:
        """The day whose law applies: the launch of the procedure, else the day of the assessment."""
        return self.case.tender.launched_on or self.case.assessed_on

    def fact(self, key: str) -> Any:
        """A fact of the case. Raises MissingFactError when it is not given; a given null is an answer."""
        if key not in self.case.facts:
            raise MissingFactError(f"facts.{key}")
        return self.case.facts[key]


class MissingFactError(LookupError):
    """A guard lacks what it needs; `paths` say where in the case it would be (`facts.purpose`, `tender.cpv`)."""

    def __init__(self, *paths: str) -> None:
        super().__init__(f"Not given: {', '.join(paths)}.")
        self.paths = paths


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: `values` are JSON strings, whole numbers and lists of them, never a sentence.

    `article` is the provision, `source` where it was read, `mark` how well: primary (P), secondary (S), recalled (R).
    """

    code: str
    severity: Severity
    article: str
    values: Mapping[str, Any]
    source: str
    mark: Mark

    def as_json(self) -> dict[str, Any]:
        """The finding as the score sheet writes it (specification 5)."""
        return {
            "code": self.code,
            "severity": self.severity,
            "article": self.article,
            "values": dict(self.values),
            "source": self.source,
            "mark": self.mark,
        }


@dataclass(frozen=True, slots=True)
class Guard:
    """A legal check: `check` yields its findings, none when its condition is assessed and does not hold.

    `rests_on` is the key of the legal parameter it stands on: the article shown when a fact is missing.
    """

    code: str
    rests_on: str
    check: Callable[[Inquiry, Parameters], Iterable[Finding]]
