"""Keeping what other buyers published."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from procurement.ledger import services as ledger
from procurement.people.models import User
from procurement.people.permissions import Permission, require
from procurement.people.writes import service
from procurement.tenders.models import ReferenceGrid, ReferenceImport, ReferenceRefusal
from procurement.tenders.reference.folding import folded
from procurement.tenders.reference.reading import PublishedGrid, ReadNotice, ReferenceReading

BATCH = 500


class KeptReference(NamedTuple):
    """The import a reading belongs to, and whether it was new: the same file read again changes nothing."""

    reference_import: ReferenceImport
    new: bool


@service
def keep_reference(*, reading: ReferenceReading, by: User | None, at: datetime | None = None) -> KeptReference:
    """Store a reading whole: the grids of each notice, or why it was refused.

    A notice that another file brought stays as it is, and is refused here. ``by`` None = the machine's operator at
    the command line.
    """
    if by is not None:
        require(by, Permission.IMPORT_ARCHIVE)
    earlier = ReferenceImport.objects.filter(source=reading.source, sha256=reading.sha256).first()
    if earlier:
        return KeptReference(earlier, new=False)
    at = at or timezone.now()
    known = set(ReferenceGrid.objects.values_list("notice", flat=True))
    told = replace(reading, notices=tuple(_unless_known(read, known) for read in reading.notices))
    row = ReferenceImport.objects.create(source=told.source, sha256=told.sha256, imported_at=at, counts=told.counts())
    ReferenceGrid.objects.bulk_create(_grids(row, told.notices), batch_size=BATCH)
    ReferenceRefusal.objects.bulk_create(_refusals(row, told.notices), batch_size=BATCH)
    ledger.record("reference.imported", row, by=by, at=at, after=told.sha256)
    return KeptReference(row, new=True)


def _unless_known(read: ReadNotice, known: set[str]) -> ReadNotice:
    if read.grids and read.notice.number in known:
        return replace(read, grids=(), repair="", reason="known-notice")
    return read


def _grids(row: ReferenceImport, notices: Iterable[ReadNotice]) -> list[ReferenceGrid]:
    return [_grid(row, read, position, grid) for read in notices for position, grid in enumerate(read.grids, start=1)]


def _grid(row: ReferenceImport, read: ReadNotice, position: int, grid: PublishedGrid) -> ReferenceGrid:
    notice = read.notice
    return ReferenceGrid(
        reference_import=row,
        notice=notice.number,
        position=position,
        lots=grid.lots,
        month=notice.month,
        buyer=notice.buyer,
        postcode=notice.postcode,
        town=notice.town,
        health=notice.health,
        procedure=notice.procedure,
        criteria=[criterion.as_json() for criterion in grid.criteria],
        shape=grid.shape(),
        price_weight=grid.price_weight(),
        repair=read.repair,
        rows=grid.rows,
        searched=folded("\n".join([notice.buyer, *(f"{each.parent} {each.title}" for each in grid.criteria)])),
    )


def _refusals(row: ReferenceImport, notices: Iterable[ReadNotice]) -> list[ReferenceRefusal]:
    return [
        ReferenceRefusal(
            reference_import=row,
            notice=read.notice.number,
            first_row=read.first_row,
            rows=read.rows,
            total=read.total,
            reason=read.reason,
        )
        for read in notices
        if read.reason
    ]
