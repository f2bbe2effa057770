"""The form of a document, declared once: it reads values with every problem found, and writes its own JSON Schema.

`read` returns the value in its exact type (Fraction, date, tuple, dict…) or INVALID after noting why. Rules that
look at several places at once are not here: see `case_rules` and `policy_rules`.
"""

from __future__ import annotations

from scoring.shapes.shape import INVALID, Problems, Shape, either, refuse, shown
from scoring.shapes.structures import (
    Anything,
    ByKey,
    ListOf,
    MapOf,
    Members,
    Nullable,
    Object,
    Pair,
    numbered,
    unique,
)
from scoring.shapes.values import Choice, Day, Flag, Integer, Moment, Number, Pattern, Text

__all__ = [
    "INVALID",
    "Anything",
    "ByKey",
    "Choice",
    "Day",
    "Flag",
    "Integer",
    "ListOf",
    "MapOf",
    "Members",
    "Moment",
    "Nullable",
    "Number",
    "Object",
    "Pair",
    "Pattern",
    "Problems",
    "Shape",
    "Text",
    "either",
    "numbered",
    "refuse",
    "shown",
    "unique",
]
