"""The only way to write a line of the record."""

from datetime import datetime
from typing import Protocol

from django.db import connection, models, transaction
from django.utils import timezone

from procurement.ledger import reasons
from procurement.ledger.chain import around_previous, hash_of
from procurement.ledger.models import FIRST, Line

CHAIN_LOCK = 0x4261_7265_6D65  # "Bareme": the advisory lock that makes parallel writers queue for one chain
LOCK = f"SELECT pg_advisory_xact_lock({CHAIN_LOCK})"
HEAD = "SELECT sequence, hash FROM ledger_line ORDER BY sequence DESC LIMIT 1"
COLUMNS = ("at", "actor", "role", "action", "object", "before", "after", "reason", "sequence", "previous", "hash")
INSERT = f"INSERT INTO ledger_line ({', '.join(map(connection.ops.quote_name, COLUMNS))})"
VALUES = f"{INSERT} VALUES ({', '.join(['%s'] * len(COLUMNS))}) RETURNING id, sequence, previous, hash"
CHAINED = f"""{INSERT} SELECT {", ".join(["%s"] * (len(COLUMNS) - 3))}, next.sequence, next.previous,
    encode(sha256(convert_to(%s || '"' || next.previous || '"' || %s || next.sequence || '}}', 'UTF8')), 'hex')
    FROM (SELECT COALESCE(sequence, 0) + 1 AS sequence, COALESCE(hash, '{FIRST}') AS previous
          FROM (SELECT) AS always LEFT JOIN ({HEAD}) AS last ON true) AS next
    RETURNING id, sequence, previous, hash"""  # noqa: S608 – names of columns and a constant
SYSTEM = "system"


class Actor(Protocol):
    """Whoever acts: a user of the portal."""

    pk: int
    role: str


def name_of(thing: models.Model | str) -> str:
    """The text id by which the record speaks of a row: ``tenders.Lot:12``; of a line of its own, by its sequence."""
    if isinstance(thing, Line):
        return reasons.object_of(thing)
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
    thing's document, where it has one. ``reason`` is a text: the line carries a commitment to it (`reasons`). The
    chain stays locked from here to the commit, hence last.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{action} must be recorded inside the transaction that does it.")
    line = Line(
        at=at or timezone.now(),
        actor=f"user:{by.pk}" if by else SYSTEM,
        role=by.role if by else SYSTEM,
        action=action,
        object=name_of(thing),
        before=before,
        after=after,
        reason=reasons.commit(reason),
    )
    line.pk, line.sequence, line.previous, line.hash = _appended(line)
    return line


def _appended(line: Line) -> tuple[int, int, str, str]:
    """Add ``line`` behind the last one, to which nobody else adds until this transaction ends; what that made of it.

    SQLite's IMMEDIATE transactions already queue writers. On PostgreSQL, where others wait for the lock until this
    transaction has ended, all is sent in one message: the second statement takes its snapshot only once the first has
    been granted the lock, and the database computes the hash that `chain.hash_of` computes elsewhere.
    """
    at = connection.ops.adapt_datetimefield_value(line.at)
    known = [at, *(getattr(line, name) for name in COLUMNS[1:-3])]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"{LOCK}; {CHAINED}", [*known, *around_previous(line)])
            cursor.nextset()
        else:
            cursor.execute(HEAD)
            sequence, line.previous = cursor.fetchone() or (0, FIRST)
            line.sequence = sequence + 1
            cursor.execute(VALUES, [*known, line.sequence, line.previous, hash_of(line)])
        appended: tuple[int, int, str, str] = cursor.fetchone()
        return appended
