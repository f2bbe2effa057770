"""Making a snapshot of past lots: asked for on a page, made by a worker or at the command line."""

from collections.abc import Iterable, Iterator
from itertools import chain

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from procurement.jobs import services as jobs
from procurement.jobs.models import Job
from procurement.ledger import services as ledger
from procurement.people.models import User
from procurement.people.permissions import Permission, require
from procurement.people.refusals import Invalid, Refused
from procurement.people.writes import refusals_recorded, service
from procurement.simulation.models import ArchiveSnapshot
from procurement.simulation.snapshot_files import Described, written
from procurement.simulation.sources import SOURCES
from procurement.simulation.sources.content import Content, Provenance, Row

TASK = "procurement.simulation.tasks.make_snapshot"
READING = gettext_noop("Reading the past lots.")
STEP = 100  # lots between two signs of life


@service
def request_snapshot(*, source: str, by: User) -> Job:
    """Ask for a snapshot of a source as it stands; a worker makes it. Raises Refused when there is nothing in it."""
    require(by, Permission.IMPORT_ARCHIVE)
    if source not in SOURCES:
        raise Invalid(_("Choose one of these sources: %(sources)s.") % {"sources": ", ".join(SOURCES)})
    if not SOURCES[source].any():
        raise Refused(_nothing_in(source))
    return jobs.enqueue(task=TASK, arguments={"source": source}, provenance={}, by=by)


def make_snapshot(*, job: Job) -> None:
    """Make the snapshot a running job was asked for, and finish both together, once."""
    source = job.arguments["source"]
    content = SOURCES[source].content()
    file = _file(_with_progress(content, job), content.provenance, source)
    with transaction.atomic():
        snapshot = _kept(file, content.provenance, source, job.requested_by)
        jobs.finish(job=job, result={snapshot._meta.label: snapshot.pk})


@refusals_recorded
def keep_snapshot(*, rows: Iterable[Row], provenance: Provenance, source: str, by: User | None) -> ArchiveSnapshot:
    """Write a snapshot whole, then its row; the same content again gives the row that is there.

    `by` None = the machine's operator at the command line. Raises Refused when there is no row.
    """
    if by is not None:
        require(by, Permission.IMPORT_ARCHIVE)
    return _kept(_file(rows, provenance, source), provenance, source, by)


def _nothing_in(source: str) -> str:
    """Why no snapshot can be made of a source, as a sentence."""
    if source == ArchiveSnapshot.Source.PORTAL:
        return _("No lot of this portal is closed: a snapshot holds awards whose standstill is over.")
    return _("Nothing of %(source)s was imported: an operator does it with manage.py import_archive.") % {
        "source": ArchiveSnapshot.Source(source).label
    }


def _with_progress(content: Content, job: Job) -> Iterator[Row]:
    for done, row in enumerate(content.rows):
        if done % STEP == 0:
            jobs.progress(job=job, done=done, total=max(content.lots, done), message=READING)
        yield row


def _file(rows: Iterable[Row], provenance: Provenance, source: str) -> tuple[str, Described]:
    """The file, written before any row of the database. Raises Refused when there is nothing to write."""
    waiting = iter(rows)
    first = next(waiting, None)
    if first is None:
        raise Refused(_nothing_in(source))
    return written(chain([first], waiting), provenance)


@transaction.atomic
def _kept(file: tuple[str, Described], provenance: Provenance, source: str, by: User | None) -> ArchiveSnapshot:
    sha256, described = file
    now = timezone.now()
    snapshot, new = ArchiveSnapshot.objects.get_or_create(
        sha256=sha256,
        defaults={
            "source": source,
            "title": provenance["title"],
            "provenance": provenance,
            "lots": described.lots,
            "bids": described.bids,
            "currencies": sorted(described.currencies),
            "countries": sorted(described.countries),
            "first_award": min(described.days, default=None),
            "last_award": max(described.days, default=None),
            "measured": sorted(described.told - described.in_words),
            "made_at": now,
            "made_by": by,
        },
    )
    if new:
        ledger.record("archive.snapshot_made", snapshot, by=by, at=now, after=sha256)
    return snapshot
