"""Keeping an archive, and scoring it with and without a preference."""

from datetime import datetime
from typing import NamedTuple

from django.utils import timezone

from procurement.ledger import services as ledger
from procurement.people.models import User
from procurement.people.permissions import Permission, require
from procurement.people.writes import service
from procurement.simulation.models import ArchiveCase, ArchiveImport, ImportedRow
from procurement.simulation.reading import ArchiveReading, PastContract
from scoring.canonical import sha256

BATCH = 1000


class Kept(NamedTuple):
    """The import the reading belongs to, and whether it was new: the same files read again change nothing."""

    archive_import: ArchiveImport
    new: bool


@service
def keep_archive(*, reading: ArchiveReading, by: User | None, at: datetime | None = None) -> Kept:
    """Store a reading whole: the fate of each row and the comparable contracts as cases.

    A contract another import already brought is replaced when its case differs. `by` None = the machine's
    operator at the command line.
    """
    if by is not None:
        require(by, Permission.IMPORT_ARCHIVE)
    earlier = ArchiveImport.objects.filter(source=reading.source, sha256=reading.sha256).first()
    if earlier:
        return Kept(earlier, new=False)
    at = at or timezone.now()
    archive_import = ArchiveImport.objects.create(
        source=reading.source, sha256=reading.sha256, imported_at=at, counts=reading.counts()
    )
    ImportedRow.objects.bulk_create(
        [
            ImportedRow(
                archive_import=archive_import, file=fate.file, row=fate.row, outcome=fate.outcome, reason=fate.reason
            )
            for fate in reading.rows
        ],
        batch_size=BATCH,
    )
    ArchiveCase.objects.bulk_create(
        [_case(archive_import, contract) for contract in reading.contracts],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["source", "key"],
        update_fields=[
            "archive_import", "country", "origin", "domestic_and_foreign", "awarded_bid", "awarded_on", "document",
            "sha256", "bids",
        ],
    )  # fmt: skip
    ledger.record("archive.imported", archive_import, by=by, at=at, after=reading.sha256)
    return Kept(archive_import, new=True)


def _case(archive_import: ArchiveImport, contract: PastContract) -> ArchiveCase:
    return ArchiveCase(
        archive_import=archive_import,
        source=archive_import.source,
        key=contract.key,
        country=contract.country,
        origin=contract.origin,
        domestic_and_foreign=contract.domestic_and_foreign,
        awarded_bid=contract.awarded_bid,
        awarded_on=contract.awarded_on,
        document=contract.document,
        sha256=sha256(contract.document),
        bids=sum(bid["status"] == "admissible" for bid in contract.document["bids"]),
    )
