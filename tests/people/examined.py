"""A bid of a negotiated procedure that was replaced once and is asked to be regularised."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from procurement.evaluation import services
from procurement.people.models import User
from procurement.tenders.schedules import waiting
from tests.evaluation.conftest import OFFERS, enter, published_lot
from tests.evaluation.examination import offer
from tests.tenders import documents
from tests.tenders.filled import OFFER, filled


def examined(buyer: User, bid_key: str) -> dict[str, Any]:
    """What the addresses of the examination of the bid ``bid_key`` name."""
    lot = published_lot(buyer, reference="2026-018", procedure="negotiated", lots=[documents.lot()])
    enter(lot, OFFERS, buyer)
    bid, now = lot.bids.get(key=bid_key), timezone.now()
    services.enter_version(bid=bid, document=offer(), reason="negotiation", negotiation_round=1, by=buyer, at=now)
    request = services.request_regularisation(
        bid=bid,
        irregularity="The sample is missing.",
        asked="Send it.",
        sent_at=now,
        due_at=now + timedelta(days=3),
        by=buyer,
        at=now,
    )
    price = services.request_price_explanation(
        bid=bid, asked="How?", sent_at=now, due_at=now + timedelta(days=3), by=buyer, at=now
    )
    return {
        "examined": lot.pk,
        "examined_bid": bid.pk,
        "request": request.pk,
        "price_request": price.pk,
        "version_number": 1,
        "version_upload": waiting.put(filled(lot, OFFER), lot, buyer),
    }
