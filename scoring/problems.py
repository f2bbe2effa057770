"""What is wrong with a document: where (a JSON pointer, RFC 6901), and one sentence that says what would be right.

A sentence is a template in English and the values it names: the portal says it in the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any


def gettext_noop(text: str) -> str:
    """The text as it is: xgettext collects what is marked by this name, nothing is translated here."""
    return text


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a sentence that is words too: a template, and the values it names as `%(name)s`."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template % self.values

    def as_json(self) -> dict[str, Any]:
        """The phrase as a document holds it: {"template", "values"}; values are whole numbers, texts and phrases."""
        return {"template": self.template, "values": {name: _plain(value) for name, value in self.values.items()}}

    @classmethod
    def of_json(cls, document: Mapping[str, Any]) -> Phrase:
        """The phrase that a document holds."""
        values = document["values"].items()
        return cls(document["template"], {n: cls.of_json(v) if isinstance(v, Mapping) else v for n, v in values})


def _plain(value: Any) -> Any:
    if isinstance(value, Phrase):
        return value.as_json()
    return value if isinstance(value, int) else str(value)


@dataclass(frozen=True, slots=True)
class Problem:
    """One error or warning. `pointer` is an RFC 6901 JSON pointer ("" is the whole document).

    `template` names its `values` as `%(name)s`; those that are words themselves are Phrases.
    """

    pointer: str
    template: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What is wrong, in English."""
        return self.template % self.values

    def at(self, pointer: str) -> Problem:
        """The same problem where its document stands in another one."""
        return replace(self, pointer=pointer)

    def as_json(self) -> dict[str, str]:
        """The form the command line and the API print: {"pointer", "message"}."""
        return {"pointer": self.pointer, "message": self.sentence}


class InvalidDocument(ValueError):
    """A document that cannot be used; `problems` holds every error found, in document order, at least one."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("; ".join(f"{p.pointer or 'document'}: {p.sentence}" for p in self.problems))

    def as_json(self) -> dict[str, list[dict[str, str]]]:
        """{"errors": [{"pointer", "message"}, …]}."""
        return {"errors": [problem.as_json() for problem in self.problems]}


@dataclass(frozen=True, slots=True)
class Report:
    """The answer of a validation: an invalid document has errors; warnings never prevent its use."""

    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def child(pointer: str, key: str | int) -> str:
    """The pointer of a member of the value at `pointer`; "~" and "/" are escaped as RFC 6901 says."""
    if isinstance(key, int):
        return f"{pointer}/{key}"
    if "~" in key or "/" in key:
        key = key.replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{key}"
