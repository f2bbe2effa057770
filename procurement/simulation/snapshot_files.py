"""The file of a snapshot, written whole under its SHA-256, and what is said of it without opening it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from procurement.simulation.sources.content import Provenance, Row
from scoring.numbers import is_decimal


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
