"""What the commands that import foreign files have in common."""

from abc import ABC, abstractmethod
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from procurement.interchange.csv_files import UnreadableFile


class ImportCommand(BaseCommand, ABC):
    """Keeps what files say, once, and prints what became of every row of them."""

    again = "This file was imported before: nothing changes."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            new, counts = self.keep(options)
        except UnreadableFile as error:
            raise CommandError(str(error)) from error
        if not new:
            self.stdout.write(self.again)
        with translation.override("en"):  # as everything else at the command line
            self.table(counts)

    @abstractmethod
    def keep(self, options: dict[str, Any]) -> tuple[bool, dict[str, Any]]:
        """Whether the files are new, and the counts of their import. Raises UnreadableFile."""

    @abstractmethod
    def table(self, counts: dict[str, Any]) -> None:
        """Print ``counts``."""
