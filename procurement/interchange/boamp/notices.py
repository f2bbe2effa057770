"""From the file to notices: rows put together by notice, checked, kept as they stand, repaired by a rule, or refused.

The rules stand in docs/reference-grids.md.
"""

import hashlib
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from procurement.interchange import csv_files
from procurement.interchange.boamp import lots, parts
from procurement.interchange.boamp.lots import Row, with_lots
from procurement.interchange.boamp.words import UNNAMED, kind_of
from procurement.tenders.reference.folding import folded
from procurement.tenders.reference.reading import (
    ON_PRICE,
    Notice,
    PublishedCriterion,
    PublishedGrid,
    ReadNotice,
    ReferenceReading,
)

SOURCE = "boamp"
WHOLE = 100
MOST_CRITERIA = 500  # of one notice
WIDTHS = {"avis_num": 20, "mois": 7, "acheteur": 300, "cp": 10, "ville": 100, "procedure": 60}
HEALTH, TITLE, WEIGHT = "etablissement_sante_heuristique", "critere", "poids"
COLUMNS = (*WIDTHS, HEALTH, TITLE, WEIGHT)
Repaired = tuple[str, tuple[PublishedGrid, ...]]


def read(file: Path) -> ReferenceReading:
    """Read the file. Raises `csv_files.UnreadableFile`; after that every notice is kept, repaired or refused."""
    rows, content = csv_files.read(file, COLUMNS)
    by_notice: dict[str, list[csv_files.Row]] = {}
    nameless = (f"\0{number}" for number in count())  # rows without a notice are refused one by one
    for row in rows:
        by_notice.setdefault(row["avis_num"].strip() or next(nameless), []).append(row)
    notices = tuple(_read_notice(group) for group in by_notice.values())
    return ReferenceReading(SOURCE, hashlib.sha256(content).hexdigest(), notices)


def _read_notice(rows: Sequence[csv_files.Row]) -> ReadNotice:
    """One notice, whose rows stand together or apart in the file."""
    weights = [_weight(row[WEIGHT]) for row in rows]
    total = None if None in weights else sum(weight for weight in weights if weight is not None)
    try:
        _check(rows, weights)
        listed = [
            with_lots(_words(row), weight) for row, weight in zip(rows, weights, strict=True) if weight is not None
        ]
        repair, grids = _grids(listed)
    except parts.NoWay as refusal:
        return ReadNotice(_notice(rows[0]), rows[0].number, len(rows), total, reason=str(refusal))
    return ReadNotice(_notice(rows[0]), rows[0].number, len(rows), total, grids, repair)


def _weight(text: str) -> int | None:
    written = text.strip()
    return int(written) if written.isascii() and written.isdigit() and len(written) <= 3 else None


def _check(rows: Sequence[csv_files.Row], weights: Sequence[int | None]) -> None:
    """Raise NoWay for rows that cannot be taken as the criteria of one notice."""
    faults = (
        ("no-notice-number", not rows[0]["avis_num"].strip()),
        ("field-too-long", any(len(rows[0][name].strip()) > width for name, width in WIDTHS.items())),
        ("notice-twice", len({_notice(row) for row in rows}) > 1),
        ("too-many-criteria", len(rows) > MOST_CRITERIA),
        ("no-words", not all(_words(row) for row in rows)),
        ("weight-not-whole", any(weight is None or weight > WHOLE for weight in weights)),
    )
    for reason, found in faults:
        if found:
            raise parts.NoWay(reason)


def _words(row: csv_files.Row) -> str:
    return " ".join(row[TITLE].split())


def _notice(row: csv_files.Row) -> Notice:
    number, month, buyer, postcode, town, procedure = (row[name].strip()[:width] for name, width in WIDTHS.items())
    return Notice(number, month, buyer, postcode, town, row[HEALTH].strip() == "1", procedure)


def _grids(rows: Sequence[Row]) -> Repaired:
    """The grids of a notice and the key of the rule that found them. Raises NoWay."""
    if sum(row.weight for row in rows) == WHOLE:
        return "", (_grid(rows),)
    if any(row.lots for row in rows):
        return _grids_by_name(rows)
    separate = lots.in_order(rows)
    if separate:
        return "lots-in-order", tuple(_grid(one, str(number)) for number, one in enumerate(separate, start=1))
    repair, grid = _without_parents(rows)
    return repair, (grid,)


def _grids_by_name(rows: Sequence[Row]) -> Repaired:
    if not all(row.lots for row in rows):
        raise parts.NoWay("some-lots-named")
    by_lot = lots.by_name(rows)
    if all(sum(row.weight for row in one) == WHOLE for one in by_lot.values()):
        return "lots-named", tuple(_grid(one, name) for name, one in by_lot.items())
    try:
        return "lots-and-sub-criteria", tuple(_without_parents(one, name)[1] for name, one in by_lot.items())
    except parts.NoWay as refusal:
        raise parts.NoWay("lot-does-not-total-100") from refusal


def _without_parents(rows: Sequence[Row], name: str = "") -> tuple[str, PublishedGrid]:
    if sum(row.weight for row in rows) == WHOLE:
        return "", _grid(rows, name)
    parents = parts.named(rows)
    if parents:
        parts.check(rows, parents)
        return "sub-criteria-named", _grid(rows, name, parents)
    return "sub-criteria-in-order", _grid(rows, name, parts.in_order(rows))


def _grid(rows: Sequence[Row], name: str = "", parents: parts.Parents | None = None) -> PublishedGrid:
    parents = parents or {}
    criteria = tuple(
        _criterion(row, rows[parents[place]] if place in parents else None)
        for place, row in enumerate(rows)
        if place not in parents.values()
    )
    return PublishedGrid(name, criteria, len(rows))


def _criterion(row: Row, parent: Row | None) -> PublishedCriterion:
    """The part of a price is price whatever it speaks of; another part without a word of its own is as its parent."""
    own = kind_of(row.title)
    if parent is not None:
        of_parent = kind_of(parent.title)
        after = folded(row.title).removeprefix(folded(parent.title).rstrip(" :-."))
        own = of_parent if of_parent in ON_PRICE else kind_of(after) or of_parent
    return PublishedCriterion(
        row.title, row.weight, own or UNNAMED, parent.title if parent else "", by_words=own is not None
    )
