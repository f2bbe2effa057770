"""The reason of a line as its reader is told it."""

from procurement.ledger.models import Line
from procurement.ledger.reasons import texts_of


def reason_of(line: Line) -> str:
    """The text ``line`` commits to; nothing for none."""
    return texts_of([line]).get(line.reason, "")
