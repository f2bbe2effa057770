"""`manage.py make_snapshot worldbank|tsuchiura|portal`: an immutable file of past lots, ready to be replayed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from procurement.people.refusals import Refused
from procurement.simulation.services import keep_snapshot
from procurement.simulation.sources import SOURCES


class Command(BaseCommand):
    help = (
        "Makes an immutable snapshot of an imported archive, or of the closed lots of this portal, with suppliers "
        "under pseudonyms. The same lots make the same file."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", choices=list(SOURCES))

    def handle(self, *args: Any, **options: Any) -> None:
        source = options["source"]
        with translation.override("en"):
            content = SOURCES[source].content()
            try:
                snapshot = keep_snapshot(rows=content.rows, provenance=content.provenance, source=source, by=None)
            except Refused as refusal:
                raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"{snapshot.title}: {snapshot.lots} lots, {snapshot.bids} bids")
        self.stdout.write(f"{snapshot.sha256}  {snapshot.path}")
