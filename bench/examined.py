"""A lot in negotiation whose every bid was examined: proofs, requests to regularise, versions, a question on the price.

All of it goes through the services. The bid `MOST` has the most of everything, and is the one that is measured.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from procurement.evaluation import services as evaluation
from procurement.people.models import User
from procurement.tenders import services as tenders
from procurement.tenders.models import Bid, Lot
from tests.tenders.proofs.files import pdf, stream

MOST = "offre-3"
ROUNDS, REQUESTS, PROOFS = 3, 5, 20  # of that bid; any other has one of each


def examine(lot: Lot, by: User, now: datetime) -> None:
    """Give the admissible bids of an opened lot what its buyer finds out; one request of each kind still waits."""
    for bid in lot.bids.filter(status=Bid.Status.ADMISSIBLE):
        rounds, requests, proofs = (ROUNDS, REQUESTS, PROOFS) if bid.key == MOST else (1, 1, 1)
        for number in range(proofs):
            _prove(bid, number, by, now)
        for number in range(rounds):
            _negotiate(bid, number + 1, by, now)
        for number in range(requests):
            _ask(bid, by, now, concluded=number < requests - 1)
        _ask_about_price(bid, by, now)


def _prove(bid: Bid, number: int, by: User, now: datetime) -> None:
    tenders.add_proof(
        bid=bid,
        content=pdf(stream(b"%d" % number)),
        name=f"certificat-{number}.pdf",
        kind="origin_certificate",
        about="origin",
        issued_on=date(2026, 9, 1),
        expires_on=date(2027, 9, 1),
        by=by,
        at=now,
    )


def _negotiate(bid: Bid, number: int, by: User, now: datetime) -> None:
    lines = [{"id": line.item.key, "unit_price": str(line.unit_price - number)} for line in bid.lines.all()]
    evaluation.enter_version(
        bid=bid, document={"lines": lines}, reason="negotiation", negotiation_round=number, by=by, at=now
    )


def _ask(bid: Bid, by: User, now: datetime, *, concluded: bool) -> None:
    request = evaluation.request_regularisation(
        bid=bid,
        irregularity="La fiche technique de l'article 3 manque.",
        asked="Adressez-la.",
        sent_at=now,
        due_at=now + timedelta(days=3),
        by=by,
        at=now,
    )
    if concluded:
        evaluation.answer_regularisation(regularisation=request, text="La voici.", received_at=now, by=by, at=now)
        evaluation.conclude_regularisation(
            regularisation=request, regularised=True, reason="Fiche reçue.", by=by, at=now
        )


def _ask_about_price(bid: Bid, by: User, now: datetime) -> None:
    asked = evaluation.request_price_explanation(
        bid=bid, asked="Justifiez votre prix.", sent_at=now, due_at=now + timedelta(days=8), by=by, at=now
    )
    evaluation.answer_price_explanation(asked=asked, text="Notre ligne est amortie.", received_at=now, by=by, at=now)
