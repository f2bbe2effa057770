"""Long chains, made without the cost of recording each line; where a chain is broken."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from procurement.ledger.chain import Row, fault, hash_of
from procurement.ledger.models import FIRST, Line

Said = TypeVar("Said", Line, Row)
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def lines(count: int, *, after: Line | None = None, story: str = "") -> list[Line]:
    """So many lines in a row, not saved."""
    made: list[Line] = []
    for _ in range(count):
        after = made[-1] if made else after
        sequence = after.sequence + 1 if after else 1
        line = Line(
            sequence=sequence,
            at=NOON + timedelta(seconds=sequence),
            actor=f"user:{sequence % 7 + 1}",
            role="buyer",
            action="lot.scored",
            object=f"tenders.Lot:{sequence}",
            before="b" * 64,
            after="a" * 64,
            reason=story,
            previous=after.hash if after else FIRST,
        )
        line.hash = hash_of(line)
        made.append(line)
    return made


def write(count: int, *, story: str = "") -> None:
    """So many more lines in the database."""
    Line.objects.bulk_create(lines(count, after=Line.objects.last(), story=story))


def first_broken(lines: Iterable[Said]) -> Said | None:
    """The first of ``lines``, in order from the first of the chain, that has a fault; None when the chain holds."""
    sequence, previous = 0, FIRST
    for line in lines:
        if fault(line, sequence=sequence, previous=previous):
            return line
        sequence, previous = line.sequence, line.hash
    return None
