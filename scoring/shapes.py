"""The form of a document, declared once: it reads values with every problem found, and writes its own JSON Schema.

`read` returns the value in its exact type (Fraction, date, tuple, dict…) or INVALID after noting why. Rules that
look at several places at once are not here: see `case_rules` and `policy_rules`.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any, Final, Protocol

from scoring.numbers import PLAIN_DECIMAL, decimal, decimals_of
from scoring.problems import Problem, child

type_names: Final = {
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


def _refuse(problems: Problems, pointer: str, sentence: str) -> _Invalid:
    problems.append(Problem(pointer, sentence))
    return INVALID


def shown(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 60 else f'"{value[:57]}…"'
    return type_names.get(type(value), "a number")


@dataclass(frozen=True, slots=True)
class Text(Shape):
    """Any text; `filled` refuses the empty one."""

    filled: bool = False

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        if not isinstance(value, str):
            return _refuse(problems, pointer, f"Text is expected, not {shown(value)}.")
        if self.filled and not value:
            return _refuse(problems, pointer, "The text is empty; give at least one character.")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1} if self.filled else {"type": "string"}


@dataclass(frozen=True, slots=True)
class Pattern(Shape):
    """Text of one form, such as an 8-digit CPV code; `expected` ends the sentence "… is expected"."""

    pattern: str
    expected: str

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        if not isinstance(value, str) or not re.fullmatch(self.pattern, value):
            return _refuse(problems, pointer, f"{self.expected} is expected, not {shown(value)}.")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{self.pattern}$"}


@dataclass(frozen=True, slots=True)
class Choice(Shape):
    """One of a few texts."""

    options: tuple[str, ...]

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        if not isinstance(value, str) or value not in self.options:
            expected = " or ".join(f'"{option}"' for option in self.options)
            return _refuse(problems, pointer, f"{expected} is expected, not {shown(value)}.")
        return value

    def schema(self) -> dict[str, Any]:
        return {"const": self.options[0]} if len(self.options) == 1 else {"enum": list(self.options)}


@dataclass(frozen=True, slots=True)
class Number(Shape):
    """A plain decimal in a string, read as a Fraction. Bounds are inclusive but `above`; `decimals` is the most."""

    above: int | None = None
    at_least: int | None = None
    at_most: int | None = None
    decimals: int | None = None

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        try:
            number = decimal(value) if isinstance(value, str) else None
        except ValueError:
            number = None
        if number is None:
            return _refuse(problems, pointer, f'A plain decimal in a string ("12.50") is expected, not {shown(value)}.')
        complaint = self._complaint(number, value)
        return _refuse(problems, pointer, complaint) if complaint else number

    def _complaint(self, number: Fraction, text: str) -> str | None:
        top, bottom = number.numerator, number.denominator
        if self.above is not None and top <= self.above * bottom:
            return f"The number must be greater than {self.above}; it is {text}."
        if self.at_least is not None and top < self.at_least * bottom:
            return f"The number must be at least {self.at_least}; it is {text}."
        if self.at_most is not None and top > self.at_most * bottom:
            return f"The number must be at most {self.at_most}; it is {text}."
        if self.decimals is not None and decimals_of(text) > self.decimals:
            return f"The number has at most {self.decimals} decimals; it is {text}."
        return None

    def schema(self) -> dict[str, Any]:
        pattern = PLAIN_DECIMAL if self.decimals is None else rf"-?[0-9]{{1,18}}(\.[0-9]{{1,{self.decimals}}})?"
        schema = {"type": "string", "pattern": f"^{pattern}$"}
        bounds = {"greater than": self.above, "at least": self.at_least, "at most": self.at_most}
        said = ", ".join(f"{words} {bound}" for words, bound in bounds.items() if bound is not None)
        return {**schema, "description": said} if said else schema


@dataclass(frozen=True, slots=True)
class Integer(Shape):
    """A whole JSON number (a bool or 2.0 is not one)."""

    at_least: int | None = None
    at_most: int | None = None

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        low, high = self.at_least, self.at_most
        if type(value) is not int or (low is not None and value < low) or (high is not None and value > high):
            span = "" if low is None or high is None else f" from {low} to {high}"
            found = value if type(value) is int else shown(value)
            return _refuse(problems, pointer, f"A whole JSON number{span} is expected, not {found}.")
        return value

    def schema(self) -> dict[str, Any]:
        bounds = {"minimum": self.at_least, "maximum": self.at_most}
        return {"type": "integer", **{name: bound for name, bound in bounds.items() if bound is not None}}


@dataclass(frozen=True, slots=True)
class Flag(Shape):
    """true or false."""

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        return (
            value
            if isinstance(value, bool)
            else _refuse(problems, pointer, f"true or false is expected, not {shown(value)}.")
        )

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Day(Shape):
    """A date of the calendar, YYYY-MM-DD."""

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                return _refuse(problems, pointer, f'The calendar has no day "{value}".')
        return _refuse(problems, pointer, f"A date YYYY-MM-DD is expected, not {shown(value)}.")

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


@dataclass(frozen=True, slots=True)
class Moment(Shape):
    """A moment in UTC to the second, YYYY-MM-DDThh:mm:ssZ."""

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        form = r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z"
        written = re.fullmatch(form, value) if isinstance(value, str) else None
        if written is None:
            return _refuse(problems, pointer, f"A moment YYYY-MM-DDThh:mm:ssZ is expected, not {shown(value)}.")
        year, month, day, hour, minute, second = map(int, written.groups())
        try:
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError:
            return _refuse(problems, pointer, f'The calendar and the clock have no moment "{value}".')

    def schema(self) -> dict[str, Any]:
        pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
        return {"type": "string", "format": "date-time", "pattern": pattern}


@dataclass(frozen=True, slots=True)
class Nullable(Shape):
    """The inner shape, or null (None)."""

    inner: Shape

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        return None if value is None else self.inner.read(value, pointer, problems)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [self.inner.schema(), {"type": "null"}]}


@dataclass(frozen=True, slots=True)
class ListOf(Shape):
    """A list, read as a list of the inner shape's values (INVALID ones kept in their place)."""

    inner: Shape
    filled: str = ""  # what an empty list lacks; "" allows it

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        if not isinstance(value, list):
            return _refuse(problems, pointer, f"A list is expected, not {shown(value)}.")
        if self.filled and not value:
            return _refuse(problems, pointer, f"The list is empty; give at least {self.filled}.")
        read = self.inner.read
        return [read(item, f"{pointer}/{index}", problems) for index, item in enumerate(value)]

    def schema(self) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "array", "items": self.inner.schema()}
        return {**schema, "minItems": 1} if self.filled else schema


