"""The file of a snapshot: written whole under its SHA-256, what is said of it without opening it, and opened."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.utils.translation import gettext as _

from procurement.people.refusals import Refused
from procurement.simulation.models import ArchiveSnapshot
from procurement.simulation.sources.content import Provenance, Row
from scoring.numbers import is_decimal

if TYPE_CHECKING:
    from scoring.portfolio.snapshot import Snapshot


@dataclass(slots=True)
class Described:
    """What rows were counted while they passed."""

    lots: int = 0
    bids: int = 0
    currencies: set[str] = field(default_factory=set)
    countries: set[str] = field(default_factory=set)
    days: set[date] = field(default_factory=set)
    told: set[str] = field(default_factory=set)  # indicators of which a bid says something
    in_words: set[str] = field(default_factory=set)  # those of which one says no number

    def counted(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows as they are."""
        for row in rows:
            self.lots += 1
            self.bids += len(row["bids"])
            self.currencies.add(row["currency"])
            self.countries |= {row["country"]} - {""}
            self.days |= {row["awarded_on"]} - {None}
            self._heard(item for bid in row["bids"] for item in bid["evidence"])
            yield row

    def _heard(self, evidence: Iterable[Row]) -> None:
        for item in evidence:
            self.told.add(item["indicator"])
            if not is_decimal(item["value"]):
                self.in_words.add(item["indicator"])


def written(rows: Iterable[Row], provenance: Provenance) -> tuple[str, Described]:
    """Write a snapshot under `settings.ARCHIVES`, and say its SHA-256 and what is in it.

    The same rows make the same file. It appears whole or not at all, whoever else writes it at the same time.
    """
    from scoring.portfolio.snapshot import Provenance as Stated  # columns: no page loads them
    from scoring.portfolio.snapshot import Snapshot

    described = Described()
    folder = Path(settings.ARCHIVES)
    folder.mkdir(parents=True, exist_ok=True)
    unnamed = folder / f".{uuid4().hex}"
    try:
        sha256 = Snapshot.write(described.counted(rows), Stated(**provenance), unnamed)
        unnamed.rename(folder / f"{sha256}.parquet")
    finally:
        for leftover in folder.glob(f"{unnamed.name}*"):
            leftover.unlink()
    return sha256, described


def opened(known: ArchiveSnapshot) -> "Snapshot":
    """An archive, ready to be read. Raises Refused when its file is not on this machine, or is another one."""
    from scoring.portfolio.problems import BadSnapshot
    from scoring.portfolio.snapshot import Snapshot

    try:
        return Snapshot.read(known.path, sha256=known.sha256)
    except BadSnapshot as problem:
        raise Refused(
            _("The archive %(name)s is not on this machine, or it is another file: its lots cannot be explained here.")
            % {"name": known.path.name}
        ) from problem


def archived_row(snapshot: ArchiveSnapshot, number: int) -> Row:
    """The lot of that number in an archive, as its file has it. Raises Refused as `opened` does."""
    (row,) = opened(snapshot).rows(number)
    return row


def archived_bids(snapshot: ArchiveSnapshot, places: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """Id, supplier and country of bids, each named by the number of its lot and its place there, in that order.

    Raises Refused as `opened` does.
    """
    import pyarrow as pa

    archive = opened(snapshot)
    starts = archive.offsets.tolist()
    bids = pa.array([starts[lot] + place for lot, place in places], pa.int64())
    named = {name: archive.bid(name).take(bids) for name in ("id", "supplier", "country")}
    return list(pa.table(named).to_pylist())
