"""Reads the YAML topics of this folder from the installed package and refuses a line that misses a field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from itertools import pairwise
from types import MappingProxyType

import yaml

from scoring.parameters.units import STATUSES, UNITS, Value

LANGUAGES = ("en", "fr")
_ENTRY_FIELDS = {"title", "explanation", "unit", "status", "lines"}
_LINE_FIELDS = {"value", "valid_from", "valid_until", "reference", "mark", "last_reviewed"}


class ParameterError(ValueError):
    """A topic file is wrong; the sentence says which entry and what would be right."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a value is written: the article (or case), and the text it belongs to."""

    article: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One dated value of an entry."""

    value: Value
    valid_from: date | None
    valid_until: date | None
    reference: Reference
    mark: str
    last_reviewed: date


@dataclass(frozen=True, slots=True)
class Entry:
    """One legal value through time."""

    key: str
    title: Mapping[str, str]
    explanation: Mapping[str, str]
    unit: str
    status: str
    lines: tuple[Line, ...]


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the C one when PyYAML has it
    """YAML that refuses a key written twice, which PyYAML would silently let the last one win."""


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[object, object]:
    pairs = [
        (loader.construct_object(key, deep=True), loader.construct_object(value, deep=True))
        for key, value in node.value
    ]
    mapping = dict(pairs)
    if len(mapping) < len(pairs):
        raise ParameterError(f"A key is written twice{node.start_mark}.")
    return mapping


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_topics() -> tuple[Entry, ...]:
    """Every entry of every topic of the package, by key."""
    files = sorted(
        (file for file in resources.files("scoring.parameters").iterdir() if file.name.endswith(".yaml")),
        key=lambda file: file.name,
    )
    return tuple(
        entry
        for file in files
        for entry in read_topic(file.name.removesuffix(".yaml"), file.read_text(encoding="utf-8"))
    )


def read_topic(topic: str, text: str) -> tuple[Entry, ...]:
    """The entries of one topic, sorted by key. Raises ParameterError at the first thing that is wrong."""
    document = yaml.load(text, Loader=_Loader)  # noqa: S506  # a subclass of the safe loader
    if not isinstance(document, dict) or not document:
        raise ParameterError(f"{topic}.yaml: should be a mapping of entries.")
    return tuple(_entry(f"{topic}.{name}", raw) for name, raw in sorted(document.items()))


def _entry(key: str, raw: object) -> Entry:
    fields = _fields(key, raw, _ENTRY_FIELDS)
    if fields["unit"] not in UNITS:
        raise ParameterError(f"{key}: unit should be one of {', '.join(UNITS)}.")
    if fields["status"] not in STATUSES:
        raise ParameterError(f"{key}: status should be one of {', '.join(STATUSES)}.")
    if not isinstance(fields["lines"], list) or not fields["lines"]:
        raise ParameterError(f"{key}: lines should hold at least one dated line.")
    unit = str(fields["unit"])
    lines = tuple(_line(f"{key}[{at}]", item, unit) for at, item in enumerate(fields["lines"]))
    _refuse_overlap(key, lines)
    return Entry(
        key=key,
        title=_texts(f"{key}.title", fields["title"]),
        explanation=_texts(f"{key}.explanation", fields["explanation"]),
        unit=unit,
        status=str(fields["status"]),
        lines=lines,
    )


def _line(where: str, raw: object, unit: str) -> Line:
    fields = _fields(where, raw, _LINE_FIELDS)
    try:
        value = UNITS[unit](fields["value"])
    except ValueError as wanted:
        raise ParameterError(f"{where}: the value in {unit} should be {wanted}.") from None
    if fields["mark"] not in ("P", "S", "R"):
        raise ParameterError(f"{where}: mark should be P, S or R.")
    reviewed = _day_or_none(f"{where}.last_reviewed", fields["last_reviewed"])
    if reviewed is None:
        raise ParameterError(f"{where}: last_reviewed should be a date.")
    reference = _fields(f"{where}.reference", fields["reference"], {"article", "text"})
    if not all(isinstance(part, str) and part.strip() for part in reference.values()):
        raise ParameterError(f"{where}: reference should have an article and a text, neither empty.")
    return Line(
        value=value,
        valid_from=_day_or_none(f"{where}.valid_from", fields["valid_from"]),
        valid_until=_day_or_none(f"{where}.valid_until", fields["valid_until"]),
        reference=Reference(article=str(reference["article"]), text=str(reference["text"])),
        mark=str(fields["mark"]),
        last_reviewed=reviewed,
    )


def _fields(where: str, raw: object, wanted: set[str]) -> dict[str, object]:
    if not isinstance(raw, dict) or set(raw) != wanted:
        raise ParameterError(f"{where}: should have exactly the fields {', '.join(sorted(wanted))}.")
    return raw


def _texts(where: str, raw: object) -> Mapping[str, str]:
    texts = _fields(where, raw, set(LANGUAGES))
    if not all(isinstance(text, str) and text.strip() for text in texts.values()):
        raise ParameterError(f"{where}: should have a text in each of {', '.join(LANGUAGES)}.")
    return MappingProxyType({language: str(texts[language]) for language in LANGUAGES})


def _day_or_none(where: str, raw: object) -> date | None:
    if raw is not None and type(raw) is not date:
        raise ParameterError(f"{where}: should be a date such as 2026-08-21, unquoted, or null.")
    return raw


def _refuse_overlap(key: str, lines: tuple[Line, ...]) -> None:
    """Lines run from the oldest to the newest and each ends before the next begins."""
    for line in lines:
        if line.valid_from and line.valid_until and line.valid_until < line.valid_from:
            raise ParameterError(f"{key}: a line ends on {line.valid_until} before it begins.")
    for older, newer in pairwise(lines):
        if older.valid_until is None or newer.valid_from is None or newer.valid_from <= older.valid_until:
            raise ParameterError(f"{key}: each line should have ended before the next one begins.")
