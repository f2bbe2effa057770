"""How long a bundle of a hundred decisions takes: `python -m bench.bundle`, verified before anything is timed.

The decisions are those of the demonstration, made again and again by the services on a database of their own: SQLite in
a temporary folder, or the empty PostgreSQL database that BENCH_BUNDLE_DATABASE_URL names. Prints the median time of
each kind on the clock, the time allowed and their ratio; exits 1 when one takes longer than allowed.
"""

from __future__ import annotations

import gc
import os
import secrets
import statistics
import sys
import tempfile
import time
from pathlib import Path

DECISIONS, ROUNDS, ALLOWED = 100, 3, 5.0  # seconds


def main() -> int:
    """Makes the decisions, verifies a bundle of them of each kind, then times more of them."""
    with tempfile.TemporaryDirectory() as folder:
        _scratch(Path(folder))
        decisions = _decisions()
        print(f"{len(decisions)} decisions, {_lines()} lines of the record.")
        late = 0
        for kind in ("full", "communicable"):
            _check(decisions, kind, Path(folder))
            median = _median(decisions, kind)
            late += median > ALLOWED
            print(
                f"bundle of {len(decisions)} decisions, {kind:<12} {median:8.2f} s    "
                f"allowed {ALLOWED:4.1f} s    ratio {median / ALLOWED:5.2f}"
            )
    return 1 if late else 0


def _scratch(folder: Path) -> None:
    """Django on an empty database with a key of its own."""
    os.environ |= {
        "BAREME_VAR": str(folder),
        "SECRET_KEY": secrets.token_urlsafe(64),
        "DATABASE_URL": os.environ.get("BENCH_BUNDLE_DATABASE_URL", ""),
        "BAREME_ANCHOR_KEY": "ab" * 32,
        "BAREME_ANCHORS": str(folder / "anchors.jsonl"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _decisions() -> list:
    """The decided procedures of the demonstration under new references, until there are enough decisions."""
    from django.db import transaction

    from procurement.evaluation.models import Decision
    from procurement.interchange.demonstration.life import Procedure
    from procurement.interchange.demonstration.load import load
    from procurement.interchange.demonstration.reading import procedures
    from procurement.people.models import User

    with transaction.atomic():
        load()
        turn = 0
        while Decision.objects.count() < DECISIONS:
            turn += 1
            for story in procedures():
                if "decided" in story["life"]:
                    story["tender"]["reference"] += f"-{turn}"
                    story.pop("copied_for_training", None)
                    buyer = User.objects.get(username=story.get("by", "buyer"))
                    for at, step in Procedure(story, buyer=buyer).events():
                        step(at)
    return list(Decision.objects.order_by("pk")[:DECISIONS])


def _lines() -> int:
    from procurement.ledger.models import Line

    return Line.objects.count()


def _exported(decisions: list, kind: str) -> bytes:
    from django.utils import timezone

    from procurement.audit.services import export_bundle

    return export_bundle(decisions=decisions, kind=kind, by=None, at=timezone.now()).content


def _check(decisions: list, kind: str, folder: Path) -> None:
    """A bundle that does not verify is not worth timing."""
    from procurement.audit import verify
    from procurement.ledger.anchors import fingerprint

    path = folder / f"{kind}.zip"
    path.write_bytes(_exported(decisions, kind))
    said, report = verify.verify(path, fingerprint())
    assert not report.differences, report.differences[:5]
    assert len(said) == len(decisions) + 1, "a sentence on each decision"


def _median(decisions: list, kind: str) -> float:
    """Seconds of one export, the median of several."""
    times = []
    for _ in range(ROUNDS):
        gc.collect()
        start = time.perf_counter()
        _exported(decisions, kind)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    sys.exit(main())
