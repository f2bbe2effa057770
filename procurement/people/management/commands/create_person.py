"""`manage.py create_person NAME --role administrator`: the first account of an installation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from procurement.people import services
from procurement.people.refusals import Refused
from procurement.people.roles import Role


class Command(BaseCommand):
    help = "Creates a person and prints a password to be changed at the first log-in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--role", choices=Role.values, required=True)
        parser.add_argument("--first-name", default="")
        parser.add_argument("--last-name", default="")
        parser.add_argument("--email", default="")
        parser.add_argument("--language", choices=["fr", "en"], default="fr")

    def handle(self, *args: Any, **options: Any) -> None:
        profile = {name: options[name] for name in services.PROFILE}
        with translation.override("en"):  # as everything else at the command line
            try:
                person, password = services.create_person(role=options["role"], by=None, **profile)
            except Refused as refusal:
                raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"{person.username} can log in with the password {password} and will choose another one.")
