"""Several lots in one list: criteria that name their lots at their beginning ("Lot 2 : Prix"), or lists in a row."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from procurement.interchange.boamp.words import kind_of
from procurement.tenders.reference.folding import folded
from procurement.tenders.reference.reading import ON_PRICE

NUMBERS = r"\d{1,7}(?:\s*(?:,|et|/|&|à)\s*(?:lot\s*)?\d{1,7}(?!\d|\.\d))*"
NAMES_LOTS = re.compile(
    rf"\W*(?:lot\s+)?lots?\s*(?:n\s*[o°º]?\s*)?({NUMBERS})(?![\d.]*\d)\s*[:\-–—.)]*\s*(.*)", re.I | re.S
)
PART = re.compile(r"\W*(?:sous[\s-]*(?:sous[\s-]*)?crit|item\b|s\.?c\.?\s*\d|\d+\.\d|-)")


class Row(NamedTuple):
    """A criterion as its row has it, without the lots it names."""

    title: str
    weight: int
    lots: str = ""


def with_lots(title: str, weight: int) -> Row:
    """The row, with the lots its words name taken from them; a title that is nothing but its lots keeps its words."""
    found = NAMES_LOTS.fullmatch(title)
    if found is None or not found[2]:
        return Row(title, weight)
    return Row(found[2], weight, re.sub(r"\d+", lambda number: str(int(number[0])), " ".join(found[1].split())))


def by_name(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows of each lot (or set of lots), in the order in which they first stand in the list."""
    lots: dict[str, list[Row]] = {}
    for row in rows:
        lots.setdefault(row.lots, []).append(row)
    return lots


def in_order(rows: Sequence[Row]) -> list[list[Row]]:
    """Two lists or more of exactly 100, one after the other, each with a price or a cost and none with a part; else [].

    There is at most one way, because a row without weight belongs to the list it ends.
    """
    if any(is_part(row.title) for row in rows):
        return []
    lists, current = [], list[Row]()
    for row in rows:
        current.append(row)
        if sum(each.weight for each in current) == 100:
            lists.append(current)
            current = []
    whole = not current and len(lists) > 1
    return lists if whole and all(any(kind_of(row.title) in ON_PRICE for row in one) for one in lists) else []


def is_part(title: str) -> bool:
    """Whether the words say that this is a sub-criterion: "Sous-critère 1", "2.1", "Item", "- …"."""
    return PART.match(folded(title)) is not None
