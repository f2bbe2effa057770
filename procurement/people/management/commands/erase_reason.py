"""`manage.py erase_reason --line N --reason "…" --by USERNAME`: erases the text of the reason of one line."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from procurement.ledger.models import Line
from procurement.people.erasure import erase_reason
from procurement.people.models import User
from procurement.people.refusals import Refused


class Command(BaseCommand):
    help = "Erases the text of the reason of a line of the record; the line and the chain stay."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--line", type=int, required=True, help="the number of the line")
        parser.add_argument("--reason", required=True, help="who asked for it and why: the record keeps it")
        parser.add_argument("--by", required=True, help="user name of the administrator who erases")

    def handle(self, *args: Any, **options: Any) -> None:
        line = Line.objects.filter(sequence=options["line"]).first()
        by = User.objects.filter(username=options["by"], is_active=True).first()
        if line is None:
            raise CommandError(f"The record has no line {options['line']}.")
        if by is None:
            raise CommandError(f"Nobody with an open account has the user name {options['by']}.")
        with translation.override("en"):  # as everything else at the command line
            try:
                erase_reason(line=line, reason=options["reason"], by=by)
            except Refused as refusal:
                raise CommandError(refusal.sentence) from refusal
            except PermissionDenied as refusal:
                raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"The text of line {line.sequence} is erased.")
