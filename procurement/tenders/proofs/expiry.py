"""On which day proofs and evidence are looked at: that on which the bid was received."""

from datetime import date

from django.utils import timezone

from procurement.tenders.models import Bid


def received_on(bid: Bid) -> date | None:
    """The day ``bid`` was received in the portal's zone; where that is not recorded, the day the bids were opened."""
    moment = bid.submitted_at or bid.lot.tender.opened_at
    return timezone.localdate(moment) if moment else None


def had_expired(expires_on: date | None, received: date | None) -> bool:
    """Whether what is valid until ``expires_on``, that day included, had expired when the bid was received."""
    return expires_on is not None and received is not None and expires_on < received
