"""`manage.py score_archive`: how many winners of the archive a price preference would have changed."""

from argparse import ArgumentParser
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from procurement.simulation import back_test
from procurement.simulation.models import ArchiveCase


class Command(BaseCommand):
    help = (
        "Scores the archived contracts plain and with a price preference for domestic bidders, and prints how many "
        "winners change. Static: bids are taken as unchanged; origin is the nationality of the bidder."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", default="worldbank", help="whose contracts (worldbank)")
        parser.add_argument(
            "--percent",
            nargs="+",
            default=["10"],
            help="what is added to the price of non-domestic bidders, in percent",
        )
        parser.add_argument("--list", action="store_true", help="also print the contracts whose winner changes")

    def handle(self, *args: Any, **options: Any) -> None:
        source = options["source"]
        if not ArchiveCase.objects.filter(source=source).exists():
            raise CommandError(
                f"The archive has no case of {source!r}: import it first with `manage.py import_archive`."
            )
        for text in options["percent"]:
            self._print(source, text, options["list"])

    def _print(self, source: str, text: str, listed: bool) -> None:
        if not text.isdecimal() or not 0 < int(text) <= 100:
            raise CommandError(f"--percent {text!r}: write whole percents from 1 to 100, for example 10.")
        result = back_test.count(back_test.archived(source), Decimal(text).scaleb(-2))
        self.stdout.write(
            f"+{text} % on non-domestic bidders: {len(result.changed)} winners change "
            f"in {result.with_domestic_and_foreign} contracts with domestic and foreign bidders "
            f"({result.cases} comparable contracts; the lowest evaluated price was the awarded one in "
            f"{result.lowest_was_awarded} of {result.awarded_known})."
        )
        if listed:
            for key in result.changed:
                self.stdout.write(f"  {key}")
