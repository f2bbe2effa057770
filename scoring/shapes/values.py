"""Shapes of single values: text, choices, numbers, flags, dates and moments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from scoring.numbers import PLAIN_DECIMAL, decimal, decimals_of
from scoring.problems import Phrase, gettext_noop
from scoring.shapes.shape import Problems, Shape, either, refuse, shown

EXPECTED = gettext_noop("%(expected)s is expected, not %(found)s.")


@dataclass(frozen=True, slots=True)
class Text(Shape):
    """Any text; `filled` refuses the empty one."""

    filled: bool = False

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        if not isinstance(value, str):
            return refuse(problems, pointer, gettext_noop("Text is expected, not %(found)s."), found=shown(value))
        if self.filled and not value:
            return refuse(problems, pointer, gettext_noop("The text is empty; give at least one character."))
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1} if self.filled else {"type": "string"}


@dataclass(frozen=True, slots=True)
class Pattern(Shape):
    """Text of one form, such as an 8-digit CPV code; `expected` begins the sentence "… is expected"."""

    pattern: str
    expected: Phrase

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        if not isinstance(value, str) or not re.fullmatch(self.pattern, value):
            return refuse(problems, pointer, EXPECTED, expected=self.expected, found=shown(value))
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{self.pattern}$"}


@dataclass(frozen=True, slots=True)
class Choice(Shape):
    """One of a few texts."""

    options: tuple[str, ...]

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        if not isinstance(value, str) or value not in self.options:
            return refuse(problems, pointer, EXPECTED, expected=either(self.options), found=shown(value))
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
            template = gettext_noop('A plain decimal in a string ("12.50") is expected, not %(found)s.')
            return refuse(problems, pointer, template, found=shown(value))
        complaint = self._complaint(number, value)
        if complaint is None:
            return number
        template, bound = complaint
        return refuse(problems, pointer, template, bound=bound, number=value)

    def _complaint(self, number: Fraction, text: str) -> tuple[str, int] | None:
        """What is said of a number out of its bounds, and the bound."""
        top, bottom = number.as_integer_ratio()
        if self.above is not None and top <= self.above * bottom:
            return gettext_noop("The number must be greater than %(bound)s; it is %(number)s."), self.above
        if self.at_least is not None and top < self.at_least * bottom:
            return gettext_noop("The number must be at least %(bound)s; it is %(number)s."), self.at_least
        if self.at_most is not None and top > self.at_most * bottom:
            return gettext_noop("The number must be at most %(bound)s; it is %(number)s."), self.at_most
        if self.decimals is not None and decimals_of(text) > self.decimals:
            return gettext_noop("The number has at most %(bound)s decimals; it is %(number)s."), self.decimals
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
            found = value if type(value) is int else shown(value)
            if low is None or high is None:
                return refuse(
                    problems, pointer, gettext_noop("A whole JSON number is expected, not %(found)s."), found=found
                )
            template = gettext_noop("A whole JSON number from %(low)s to %(high)s is expected, not %(found)s.")
            return refuse(problems, pointer, template, low=low, high=high, found=found)
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
            else refuse(
                problems, pointer, gettext_noop("true or false is expected, not %(found)s."), found=shown(value)
            )
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
                return refuse(problems, pointer, gettext_noop('The calendar has no day "%(day)s".'), day=value)
        return refuse(
            problems, pointer, gettext_noop("A date YYYY-MM-DD is expected, not %(found)s."), found=shown(value)
        )

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


@dataclass(frozen=True, slots=True)
class Moment(Shape):
    """A moment in UTC to the second, YYYY-MM-DDThh:mm:ssZ."""

    def read(self, value: Any, pointer: str, problems: Problems) -> Any:
        form = r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z"
        written = re.fullmatch(form, value) if isinstance(value, str) else None
        if written is None:
            template = gettext_noop("A moment YYYY-MM-DDThh:mm:ssZ is expected, not %(found)s.")
            return refuse(problems, pointer, template, found=shown(value))
        year, month, day, hour, minute, second = map(int, written.groups())
        try:
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError:
            template = gettext_noop('The calendar and the clock have no moment "%(moment)s".')
            return refuse(problems, pointer, template, moment=value)

    def schema(self) -> dict[str, Any]:
        pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
        return {"type": "string", "format": "date-time", "pattern": pattern}
