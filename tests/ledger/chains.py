"""Long chains, made without the cost of recording each line."""

from datetime import UTC, datetime, timedelta

from procurement.ledger.chain import hash_of
from procurement.ledger.models import FIRST, Line

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
