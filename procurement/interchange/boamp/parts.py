"""Criteria published beside their parts: which of them are left out so that what remains totals 100.

By their names where a criterion is named after another ("Valeur technique : moyens humains"), else by their order,
where a criterion is followed by two or more that add up to exactly its weight.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from procurement.interchange.boamp.lots import Row
from procurement.tenders.reference.folding import folded

WHOLE = 100
AFTER_A_NAME = re.compile(r"\s*[:\-–—]\s*(?=\S)")
Parents = dict[int, int]  # the place of a part -> the place of the criterion it is a part of


class NoWay(Exception):
    """No reading of the parts brings the list to 100; the message is a key of `reasons.REASONS`."""


def named(rows: Sequence[Row]) -> Parents:
    """The parts that are named after another row of the list: after the longest such name."""
    names = {folded(row.title).rstrip(" :-."): place for place, row in enumerate(rows)}
    found: Parents = {}
    for place, row in enumerate(rows):
        text = folded(row.title)
        after = [name for name in names if _named_after(text, name) and names[name] != place]
        if after:
            found[place] = names[max(after, key=len)]
    return found


def check(rows: Sequence[Row], parents: Parents) -> None:
    """Raise NoWay unless the parts of each parent add up to it, no part is a parent, and the rest totals 100."""
    for parent in set(parents.values()):
        parts = [rows[place].weight for place in parents if parents[place] == parent]
        if sum(parts) != rows[parent].weight or parent in parents:
            raise NoWay("parts-do-not-add-up")
    if sum(row.weight for place, row in enumerate(rows) if place not in parents.values()) != WHOLE:
        raise NoWay("no-way")


def in_order(rows: Sequence[Row]) -> Parents:
    """The one way to leave out criteria that are followed by two or more parts. Raises NoWay: none, or several."""

    @cache
    def ways(start: int, too_much: int) -> tuple[Parents, ...]:
        """Two ways at the most, from ``start`` on, to leave out parents that weigh ``too_much`` together."""
        if too_much == 0:
            return ({},)
        found: list[Parents] = []
        for parent in range(start, len(rows)):
            for end in _ends_of_parts(rows, parent) if rows[parent].weight <= too_much else ():
                own = dict.fromkeys(range(parent + 1, end), parent)
                found += [own | rest for rest in ways(end, too_much - rows[parent].weight)]
            if len(found) > 1:
                break
        return tuple(found[:2])

    found = ways(0, sum(row.weight for row in rows) - WHOLE)
    if len(found) != 1:
        raise NoWay("several-ways" if found else "no-way")
    return found[0]


def _ends_of_parts(rows: Sequence[Row], parent: int) -> Iterator[int]:
    """Where the parts of ``parent`` may end: after two rows or more of some weight that add up to it."""
    total = 0
    for place in range(parent + 1, len(rows)):
        total += rows[place].weight
        if rows[place].weight == 0 or total > rows[parent].weight:
            return
        if total == rows[parent].weight and place - parent > 1:
            yield place + 1


def _named_after(text: str, name: str) -> bool:
    return bool(name) and text.startswith(name) and AFTER_A_NAME.match(text, len(name)) is not None
