"""`manage.py import_archive worldbank --bids FILE --contracts FILE`, `… tsuchiura --bids FILE`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from procurement.interchange.archives import ARCHIVES
from procurement.interchange.importing import ImportCommand
from procurement.simulation.row_table import row_table
from procurement.simulation.services import keep_archive


class Command(ImportCommand):
    help = "Imports past contracts into the archive and prints what became of every row."
    again = "These files were imported before: nothing changes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", choices=sorted(ARCHIVES))
        parser.add_argument("--bids", type=Path, help="CSV file of the bids")
        parser.add_argument("--contracts", type=Path, help="CSV file of the contracts (worldbank)")

    def keep(self, options: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
        archive = ARCHIVES[options["source"]]
        files = {name: options[name] for name in ("bids", "contracts") if options[name] is not None}
        if set(files) != set(archive.files):
            wanted = " ".join(f"--{name} FILE" for name in archive.files)
            raise CommandError(f"The archive {options['source']} is read from these files, and no others: {wanted}.")
        kept = keep_archive(reading=archive.read(**files), by=None)
        return kept.new, kept.archive_import.counts

    def table(self, counts: dict[str, Any]) -> None:
        for line in row_table(counts):
            self.stdout.write(line)
        self.stdout.write(f"{counts['cases']} contracts in the archive")
