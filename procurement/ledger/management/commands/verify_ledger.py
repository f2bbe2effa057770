"""`manage.py verify_ledger [--anchors PLACE] [--key FINGERPRINT]`: compute the whole record again."""

import argparse
import re
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.utils import translation

from procurement.ledger.claims import Trust
from procurement.ledger.outside import Unreachable, copy_at
from procurement.ledger.signing import trusted as trusted_keys
from procurement.ledger.timestamps import NoCertificates, certificates
from procurement.ledger.verification import Report, verify

WRONG, CANNOT_LOOK = 1, 2


class Command(BaseCommand):
    help = (
        "Checks every line of the record and every anchor, in the database and outside. "
        "Exit status: 0 sound, 1 something is wrong, 2 it cannot look."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anchors", help="file or address of the copy outside; default: BAREME_ANCHORS")
        parser.add_argument(
            "--key",
            type=_fingerprint,
            action="append",
            default=[],
            help="fingerprint of a key that may sign, once for each; default: the portal's key and the ones before it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            try:
                report = self._verify(options["anchors"], options["key"])
            except (Unreachable, NoCertificates) as problem:
                raise CommandError(str(problem), returncode=CANNOT_LOOK) from problem
            except Error as problem:
                said = f"The database cannot be read: {' '.join(str(problem).split())}"
                raise CommandError(said, returncode=CANNOT_LOOK) from problem
            self._say(report)
        if not report.sound:
            sys.exit(WRONG)

    def _verify(self, place: str | None, keys: list[str]) -> Report:
        copy = copy_at(place or settings.ANCHORS)
        if place:  # what was named must be there; the configured copy need not, before the first anchor
            next(copy.anchors(), None)
        trusted = frozenset(keys) or trusted_keys()
        return verify(copy=copy, trust=Trust(trusted, certificates(settings.TIMESTAMP_CERTIFICATES)))

    def _say(self, report: Report) -> None:
        self.stdout.write(
            f"Lines: {report.lines}. Anchors: {report.anchors} in the database, {report.copies} outside. "
            f"Time stamps: {report.stamps}."
        )
        for fault in report.faults:
            self.stdout.write(fault)
        if report.unprotected:
            first = report.protected + 1
            lines = f"Line {first} is" if first == report.lines else f"Lines {first} to {report.lines} are"
            self.stdout.write(f"{lines} protected by no anchor yet.")
        if report.stamps and not settings.TIMESTAMP_CERTIFICATES:
            self.stdout.write("Who made the time stamps was not checked: set BAREME_TIMESTAMP_CERTIFICATES for that.")
        self.stdout.write(_verdict(report))


def _verdict(report: Report) -> str:
    """The last line."""
    if not report.sound:
        return f"NOT SOUND. Faults told above: {len(report.faults)}."
    if report.lines and not report.protected:
        return "INTEGRITY ONLY: the chain agrees with itself, and no anchor shows whether all of it was rewritten."
    if not report.signers_known:
        return "INTEGRITY ONLY: nothing is wrong; who signed was not checked, for that give --key FINGERPRINT."
    return "SOUND: nothing is wrong, and every anchor is signed by a key you trust."


def _fingerprint(text: str) -> str:
    """A fingerprint as somebody types it: spaces and colons apart."""
    digits = re.sub(r"[\s:]", "", text).lower()
    if not re.fullmatch("[0-9a-f]{64}", digits):
        raise argparse.ArgumentTypeError("a fingerprint is 64 hexadecimal digits")
    return digits
