"""Shapes of single values: text, choices, numbers, flags, dates and moments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from scoring.numbers import PLAIN_DECIMAL, decimal, decimals_of
from scoring.shapes.shape import Problems, Shape, refuse, shown


@dataclass(frozen=True, slots=True)
class Text(Shape):
    """Any text; `filled` refuses the empty one."""

    filled: bool = False

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        if not isinstance(value, str):
            return refuse(problems, pointer, f"Text is expected, not {shown(value)}.")
        if self.filled and not value:
            return refuse(problems, pointer, "The text is empty; give at least one character.")
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
            return refuse(problems, pointer, f"{self.expected} is expected, not {shown(value)}.")
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
            return refuse(problems, pointer, f"{expected} is expected, not {shown(value)}.")
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
            return refuse(problems, pointer, f'A plain decimal in a string ("12.50") is expected, not {shown(value)}.')
        complaint = self._complaint(number, value)
        return refuse(problems, pointer, complaint) if complaint else number

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
            return refuse(problems, pointer, f"A whole JSON number{span} is expected, not {found}.")
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
            else refuse(problems, pointer, f"true or false is expected, not {shown(value)}.")
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
                return refuse(problems, pointer, f'The calendar has no day "{value}".')
        return refuse(problems, pointer, f"A date YYYY-MM-DD is expected, not {shown(value)}.")

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


@dataclass(frozen=True, slots=True)
class Moment(Shape):
    """A moment in UTC to the second, YYYY-MM-DDThh:mm:ssZ."""

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        form = r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z"
        written = re.fullmatch(form, value) if isinstance(value, str) else None
        if written is None:
            return refuse(problems, pointer, f"A moment YYYY-MM-DDThh:mm:ssZ is expected, not {shown(value)}.")
        year, month, day, hour, minute, second = map(int, written.groups())
        try:
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError:
            return refuse(problems, pointer, f'The calendar and the clock have no moment "{value}".')

    def schema(self) -> dict[str, Any]:
        pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
        return {"type": "string", "format": "date-time", "pattern": pattern}
