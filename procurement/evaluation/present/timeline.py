"""What was done to a lot, from the record, in sentences."""

from dataclasses import dataclass
from datetime import datetime

from procurement.ledger.models import Line
from procurement.ledger.reasons import texts_of
from procurement.ledger.services import name_of
from procurement.people.actions import ACTIONS, actors, deed
from procurement.tenders.models import Lot


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the record about the lot: who did what, to which tenderer's bid, when, and why."""

    at: datetime
    who: str
    what: str
    about: str
    reason: str


def timeline(lot: Lot) -> list[Event]:
    """The lines about a lot, its tender and its bids, oldest first, without readings; five queries at most."""
    bids = {name_of(bid): str(bid.supplier) for bid in lot.bids.select_related("supplier")}
    about = {name_of(lot): "", name_of(lot.tender): "", **bids}
    lines = list(Line.objects.filter(object__in=about, action__in=ACTIONS).order_by("sequence"))
    people = actors(lines)
    reasons = texts_of(lines)
    return [
        Event(line.at, people[line.actor], deed(line.action), about[line.object], reasons.get(line.reason, ""))
        for line in lines
    ]
