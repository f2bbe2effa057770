"""The units a legal value may have, and how the value of each is written in YAML and read.

A number is a quoted decimal or fraction (`"0.5"`, `"2/3"`), so that nothing passes through a float.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction

Value = Fraction | date | bool | tuple[str, ...] | tuple[Fraction, ...]

_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,12}|/[1-9][0-9]{0,17})?\Z")


def _number(raw: object) -> Fraction:
    if not isinstance(raw, str) or _NUMBER.match(raw) is None:
        raise ValueError('a quoted number such as "216000", "0.5" or "2/3"')
    return Fraction(raw)


def _day(raw: object) -> date:
    if type(raw) is not date:
        raise ValueError("a date such as 2026-08-21, unquoted")
    return raw


def _true(raw: object) -> bool:
    if raw is not True:
        raise ValueError("true (a rule that stops holding gets a valid_until)")
    return True


def _names(raw: object, pattern: str, example: str) -> tuple[str, ...]:
    if not isinstance(raw, list) or not raw or not all(isinstance(item, str) for item in raw):
        raise ValueError(f"a list of texts such as {example}")
    if len(set(raw)) < len(raw) or not all(re.fullmatch(pattern, item) for item in raw):
        raise ValueError(f"a list without repetition such as {example}")
    return tuple(raw)


def _range(raw: object) -> tuple[Fraction, ...]:
    if not isinstance(raw, list) or len(raw) != 2 or _number(raw[0]) > _number(raw[1]):
        raise ValueError('the two ends of a range such as ["0.10", "0.30"]')
    return (_number(raw[0]), _number(raw[1]))


def _cpv_range(raw: object) -> tuple[str, ...]:
    codes = _names(raw, r"[0-9]{8}", '["33100000", "33199000"]')
    if len(codes) != 2 or codes[0] > codes[1]:
        raise ValueError('the first and last code of a range such as ["33100000", "33199000"]')
    return codes


UNITS: dict[str, Callable[[object], Value]] = {
    "EUR": _number,  # net of value added tax
    "ratio": _number,  # of 1: "0.5" is 50 %
    "ratio_range": _range,
    "days": _number,
    "months": _number,
    "years": _number,
    "count": _number,
    "date": _day,
    "rule": _true,  # a rule without a figure: it holds or it does not
    "countries": lambda raw: _names(raw, r"[A-Z]{2}", "[AT, BE]"),  # ISO 3166-1 alpha-2
    "cpv_range": _cpv_range,
    "cpv_prefixes": lambda raw: _names(raw, r"[0-9]{2,8}", '["331", "336"]'),
    "phrases": lambda raw: _names(raw, r"\S(.*\S)?", "[EcoVadis, ISO 14001]"),
    "codes": lambda raw: _names(raw, r"[a-z0-9_]+", "[no_other_compliant_tender]"),
}

STATUSES = ("in_force", "utilities_only", "case_law", "proposed", "not_adopted", "guidance", "not_in_force", "practice")
