"""The record checked in the time a page may take: all of a short one, the end of a long one."""

from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import gettext as _

from procurement.ledger import chain, signing
from procurement.ledger.claims import Trust
from procurement.ledger.models import Anchor, Line
from procurement.ledger.outside import Unreachable, copy_at
from procurement.ledger.state import State, state
from procurement.ledger.verification import verify

AT_ONCE = 50_000  # lines: about a second


@dataclass(frozen=True)
class Checked:
    """What was computed again and what is wrong, one sentence each, the first broken line first."""

    first: int  # the first line that was computed again, 1 for the whole record
    last: int
    faults: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether every line and every anchor, inside and outside, was looked at."""
        return self.first <= 1


def check() -> Checked:
    """Check the record up to `AT_ONCE` lines whole, with every anchor; of a longer one so many lines at its end.

    The key of this portal and those it replaced are trusted. `manage.py verify_ledger` checks a record of any length.
    """
    now = state()
    if now.lines > AT_ONCE:
        return _end(now)
    try:
        report = verify(copy=copy_at(settings.ANCHORS) if now.key or now.last else None, trust=Trust(signing.trusted()))
    except Unreachable as problem:
        return Checked(1, now.lines, [str(problem)])
    return Checked(1, report.lines, report.faults)


def _end(now: State) -> Checked:
    """The last lines, each after the one before, and the last anchor against the line it was signed over."""
    sequence = now.lines - AT_ONCE
    first = sequence + 1
    heads: dict[int, str] = dict(Line.objects.filter(sequence=sequence).values_list("sequence", "hash"))
    previous, faults = heads.get(sequence, ""), []
    for row in chain.rows(after=sequence, upto=now.lines):
        if fault := chain.fault(row, sequence=sequence, previous=previous):
            faults.append(fault)
            break
        sequence, previous = row.sequence, row.hash
        if now.last and sequence == now.last.size:
            heads[sequence] = row.hash
    return Checked(first, now.lines, [*faults, *_anchor_faults(now.last, heads)])


def _anchor_faults(last: Anchor | None, heads: dict[int, str]) -> list[str]:
    if last is None:
        return []
    if not signing.holds(last.document(), signature=last.signature, key=last.key):
        return [_("The last anchor, over %(size)s lines, was changed: its key did not sign it.") % {"size": last.size}]
    if signing.trusted() and signing.fingerprint_of(last.key) not in signing.trusted():
        return [_("The last anchor, over %(size)s lines, is not signed by a key of this portal.") % {"size": last.size}]
    if heads.get(last.size, last.head) != last.head:
        return [_("Line %(size)s is not the one the last anchor was signed over.") % {"size": last.size}]
    return []
