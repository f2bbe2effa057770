"""The letters of a lot as they are read: those that were recorded as sent, or a draft of what would be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from procurement.evaluation.letters.composition import Letter, compose
from procurement.evaluation.letters.sending import Sending
from procurement.evaluation.models import Decision, SentLetters
from procurement.tenders.models import Lot
from procurement.tenders.regulation.blocks import labelled
from scoring.canonical import sha256

DRAFT = "draft"  # of an address: the letters as they stand now, though others are recorded as sent


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of a decided lot; `sent` None for a draft, `every` all versions that were sent, oldest first."""

    decision: Decision
    letters: list[Letter]
    sending: Sending
    sent: SentLetters | None
    every: list[SentLetters]

    @property
    def signable_on(self) -> date | None:
        return self.sending.signable_on(self.decision)

    @property
    def known(self) -> dict[str, Any]:
        """When and how they leave, as a form of it is filled in."""
        return {"sent_on": self.sending.on, "way": self.sending.way}

    def to(self, bid: str) -> Letter | None:
        """The letter about a bid."""
        return next((letter for letter in self.letters if letter["bid"] == bid), None)


def letters_of(lot: Lot, asked: Mapping[str, str], *, today: date) -> Letters | None:
    """The letters of a lot as an address asks for them, None before the decision; a constant number of queries.

    Those that were sent last, unless the address says `draft`; a draft is dated as it says, or today.
    """
    rows = Decision.objects.select_related("lot__tender__contracting_body", "bid", "sheet")
    decision = rows.filter(lot=lot).first()
    if decision is None:
        return None
    every = list(decision.sent_letters.select_related("recorded_by"))
    if every and DRAFT not in asked:
        last = every[-1]
        return Letters(decision, last.document["letters"], Sending(last.way, last.sent_on), last, every)
    sending = _asked(asked, today)
    return Letters(decision, compose(decision, sending), sending, None, every)


def shown(found: Letters) -> list[dict[str, Any]]:
    """The letters for the page, each with its hash where it was sent."""
    return [{**labelled(letter), "sha256": sha256(letter) if found.sent else ""} for letter in found.letters]


def _asked(asked: Mapping[str, str], today: date) -> Sending:
    """What an address says of a sending; what it says wrongly counts as not said."""
    way = asked.get("way", "")
    try:
        on = date.fromisoformat(asked.get("sent_on", ""))
    except ValueError:
        on = today
    return Sending(way if way in SentLetters.Way.values else SentLetters.Way.ELECTRONIC, on)
