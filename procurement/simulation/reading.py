"""What the reader of a foreign archive hands over: the fate of every row, and the past contracts as case documents."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from procurement.simulation.models import ImportedRow

LONGEST_KEY = 300  # characters of `ArchiveCase.key`


@dataclass(frozen=True, slots=True)
class RowFate:
    """What became of one row (1 = the first below the header) of one file; `reason` is a key of `reasons.REASONS`."""

    file: str
    row: int
    outcome: ImportedRow.Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PastContract:
    """A contract of the archive as a case document, with what the source knows of origin.

    `awarded_bid` is the id of the bid the source says was awarded, "" when it says none or several; `awarded_on` is
    the day of it, where the source says one.
    """

    key: str
    country: str
    origin: str
    domestic_and_foreign: bool
    awarded_bid: str
    document: Mapping[str, Any]
    awarded_on: date | None = None


@dataclass(frozen=True, slots=True)
class ArchiveReading:
    """One reading of the files of a source; `sha256` is over the bytes of all of them in order."""

    source: str
    sha256: str
    rows: tuple[RowFate, ...] = field(repr=False)
    contracts: tuple[PastContract, ...] = field(repr=False)

    def counts(self) -> dict[str, Any]:
        """Per file: rows read, kept, merged and refused, the last two by reason. The four always add up."""
        files: dict[str, dict[str, Any]] = {}
        for file in dict.fromkeys(fate.file for fate in self.rows):
            fates = [fate for fate in self.rows if fate.file == file]
            outcomes = Counter(str(fate.outcome) for fate in fates)
            files[file] = {
                "read": len(fates),
                "kept": outcomes["kept"],
                "merged": _by_reason(fates, ImportedRow.Outcome.MERGED),
                "refused": _by_reason(fates, ImportedRow.Outcome.REFUSED),
            }
        return {"files": files, "cases": len(self.contracts)}


def _by_reason(fates: list[RowFate], outcome: ImportedRow.Outcome) -> dict[str, int]:
    return dict(sorted(Counter(fate.reason for fate in fates if fate.outcome == outcome).items()))
