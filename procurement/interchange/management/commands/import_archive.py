"""`manage.py import_archive worldbank --bids FILE --contracts FILE`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from procurement.interchange.archives import ARCHIVES
from procurement.interchange.importing import ImportCommand
from procurement.simulation.reasons import REASONS
from procurement.simulation.services import keep_archive


class Command(ImportCommand):
    help = "Imports past contracts into the archive and prints what became of every row."
    again = "These files were imported before: nothing changes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", choices=sorted(ARCHIVES))
        parser.add_argument("--bids", type=Path, required=True, help="CSV file of the bids")
        parser.add_argument("--contracts", type=Path, required=True, help="CSV file of the contracts")

    def keep(self, options: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
        read = ARCHIVES[options["source"]]
        kept = keep_archive(reading=read(bids=options["bids"], contracts=options["contracts"]), by=None)
        return kept.new, kept.archive_import.counts

    def table(self, counts: dict[str, Any]) -> None:
        for file, count in counts["files"].items():
            merged, refused = sum(count["merged"].values()), sum(count["refused"].values())
            self.stdout.write(f"{file}: {count['read']} rows read")
            self._line("kept", count["kept"])
            self._line("merged", merged)
            self._reasons(count["merged"])
            self._line("refused", refused)
            self._reasons(count["refused"])
        self.stdout.write(f"{counts['cases']} comparable contracts in the archive")

    def _line(self, what: str, number: int) -> None:
        self.stdout.write(f"  {what:<8}{number:>7}")

    def _reasons(self, reasons: dict[str, int]) -> None:
        for reason, number in reasons.items():
            self.stdout.write(f"          {number:>7}  {REASONS[reason]}")
