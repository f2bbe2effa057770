"""Letters and reports are written in French, the language of the procedure, whatever the reader's."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import yaml

LANGUAGE = "fr"


def speaker(file: Path) -> Callable[..., str]:
    """What says a sentence of ``file`` (YAML: key and text) by its key, with its {names} filled in."""

    @cache
    def sentences() -> dict[str, str]:
        read: dict[str, str] = yaml.safe_load(file.read_text("utf-8"))
        return read

    def say(sentence: str, **values: object) -> str:
        return sentences()[sentence].format(**values)

    return say
