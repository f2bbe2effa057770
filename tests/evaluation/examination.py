"""Requests to regularise a bid and versions of it, as tests make them."""

from datetime import datetime, timedelta
from typing import Any

from procurement.evaluation import services
from procurement.evaluation.models import BidVersion, Regularisation
from procurement.people.models import User
from procurement.tenders.models import Bid, Lot
from tests.evaluation.conftest import NOW, OFFERS, enter, published_lot
from tests.tenders import documents

SENT, DUE, AFTER = NOW - timedelta(hours=1), NOW + timedelta(days=3), NOW + timedelta(days=4)


def lot_of(procedure: str, by: User, **changes: Any) -> Lot:
    """A lot of a procedure with three marked bids."""
    lot = published_lot(by, procedure=procedure, lots=[documents.lot(**changes)])
    enter(lot, OFFERS, by)
    return lot


def ask(bid: Bid, by: User, **changes: Any) -> Regularisation:
    given: dict[str, Any] = {
        "irregularity": "The amount of the masks is not quantity × unit price.",
        "asked": "Say which of the two counts.",
        "sent_at": SENT,
        "due_at": DUE,
        "by": by,
        "at": NOW,
    }
    return services.request_regularisation(bid=bid, **{**given, **changes})


def answer(request: Regularisation, by: User, at: datetime = NOW, **changes: Any) -> None:
    given: dict[str, Any] = {"text": "The unit price counts.", "received_at": at, "by": by, "at": at}
    services.answer_regularisation(regularisation=request, **{**given, **changes})


def conclude(request: Regularisation, by: User, regularised: bool, at: datetime = NOW, reason: str = "Seen.") -> None:
    services.conclude_regularisation(regularisation=request, regularised=regularised, reason=reason, by=by, at=at)


def offer(masks: str = "1.80", gloves: str = "5.00", **changes: Any) -> dict[str, Any]:
    """What a version says: the offer alone."""
    lines = [
        {"id": documents.MASKS, "unit_price": masks, "origins": [{"country": "FR", "share": "0.8"}]},
        {"id": documents.GLOVES, "unit_price": gloves},
    ]
    return {"lines": lines, "environment": {"carbon": {"value": "2"}}, **changes}


def negotiate(bid: Bid, by: User, number: int = 1, at: datetime = NOW, **changes: Any) -> BidVersion:
    given: dict[str, Any] = {"document": offer(), "reason": "negotiation", "negotiation_round": number}
    return services.enter_version(bid=bid, by=by, at=at, **{**given, **changes})
