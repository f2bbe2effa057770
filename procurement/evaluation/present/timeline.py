"""What was done to a lot, from the record, in sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from procurement.ledger.models import Line
from procurement.ledger.services import name_of
from procurement.people.models import User
from procurement.tenders.models import Lot

ACTIONS: Mapping[str, str | Promise] = {
    "tender.drafted": gettext_lazy("drafted the procedure"),
    "tender.published": gettext_lazy("published the procedure and froze its rules"),
    "tender.opened": gettext_lazy("opened the bids"),
    "tender.copied_for_training": gettext_lazy("made this training copy"),
    "lot.changed": gettext_lazy("changed the draft of the lot"),
    "lot.ipi_exception": gettext_lazy("recorded an exception to the IPI measure"),
    "bid.entered": gettext_lazy("entered a bid"),
    "bid.excluded": gettext_lazy("excluded a bid"),
    "bid.origin_taken": gettext_lazy("took over the recorded origin of the operator"),
    "bid.marked": gettext_lazy("marked a bid"),
    "bid.price_explained": gettext_lazy("recorded the explanations of a low price"),
    "lot.marks_taken": gettext_lazy("took over the marks of the original"),
    "lot.scored": gettext_lazy("scored the lot under its published rules"),
    "lot.simulated": gettext_lazy("opened a simulation under other rules"),
    "lot.block_lifted": gettext_lazy("lifted a blocking finding"),
    "lot.awarded": gettext_lazy("awarded the lot"),
    "lot.ended": gettext_lazy("ended the lot without an award"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the record about the lot: who did what to which object, when, and why."""

    at: datetime
    who: str
    what: str
    about: str
    reason: str
    hash: str


def timeline(lot: Lot) -> list[Event]:
    """The lines about a lot, its tender and its bids, oldest first; three queries whatever their number."""
    bids = {name_of(bid): str(bid.supplier) for bid in lot.bids.select_related("supplier")}
    about = {name_of(lot): "", name_of(lot.tender): "", **bids}
    lines = list(Line.objects.filter(object__in=about, action__in=ACTIONS).order_by("sequence"))
    people = _people(lines)
    return [
        Event(
            line.at,
            people.get(line.actor, _("The software")),
            str(ACTIONS[line.action]),
            about[line.object],
            line.reason,
            line.hash,
        )
        for line in lines
    ]


def _people(lines: list[Line]) -> dict[str, str]:
    numbers = {line.actor.removeprefix("user:") for line in lines if line.actor.startswith("user:")}
    return {f"user:{user.pk}": str(user) for user in User.objects.filter(pk__in=numbers)}
