"""The sentences of `texts.yaml`: letters are written in French, the language of the procedure."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

LANGUAGE = "fr"


def say(sentence: str, **values: object) -> str:
    """The ``sentence`` (a key of the file) with its names filled in."""
    return sentences()[sentence].format(**values)


@cache
def sentences() -> Mapping[str, str]:
    """Every sentence by its key."""
    read: Mapping[str, str] = yaml.safe_load((Path(__file__).parent / "texts.yaml").read_text("utf-8"))
    return read
