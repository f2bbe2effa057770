"""Whether the record still says what was written: the chain computed again, line by line."""

from collections.abc import Iterator
from datetime import UTC
from hashlib import sha256
from json.encoder import encode_basestring as quoted
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Func, QuerySet, TextField
from django.utils.translation import gettext as _

from procurement.ledger.models import Line

BATCH = 20_000  # lines read at a time: what the memory holds, however long the chain; waiting costs more than they do


class Row(NamedTuple):
    """A line as read to be checked, its time as its hash has it: a tenth of the cost of a model."""

    sequence: int
    at: str
    actor: str
    role: str
    action: str
    object: str
    before: str
    after: str
    reason: str
    previous: str
    hash: str


class Moment(Func):
    """A time as the database writes it for the hash: reading a million of them as times costs more than hashing."""

    template = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')"""
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """SQLite keeps the text itself, in UTC, without a fraction when that is zero."""
        template = "replace(%(expressions)s, ' ', 'T') || iif(length(%(expressions)s) = 19, '.000000', '') || '+00:00'"
        return self.as_sql(compiler, connection, template=template, **context)


def hash_of(line: Line | Row) -> str:
    """The SHA-256 of the canonical JSON (RFC 8785) of what ``line`` says: of `Line.content`, written out for speed."""
    before, between = around_previous(line)
    return sha256(f"{before}{quoted(line.previous)}{between}{line.sequence}}}".encode()).hexdigest()


def around_previous(line: Line | Row) -> tuple[str, str]:
    """That JSON up to the previous hash, and from there to the sequence: what is known before the chain is locked."""
    at = line.at if isinstance(line.at, str) else line.at.astimezone(UTC).isoformat(timespec="microseconds")
    return (
        f'{{"action":{quoted(line.action)},"actor":{quoted(line.actor)},"after":{quoted(line.after)},'
        f'"at":{quoted(at)},"before":{quoted(line.before)},"object":{quoted(line.object)},"previous":',
        f',"reason":{quoted(line.reason)},"role":{quoted(line.role)},"sequence":',
    )


def rows(*, after: int | None = None, upto: int | None = None) -> Iterator[Row]:
    """The lines of the database in order, after the sequence ``after`` and up to ``upto``, few at a time.

    Each batch is a statement of its own, so that a chain of a million lines holds neither memory nor a transaction.
    """
    fields = ("moment" if name == "at" else name for name in Row._fields)
    lines = Line.objects.order_by("sequence").annotate(moment=Moment("at")).values_list(*fields)
    if upto is not None:
        lines = lines.filter(sequence__lte=upto)
    while True:
        batch = _fetched(lines[:BATCH] if after is None else lines.filter(sequence__gt=after)[:BATCH])
        yield from map(Row._make, batch)
        if len(batch) < BATCH:
            return
        after = batch[-1][0]


def _fetched(lines: QuerySet[Line, Any]) -> list[tuple[Any, ...]]:
    """What the statement of ``lines`` returns, all at once: a queryset takes as long again to hand over its rows."""
    with connection.cursor() as cursor:
        cursor.execute(*lines.query.sql_with_params())
        return cursor.fetchall()


def intact(line: Line | Row) -> bool:
    """Whether the hash of ``line`` is the one of its content; a value of a wrong kind has none."""
    try:
        return line.hash == hash_of(line)
    except (AttributeError, TypeError, ValueError):
        return False


def out_of_order(line: Line | Row, sequence: int, _previous: str) -> str:
    """Whether ``line`` is not the one after line ``sequence``."""
    if line.sequence > sequence + 1:
        said = _("Line %(missing)s is missing: after line %(before)s stands line %(line)s.")
        return said % {"missing": sequence + 1, "before": sequence, "line": line.sequence}
    if line.sequence <= sequence:
        said = _("Line %(line)s stands after line %(before)s: lines are in order, each once.")
        return said % {"line": line.sequence, "before": sequence}
    return ""


def altered(line: Line | Row, _sequence: int, _previous: str) -> str:
    """Whether ``line`` says something else than its hash."""
    if intact(line):
        return ""
    return _("Line %(line)s: its content does not have its hash: a field was changed.") % {"line": line.sequence}


def unchained(line: Line | Row, sequence: int, previous: str) -> str:
    """Whether ``line`` names another hash than ``previous`` as that of the line before."""
    if line.previous == previous:
        return ""
    if sequence == 0:
        return _("Line 1: the first line of a chain names 64 zeros as its previous hash.")
    said = _("Line %(line)s: its previous hash is not that of line %(before)s: one of the two was changed.")
    return said % {"line": line.sequence, "before": sequence}


CHECKS = (out_of_order, altered, unchained)  # of a line, in the order in which they are said


def fault(line: Line | Row, *, sequence: int, previous: str) -> str:
    """What is wrong with ``line`` where it stands after line ``sequence`` whose hash is ``previous``; "" if nothing."""
    for check in CHECKS:
        if found := check(line, sequence, previous):
            return found
    return ""
