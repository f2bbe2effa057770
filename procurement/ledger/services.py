"""The only way to write a line of the record."""

from datetime import datetime
from typing import Protocol

from django.db import connection, models, transaction
from django.utils import timezone

from procurement.ledger.models import FIRST, Line
from scoring.canonical import sha256

CHAIN_LOCK = 0x4261_7265_6D65  # "Bareme": the advisory lock that makes parallel writers queue for one chain
SYSTEM = "system"


class Actor(Protocol):
    """Whoever acts: a user of the portal."""

    pk: int
    role: str


def name_of(thing: models.Model | str) -> str:
    """The text id by which the record speaks of a row: ``tenders.Lot:12``."""
    return thing if isinstance(thing, str) else f"{thing._meta.label}:{thing.pk}"


def record(
    action: str,
    thing: models.Model | str,
    *,
    by: Actor | None,
    at: datetime | None = None,
    before: str = "",
    after: str = "",
    reason: str = "",
) -> Line:
    """Append one line, as the last statement of the transaction that did the thing.

    ``by`` None = the software itself (a worker's sweep). ``before`` and ``after`` are SHA-256 digests of the
    thing's document, where it has one. The chain stays locked from here to the commit, hence last.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{action} must be recorded inside the transaction that does it.")
    _lock_chain()
    head = Line.objects.order_by("-sequence").values("sequence", "hash").first()
    line = Line(
        sequence=head["sequence"] + 1 if head else 1,
        at=at or timezone.now(),
        actor=f"user:{by.pk}" if by else SYSTEM,
        role=by.role if by else SYSTEM,
        action=action,
        object=name_of(thing),
        before=before,
        after=after,
        reason=reason,
        previous=head["hash"] if head else FIRST,
    )
    line.hash = sha256(line.content())
    line.save(force_insert=True)
    return line


def _lock_chain() -> None:
    # SQLite's IMMEDIATE transactions already queue writers; PostgreSQL needs the lock until the commit.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
