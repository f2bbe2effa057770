"""`manage.py score_archive`: how many winners of the archive a price preference would have changed."""

from argparse import ArgumentParser
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from procurement.people.refusals import Refused
from procurement.simulation.back_test import BackTest, back_test
from procurement.simulation.models import ArchiveCase, ArchiveImport
from procurement.simulation.row_table import row_table
from procurement.simulation.services import keep_snapshot
from procurement.simulation.sources import SOURCES


class Command(BaseCommand):
    help = (
        "Replays an imported archive with a price preference for domestic bidders, and prints what became of its rows "
        "and how many winners change. Static: bids are taken as unchanged; origin is the nationality of the bidder."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", choices=list(SOURCES), default="worldbank", help="whose contracts")
        parser.add_argument(
            "--percent",
            nargs="+",
            default=["5", "10", "15", "20"],
            help="what is added to the price of non-domestic bidders, in percent",
        )
        parser.add_argument("--list", action="store_true", help="also print the contracts whose winner changes")

    def handle(self, *args: Any, **options: Any) -> None:
        source, amounts = options["source"], [_amount(text) for text in options["percent"]]
        with translation.override("en"):
            tested = _tested(source, amounts)
            for row in ArchiveImport.objects.filter(cases__source=source).distinct():
                self._print(*row_table(row.counts))
        self._print(*_described(tested, source))
        for amount, changed in tested.changed.items():
            self._print(f"+{amount:.0%} on non-domestic bidders: {len(changed)} of {tested.mixed} winners change")
            self._print(*(f"  {key}" for key in changed if options["list"]))

    def _print(self, *lines: str) -> None:
        for line in lines:
            self.stdout.write(line)


def _amount(text: str) -> Decimal:
    if not text.isdecimal() or not 0 < int(text) <= 100:
        raise CommandError(f"--percent {text!r}: write whole percents from 1 to 100, for example 10.")
    return Decimal(text).scaleb(-2)


def _tested(source: str, amounts: list[Decimal]) -> BackTest:
    """The archive as it stands, made a snapshot of and replayed."""
    from scoring.portfolio.snapshot import Snapshot  # columns: no page loads them

    content = SOURCES[source].content()
    if content.provenance["origin_of"] != "bidders":
        raise CommandError(f"{source} does not say where bidders come from: no preference can be tried on it.")
    try:
        snapshot = keep_snapshot(rows=content.rows, provenance=content.provenance, source=source, by=None)
    except Refused as refusal:
        raise CommandError(refusal.sentence) from refusal
    return back_test(Snapshot.read(snapshot.path, sha256=snapshot.sha256), amounts)


def _described(tested: BackTest, source: str) -> list[str]:
    """What was replayed, how it is known, and how often the lowest price really won."""
    awarded = ArchiveCase.objects.filter(source=source).exclude(awarded_bid="").values_list("key", "awarded_bid")
    lowest = sum(tested.winners[key] == bid for key, bid in awarded)
    known = tested.certificate
    return [
        f"{tested.reproduced} of {tested.lots} rankings reproduced; the lowest evaluated price was the awarded one in "
        f"{lowest} of {len(awarded)}",
        f"{known.settled} settled, {known.kernel} decided by kernel, {known.redone} redone in fractions, "
        f"{tested.unverified} unverified",
    ]
