"""The versions of a bid: what is kept of one that is replaced, and in which procedures another may come."""

from typing import Any

from django.utils.translation import gettext as _

from procurement.evaluation.models import BidVersion
from procurement.tenders import consortia, stated
from procurement.tenders.models import Bid, Tender
from procurement.tenders.rules import bid_document, quantities_of
from scoring.canonical import sha256

Document = dict[str, Any]
# In open and restricted procedures nothing is negotiated (CCP L2124-2, R2161-5, R2161-11).
NEGOTIATED = (Tender.Procedure.NEGOTIATED, Tender.Procedure.ADAPTED)


def snapshot(bid: Bid) -> Document:
    """A bid as `bareme-bid-version/1`: as a case has it without marks, and what a case has no place for.

    "consortium" as `consortia.document_of` writes it, "stated" as in `documents.BID`; "valid_until" the last day of
    each piece of evidence that has one, by indicator. A fixed number of queries.
    """
    now = Bid.objects.with_lines().select_related("lot").get(pk=bid.pk)
    valid = {piece.indicator: piece.expires_on.isoformat() for piece in now.evidence.all() if piece.expires_on}
    return {
        "schema": "bareme-bid-version/1",
        "bid": bid_document(now, quantities_of(now.lot)),
        "consortium": consortia.document_of(now),
        "stated": stated.document_of(now),
        "valid_until": valid,
    }


def digest(bid: Bid) -> str:
    """The hash of a bid as it is now: what its version will be known by once it is replaced."""
    return sha256(snapshot(bid))


def number_of(bid: Bid) -> int:
    """The number of the version that stands."""
    return bid.former_versions.count() + 1


def stale_sentence(bid: Bid) -> str:
    """What somebody is told who would replace a version they have not read."""
    last = bid.former_versions.select_related("replaced_by").last()
    told = {"person": last.replaced_by if last else "–", "number": number_of(bid)}
    return (
        _("%(person)s entered version %(number)d of this bid since you opened it: what changes is read again.") % told
    )


def former(bid: Bid) -> list[BidVersion]:
    """The versions a bid had before the one that stands, the first one first."""
    return list(bid.former_versions.select_related("replaced_by", "regularisation"))
