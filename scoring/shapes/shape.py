"""What a shape is: it reads one form of value, noting every problem, and writes the JSON Schema of that form."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, Final, Protocol

from scoring.problems import Problem

_type_names: Final = {
    dict: "an object",
    list: "a list",
    str: "text",
    bool: "true or false",
    int: "a number",
    type(None): "null",
}


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


def refuse(problems: Problems, pointer: str, sentence: str) -> _Invalid:
    """Notes a problem and returns INVALID, in place of the value."""
    problems.append(Problem(pointer, sentence))
    return INVALID


def shown(value: Any) -> str:
    """A value as a sentence names it: short text in quotes, anything else by its type."""
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 60 else f'"{value[:57]}…"'
    return _type_names.get(type(value), "a number")
