"""What a text is made of: sections of paragraphs and tables, as plain documents that keep for good."""

from collections.abc import Iterable, Sequence
from typing import Any

Block = dict[str, Any]
Section = dict[str, Any]


def paragraph(text: str) -> Block:
    return {"paragraph": text}


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Block:
    """A table whose first column names its rows."""
    return {"table": {"caption": caption, "head": list(head), "rows": [list(row) for row in rows]}}


def section(title: str, blocks: Iterable[Block]) -> Section:
    return {"title": title, "blocks": list(blocks)}
