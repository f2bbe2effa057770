"""The sentences of `texts.yaml` in the language of the moment."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

LANGUAGES = ("fr", "en")  # those of every announcement; the first is that of the procedure


def say(sentence: str, **values: Any) -> str:
    """The ``sentence`` (a key of the file) with its names filled in, in the active language."""
    return sentences()[sentence][(get_language() or LANGUAGES[0])[:2]].format(**values)


@cache
def sentences() -> Mapping[str, Mapping[str, str]]:
    """Every sentence by its key and its language."""
    read: Mapping[str, Mapping[str, str]] = yaml.safe_load((Path(__file__).parent / "texts.yaml").read_text("utf-8"))
    return read
