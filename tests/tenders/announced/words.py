"""An announcement as plain text, to be compared whole: a section under ##, a row of a table with its cells by |."""

from collections.abc import Iterator
from typing import Any


def text_of(document: dict[str, Any], language: str) -> str:
    return "\n".join(_lines(document["texts"][language])) + "\n"


def _lines(text: dict[str, Any]) -> Iterator[str]:
    yield from (text["title"], text["subtitle"])
    for section in text["sections"]:
        yield f"## {section['title']}"
        for block in section["blocks"]:
            if "paragraph" in block:
                yield block["paragraph"]
            else:
                yield f"[{block['table']['caption']}]"
                yield from (" | ".join(row) for row in [block["table"]["head"], *block["table"]["rows"]])
