"""`manage.py export_bundle --decision ID -o bundle.zip`: decisions as one bundle of evidence (docs/bundle.md)."""

import os
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from procurement.audit.bundles import Bundle, Kind
from procurement.audit.services import export_bundle
from procurement.evaluation.models import Decision
from procurement.people.models import User
from procurement.people.refusals import Refused


class Command(BaseCommand):
    help = "Exports decisions as a bundle of evidence that anybody verifies with verify.py, and records the export."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--decision", type=int, action="append", required=True, metavar="ID", help="may be repeated"
        )
        parser.add_argument("--kind", choices=Kind.values, default=str(Kind.FULL))
        parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE.zip")
        parser.add_argument("--by", metavar="USERNAME", help="who exports; without, the software's operator")
        parser.add_argument("--force", action="store_true", help="replace the file if it exists")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["output"]
        with translation.override("en"):  # as everything else at the command line
            decisions, by = _decisions(options["decision"]), _person(options["by"])
            if path.exists() and not options["force"]:
                raise CommandError(f"{path} exists: choose another name, or replace it with --force.")
            with _written_whole(path) as content:
                bundle = _exported(decisions, options["kind"], by)
                content.write_bytes(bundle.content)
            self._tell(bundle, path, len(decisions), options["kind"])

    def _tell(self, bundle: Bundle, path: Path, number: int, kind: str) -> None:
        for sentence in bundle.told:
            self.stderr.write(sentence)
        decisions = "1 decision" if number == 1 else f"{number} decisions"
        self.stdout.write(f"{path}: {decisions}, {kind}, {len(bundle.content)} bytes.")
        if bundle.fingerprint:
            self.stdout.write(f"Signed by the key {bundle.fingerprint}.")
        else:
            self.stdout.write("No key signs the record (BAREME_ANCHOR_KEY): the bundle shows integrity only.")


def _decisions(ids: list[int]) -> list[Decision]:
    found = Decision.objects.in_bulk(ids)
    if missing := sorted(set(ids) - found.keys()):
        raise CommandError(f"There is no decision {', '.join(map(str, missing))}.")
    return list(found.values())


def _person(username: str | None) -> User | None:
    if username is None:
        return None
    person = User.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise CommandError(f"There is nobody with the username {username} and an open account.")
    return person


def _exported(decisions: list[Decision], kind: str, by: User | None) -> Bundle:
    try:
        return export_bundle(decisions=decisions, kind=kind, by=by, at=timezone.now())
    except (PermissionDenied, Refused) as refusal:
        raise CommandError(str(refusal)) from refusal


@contextmanager
def _written_whole(path: Path) -> Iterator[Path]:
    """A file beside ``path`` that becomes it once everything is written, and is gone otherwise.

    It is made first, so that a folder that takes no file is told before anything is recorded.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
    try:
        yield Path(name)
        Path(name).replace(path)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        Path(name).unlink(missing_ok=True)
