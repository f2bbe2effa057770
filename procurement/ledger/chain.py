"""Whether the record still says what was written: the chain computed again, line by line."""

from collections.abc import Iterable

from procurement.ledger.models import FIRST, Line
from scoring.canonical import sha256


def intact(line: Line) -> bool:
    """Whether the hash of ``line`` is the one of its content."""
    return line.hash == sha256(line.content())


def first_broken(lines: Iterable[Line]) -> Line | None:
    """The first of ``lines``, in order from the first, that was changed or follows a gap; None when the chain holds.

    Each line must be intact, carry the next sequence number and name the hash of the line before. Lines cut off
    at the end cannot be seen from the chain itself: compare its last hash with one kept elsewhere.
    """
    previous = FIRST
    for sequence, line in enumerate(lines, start=1):
        if line.sequence != sequence or line.previous != previous or not intact(line):
            return line
        previous = line.hash
    return None
