"""The sentences of `texts.yaml` in the language of the moment."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

from procurement.tenders.grids.wording import worded

LANGUAGES = ("fr", "en")  # those of every announcement; the first is that of the procedure


def say(sentence: str, **values: Any) -> str:
    """The ``sentence`` (a key of the file) with its names filled in, in the active language."""
    return sentences()[sentence][_language()].format(**values)


def quote(text: str) -> str:
    """A text of the lot in the active language where it is one of a template, as its buyer wrote it elsewhere."""
    return worded(text, _language())


def _language() -> str:
    return (get_language() or LANGUAGES[0])[:2]


@cache
def sentences() -> Mapping[str, Mapping[str, str]]:
    """Every sentence by its key and its language."""
    read: Mapping[str, Mapping[str, str]] = yaml.safe_load((Path(__file__).parent / "texts.yaml").read_text("utf-8"))
    return read
