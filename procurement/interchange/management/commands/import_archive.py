"""`manage.py import_archive worldbank --bids FILE --contracts FILE`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from procurement.interchange.archives import ARCHIVES
from procurement.interchange.csv_files import UnreadableFile
from procurement.simulation.reasons import REASONS
from procurement.simulation.services import keep_archive


class Command(BaseCommand):
    help = "Imports past contracts into the archive and prints what became of every row."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", choices=sorted(ARCHIVES))
        parser.add_argument("--bids", type=Path, required=True, help="CSV file of the bids")
        parser.add_argument("--contracts", type=Path, required=True, help="CSV file of the contracts")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            reading = ARCHIVES[options["source"]](bids=options["bids"], contracts=options["contracts"])
        except UnreadableFile as error:
            raise CommandError(str(error)) from error
        kept = keep_archive(reading=reading, by=None)
        if not kept.new:
            self.stdout.write("These files were imported before: nothing changes.")
        with translation.override("en"):  # as everything else at the command line
            self._table(kept.archive_import.counts)

    def _table(self, counts: dict[str, Any]) -> None:
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
