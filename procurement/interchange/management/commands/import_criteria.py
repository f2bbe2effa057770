"""`manage.py import_criteria FILE`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from procurement.interchange.boamp import notices
from procurement.interchange.importing import ImportCommand
from procurement.tenders.reference.reasons import REASONS, REPAIRS
from procurement.tenders.services import keep_reference


class Command(ImportCommand):
    help = (
        "Imports award criteria published in the BOAMP as a reference corpus to search, and prints what became of "
        "every notice and row."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV file, one row per criterion")

    def keep(self, options: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
        kept = keep_reference(reading=notices.read(options["file"]), by=None)
        return kept.new, kept.reference_import.counts

    def table(self, counts: dict[str, Any]) -> None:
        rows, read = counts["rows"], counts["notices"]
        self.stdout.write(f"{'':<10}{'notices':>8}{'rows':>8}")
        self._line("read", read["read"], rows["read"])
        self._line("kept", read["kept"], rows["kept"])
        for fate, sentences in (("repaired", REPAIRS), ("refused", REASONS)):
            self._line(fate, sum(read[fate].values()), sum(rows[fate].values()))
            for reason, number in read[fate].items():
                self._line("", number, rows[fate][reason], str(sentences[reason]))
        self.stdout.write(
            f"{counts['grids']} grids; criteria by kind: "
            + ", ".join(f"{kind} {number}" for kind, number in counts["kinds"].items())
            + f" ({counts['without_a_word']} of them quality for want of a word that says another kind)"
        )

    def _line(self, what: str, notices: int, rows: int, sentence: str = "") -> None:
        self.stdout.write(f"{what:<10}{notices:>8}{rows:>8}  {sentence}".rstrip())
