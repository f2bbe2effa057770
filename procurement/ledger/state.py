"""How well the record is protected just now, for the pages that say so."""

from dataclasses import dataclass

from django.conf import settings

from procurement.ledger.models import Anchor, Line
from procurement.ledger.signing import fingerprint


@dataclass(frozen=True)
class State:
    """The chain and its last anchor."""

    lines: int
    last: Anchor | None
    since: int  # lines that no anchor protects yet
    key: bool  # whether anchors can be signed
    fingerprint: str  # of the key of this portal, "" without one
    outside: str  # where anchors are also written


def state() -> State:
    """Two queries, however long the record."""
    lines = Line.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    last = Anchor.objects.last()
    since = lines - (last.size if last else 0)
    return State(lines, last, max(since, 0), bool(settings.ANCHOR_KEY), fingerprint(), settings.ANCHORS)