@dataclass(frozen=True, slots=True)
class Pair(Shape):
    """A list of exactly two values, read as a tuple."""

    first: Shape
    second: Shape

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        if not isinstance(value, list) or len(value) != 2:
            return _refuse(problems, pointer, "A list of two values is expected.")
        pair = (
            self.first.read(value[0], f"{pointer}/0", problems),
            self.second.read(value[1], f"{pointer}/1", problems),
        )
        return INVALID if INVALID in pair else pair

    def schema(self) -> dict[str, Any]:
        items = [self.first.schema(), self.second.schema()]
        return {"type": "array", "prefixItems": items, "items": False, "minItems": 2}


@dataclass(frozen=True, slots=True)
class MapOf(Shape):
    """An object whose keys are free, such as marks by criterion id."""

    inner: Shape

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        if not isinstance(value, dict):
            return _refuse(problems, pointer, f"An object is expected, not {shown(value)}.")
        read = self.inner.read
        return {key: read(item, child(pointer, key), problems) for key, item in value.items()}

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": self.inner.schema()}


@dataclass(frozen=True, slots=True)
class Anything(Shape):
    """A value that is ignored, whatever it is."""

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        return value

    def schema(self) -> dict[str, Any]:
        return {}


class Members(dict[str, Any]):
    """What could be read of an object; `faulty` are the keys that were given but could not be read."""

    __slots__ = ("faulty",)

    faulty: tuple[str, ...]

    def lacks(self, key: str) -> bool:
        """Whether the object does not give the key at all."""
        return key not in self and key not in self.faulty


@dataclass(frozen=True, slots=True)
class Object(Shape):
    """An object of known keys: `required` ones must be there, others may be; an unknown key is a problem.

    Read as its valid members alone, so that rules can look at what is left of a faulty document.
    """

    required: Mapping[str, Shape] = field(default_factory=dict)
    optional: Mapping[str, Shape] = field(default_factory=dict)
    members: Mapping[str, Shape] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "members", {**self.required, **self.optional})

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        if not isinstance(value, dict):
            return _refuse(problems, pointer, f"An object is expected, not {shown(value)}.")
        parsed = Members()
        parsed.faulty = ()
        for key, item in value.items():
            shape = self.members.get(key)
            if shape is None:
                _refuse(problems, child(pointer, key), self._unknown(key))
                continue
            read = shape.read(item, f"{pointer}/{key}", problems)
            if read is INVALID:
                parsed.faulty += (key,)
            else:
                parsed[key] = read
        if not value.keys() >= self.required.keys():
            for key in self.required:
                if key not in value:
                    _refuse(problems, f"{pointer}/{key}", f'The key "{key}" is missing.')
        return parsed

    def _unknown(self, key: str) -> str:
        known = ", ".join(self.members)
        return (
            f'The key "{key}" is unknown here; known keys: {known}.'
            if known
            else f'No key is expected here; "{key}" is unknown.'
        )

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {key: shape.schema() for key, shape in self.members.items()},
            "required": list(self.required),
            "additionalProperties": False,
        }


@dataclass(frozen=True, slots=True)
class ByKey(Shape):
    """An object whose form depends on the text under one of its keys, such as a measure on its kind."""

    key: str
    shapes: Mapping[str, Shape]

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        if not isinstance(value, dict):
            return _refuse(problems, pointer, f"An object is expected, not {shown(value)}.")
        if self.key not in value:
            return _refuse(problems, f"{pointer}/{self.key}", f'The key "{self.key}" is missing.')
        chosen = Choice(tuple(self.shapes)).read(value[self.key], f"{pointer}/{self.key}", problems)
        return INVALID if chosen is INVALID else self.shapes[chosen].read(value, pointer, problems)

    def schema(self) -> dict[str, Any]:
        return {"oneOf": [shape.schema() for shape in self.shapes.values()]}


def unique(items: Iterable[tuple[int, Mapping[str, Any]]], pointer: str, noun: str) -> Iterator[Problem]:
    """Each "id" of the numbered items of the list at `pointer` that an earlier item already has."""
    seen: set[str] = set()
    for index, item in items:
        identifier = item.get("id")
        if identifier in seen:
            sentence = f'The {noun} id "{identifier}" is used more than once; give each its own.'
            yield Problem(f"{pointer}/{index}/id", sentence)
        elif identifier is not None:
            seen.add(identifier)


def numbered(items: Any) -> list[tuple[int, Members]]:
    """The items of a list that could be read, each with its place; none for a list that could not."""
    return [(index, item) for index, item in enumerate(items or ()) if item is not INVALID]
