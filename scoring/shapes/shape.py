"""What a shape is: it reads one form of value, noting every problem, and writes the JSON Schema of that form."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

from scoring.problems import Phrase, Problem, gettext_noop

_TYPE_NAMES: Final[Mapping[type, str | Phrase]] = {
    dict: Phrase(gettext_noop("an object")),
    list: Phrase(gettext_noop("a list")),
    bool: Phrase(gettext_noop("true or false")),
    type(None): "null",
}
_NUMBER: Final = Phrase(gettext_noop("a number"))


class _Invalid:
    def __repr__(self) -> str:
        return "INVALID"


INVALID: Final = _Invalid()
Problems = list[Problem]


class Shape(Protocol):
    """One form of value. `schema` is JSON Schema (draft 2020-12) and accepts all that `read` accepts."""

    @abstractmethod
    def read(self, value: Any, pointer: str, problems: Problems) -> Any: ...

    @abstractmethod
    def schema(self) -> dict[str, Any]: ...


def refuse(problems: Problems, pointer: str, template: str, **values: Any) -> _Invalid:
    """Notes a problem and returns INVALID, in place of the value."""
    problems.append(Problem(pointer, template, values))
    return INVALID


def shown(value: Any) -> str | Phrase:
    """A value as a sentence names it: short text in quotes, anything else by its type."""
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 60 else f'"{value[:57]}…"'
    return _TYPE_NAMES.get(type(value), _NUMBER)


def either(options: Iterable[str]) -> str | Phrase:
    """The texts one of which is expected (at least one), in quotes: "a" or "b"."""
    first, *others = (f'"{option}"' for option in options)
    said: str | Phrase = first
    for other in others:
        said = Phrase(gettext_noop("%(these)s or %(other)s"), {"these": said, "other": other})
    return said
