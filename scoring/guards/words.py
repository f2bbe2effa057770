"""Finds a phrase of a list in a title, whatever its case, accents and punctuation."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache


def first_named(text: str, phrases: Iterable[str]) -> str | None:
    """The first phrase whose words stand in `text` in that order and side by side, or None.

    `eu_ecolabel` and "EU-Ecolabel" both name "EU Ecolabel"; "Course" does not name "RSE".
    """
    words = f" {_words(text)} "
    return next((phrase for phrase in phrases if f" {_words(phrase)} " in words), None)


@lru_cache(maxsize=4096)
def _words(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())
