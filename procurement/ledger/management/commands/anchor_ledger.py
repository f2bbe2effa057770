"""`manage.py anchor_ledger`: sign the record as it stands now."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from procurement.ledger.anchors import NotAnchored, anchor, fingerprint


class Command(BaseCommand):
    help = "Signs the record as it stands, outside the database and in it; the worker does so every hour by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            self._anchor()

    def _anchor(self) -> None:
        if not settings.ANCHOR_KEY:
            raise CommandError("There is no key to sign with: set BAREME_ANCHOR_KEY (`openssl rand -hex 32`).")
        try:
            made = anchor()
        except NotAnchored as problem:
            raise CommandError(str(problem)) from problem
        if made is None:
            self.stdout.write("The record has no line yet: there is nothing to sign.")
            return
        self.stdout.write(f"Signed: {made.size} lines, {made.document()['at']}")
        self.stdout.write(f"Written to: {settings.ANCHORS}")
        self.stdout.write(f"Fingerprint of the key: {fingerprint()}")
        if settings.TIMESTAMP_URL:
            stamp = "there is one" if made.timestamp else "none, the authority gave none"
            self.stdout.write(f"Time stamp: {stamp}")
