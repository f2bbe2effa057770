"""Legal values as dated lines: what the law says, from when, where it is written and how surely it was read.

The lines live in the YAML files of this folder, one file per topic; a line's key is `topic.name`
(`eu_thresholds.works`). A topic holds entries, an entry holds lines dated without overlap:

    works:
      title: {en: …, fr: …}             what the value is, a few words
      explanation: {en: …, fr: …}       one sentence
      unit: EUR                         one of `UNITS`
      status: in_force                  one of `STATUSES`
      lines:
        - value: "5404000"              as its unit wants it, see `UNITS`
          valid_from: 2026-01-01        inclusive; null when the beginning was not looked up
          valid_until: 2027-12-31       inclusive; null while nothing ends it
          reference: {article: …, text: …}
          mark: S                       P primary text, S secondary source, R recalled and to be confirmed
          last_reviewed: 2026-11-15

`parameter(key, on=date)` gives the line in force on a day. Nothing here reads a clock: the caller says
the day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, cast

from scoring.parameters.reading import Entry, Line, ParameterError, Reference, Value, read_topics
from scoring.parameters.units import STATUSES, UNITS

__all__ = [
    "STATUSES",
    "UNITS",
    "MissingParameterError",
    "Parameter",
    "ParameterError",
    "Parameters",
    "all_parameters",
    "find",
    "lines_of",
    "parameter",
]

Mark = Literal["P", "S", "R"]


class MissingParameterError(LookupError):
    """No such key, or no line of it on that day. `str()` is one sentence; `key`, `on` say what was asked."""

    def __init__(self, sentence: str, *, key: str, on: date | None) -> None:
        super().__init__(sentence)
        self.key = key
        self.on = on


@dataclass(frozen=True, slots=True)
class Parameter:
    """One dated legal value with everything its card shows."""

    key: str
    value: Value
    unit: str
    status: str
    reference: Reference
    mark: Mark
    valid_from: date | None
    valid_until: date | None
    last_reviewed: date
    title: Mapping[str, str]
    explanation: Mapping[str, str]

    @property
    def number(self) -> Fraction:
        """The value of a unit that is one number: an exact rational in that unit."""
        if isinstance(self.value, Fraction):
            return self.value
        raise TypeError(f"{self.key} is in {self.unit}, which is not a number.")

    @property
    def day(self) -> date:
        """The value of the unit `date`."""
        if isinstance(self.value, date):
            return self.value
        raise TypeError(f"{self.key} is in {self.unit}, which is not a date.")

    @property
    def names(self) -> tuple[str, ...]:
        """The value of a unit that is a list of texts, in the order of the file."""
        if isinstance(self.value, tuple) and all(isinstance(item, str) for item in self.value):
            return cast(tuple[str, ...], self.value)
        raise TypeError(f"{self.key} is in {self.unit}, which is not a list of names.")

    def as_json(self) -> dict[str, Any]:
        """The line as a document: its value in the words of its topic, where it is written, how surely it was read."""
        return {
            "key": self.key,
            "value": _plain(self.value),
            "unit": self.unit,
            "status": self.status,
            "article": self.reference.article,
            "text": self.reference.text,
            "mark": self.mark,
            "valid_from": _plain(self.valid_from),
            "valid_until": _plain(self.valid_until),
            "last_reviewed": _plain(self.last_reviewed),
        }

    def holds_on(self, day: date | None) -> bool:
        """Is `day` between `valid_from` and `valid_until`, both included? On no known day: is it without dates?"""
        if day is None:
            return self.valid_from is None and self.valid_until is None
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


def _plain(value: Value | None) -> Any:
    """A value as JSON: numbers and dates as texts, lists as lists."""
    if isinstance(value, tuple):
        return [str(part) for part in value]
    return value if value is None or isinstance(value, bool) else str(value)


def find(key: str, *, on: date | None) -> Parameter | None:
    """The line of `key` in force on a day, or None when there is none that day.

    With `on` None, a day that is not known, only a line without dates is found. Raises MissingParameterError for a
    key that no topic has: a misspelt key is never "not in force".
    """
    return next((line for line in lines_of(key) if line.holds_on(on)), None)


def parameter(key: str, *, on: date | None) -> Parameter:
    """The line of `key` in force on a day. Raises MissingParameterError when there is none."""
    line = find(key, on=on)
    if line is None:
        day = f"on {on}" if on else "without a day"
        raise MissingParameterError(
            f"The legal parameter {key} has no value {day}: add a dated line with its reference.", key=key, on=on
        )
    return line


def lines_of(key: str) -> tuple[Parameter, ...]:
    """Every line of `key`, oldest first. Raises MissingParameterError for a key that no topic has."""
    try:
        return _lines_by_key()[key]
    except KeyError:
        raise MissingParameterError(f"There is no legal parameter named {key}.", key=key, on=None) from None


class Parameters:
    """The legal values, and which of them were asked for: what `stale-rule` has to look at."""

    def __init__(self) -> None:
        self._used: dict[tuple[str, date | None], Parameter] = {}

    def find(self, key: str, *, on: date | None) -> Parameter | None:
        """As the function `find`."""
        line = find(key, on=on)
        if line is not None:
            self._used[key, line.valid_from] = line
        return line

    def parameter(self, key: str, *, on: date | None) -> Parameter:
        """As the function `parameter`."""
        line = parameter(key, on=on)
        self._used[key, line.valid_from] = line
        return line

    def latest(self, key: str) -> Parameter:
        """The newest line of `key`, whatever the day: what is cited where no day says which line applies."""
        line = lines_of(key)[-1]
        self._used[key, line.valid_from] = line
        return line

    @property
    def used(self) -> tuple[Parameter, ...]:
        """The lines that were asked for, by key, then oldest first."""
        return tuple(sorted(self._used.values(), key=lambda line: (line.key, line.valid_from or date.min)))


def all_parameters() -> tuple[Parameter, ...]:
    """Every line of every topic, by key then by date: what the pages of cards list."""
    return tuple(line for lines in _lines_by_key().values() for line in lines)


@cache
def _lines_by_key() -> Mapping[str, tuple[Parameter, ...]]:
    """The whole folder, read once. Raises ParameterError, which names the file and the entry."""
    entries = read_topics()
    return MappingProxyType({entry.key: tuple(_parameter(entry, line) for line in entry.lines) for entry in entries})


def _parameter(entry: Entry, line: Line) -> Parameter:
    return Parameter(
        key=entry.key,
        value=line.value,
        unit=entry.unit,
        status=entry.status,
        reference=line.reference,
        mark=cast(Mark, line.mark),
        valid_from=line.valid_from,
        valid_until=line.valid_until,
        last_reviewed=line.last_reviewed,
        title=entry.title,
        explanation=entry.explanation,
    )
