"""The only way to write a line of the record."""

from datetime import datetime
from typing import Protocol

from django.db import connection, models, transaction
from django.utils import timezone

from procurement.ledger import reasons
from procurement.ledger.chain import hash_of
from procurement.ledger.models import FIRST, Line

CHAIN_LOCK = 0x4261_7265_6D65  # "Bareme": the advisory lock that makes parallel writers queue for one chain
LOCK = f"SELECT pg_advisory_xact_lock({CHAIN_LOCK})"
HEAD = "SELECT sequence, hash FROM ledger_line ORDER BY sequence DESC LIMIT 1"
COLUMNS = [field.attname for field in Line._meta.concrete_fields if not field.primary_key]
INSERT = (
    f"INSERT INTO ledger_line ({', '.join(map(connection.ops.quote_name, COLUMNS))}) "  # noqa: S608 – names of columns
    f"VALUES ({', '.join(['%s'] * len(COLUMNS))}) RETURNING id"
)
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
    sequence, line.previous = _locked_head()  # everything that can be done before others must wait is done
    line.sequence = sequence + 1
    line.hash = hash_of(line)
    _insert(line)
    return line


def _insert(line: Line) -> None:
    """Add ``line`` to the table; in SQL, because whoever writes holds the chain until this is done."""
    values = {name: getattr(line, name) for name in COLUMNS}
    values["at"] = connection.ops.adapt_datetimefield_value(line.at)
    with connection.cursor() as cursor:
        cursor.execute(INSERT, list(values.values()))
        (line.pk,) = cursor.fetchone()


def _locked_head() -> tuple[int, str]:
    """The sequence and the hash of the last line, to which nobody else adds until this transaction ends.

    SQLite's IMMEDIATE transactions already queue writers; PostgreSQL needs the lock. Two statements are sent there in
    one message: the second takes its snapshot only once the first has been granted the lock.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"{LOCK}; {HEAD}")
            cursor.nextset()
        else:
            cursor.execute(HEAD)
        return cursor.fetchone() or (0, FIRST)
