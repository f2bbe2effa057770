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


def labelled(text: dict[str, Any]) -> dict[str, Any]:
    """The text with the title of its column beside each cell of a table, for narrow screens."""
    sections = [{**section, "blocks": [_block(block) for block in section["blocks"]]} for section in text["sections"]]
    return {**text, "sections": sections}


def _block(block: Block) -> Block:
    if "table" not in block:
        return block
    table = block["table"]
    return {"table": {**table, "rows": [list(zip(table["head"], row, strict=True)) for row in table["rows"]]}}
