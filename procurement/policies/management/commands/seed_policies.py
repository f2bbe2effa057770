"""`manage.py seed_policies --drafter NAME --approver NAME`: the policies every installation starts with."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from procurement.people.models import User
from procurement.people.refusals import Refused
from procurement.policies.services import seed


class Command(BaseCommand):
    help = "Drafts and approves the policies and the scheme that are not there yet, by two policy officers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--drafter", required=True, help="user name of the person who drafts and submits")
        parser.add_argument("--approver", required=True, help="user name of the second person, who approves")

    def handle(self, *args: Any, **options: Any) -> None:
        drafter, approver = _person(options["drafter"]), _person(options["approver"])
        with translation.override("en"):  # as everything else at the command line
            try:
                added = seed(drafter=drafter, approver=approver, at=timezone.now())
            except Refused as refusal:
                raise CommandError(refusal.sentence) from refusal
        for version in added:
            self.stdout.write(f"{version.policy.identifier} {version.version}: {version.status}")
        if not added:
            self.stdout.write("Every policy was there already.")


def _person(username: str) -> User:
    person = User.objects.filter(username=username).first()
    if person is None:
        raise CommandError(f"Nobody has the user name {username}: create the account first.")
    return person
