"""Bids: entered after the opening, excluded with a ground, and the operator's origin they are judged with."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.refusals import Invalid, Refused
from procurement.people.templatetags.reading import moment
from procurement.people.writes import service
from procurement.tenders import consortia, documents, offers, stated
from procurement.tenders.entries import check_bid, moment_of
from procurement.tenders.models import Bid, Lot, Stage
from procurement.tenders.rules import bid_document, quantities_of, sha256

Document = Mapping[str, Any]


@service
def enter_bid(*, lot: Lot, document: Any, by: User, at: datetime) -> Bid:
    """Enter a bid received for ``lot`` from ``document`` (`documents.BID`: a case's bid without marks).

    Without an id it gets a number in order of entry: `entries.free_key`. Where the lot has a deadline the document says
    when the bid came; a late one is not opened, and says nothing of what it offers.
    Raises Refused before the opening and once the lot is decided, once it is evaluated or its marks are locked for a
    bid that would have to be judged, and for a bid of an open procedure brought into a training copy; Invalid with
    every problem of the document.
    """
    permissions.require(by, Permission.ENTER_BID, lot)
    lot = held(lot)
    require_stage(lot, Stage.OPENED, Stage.EVALUATED)
    entry = check_bid(document, lot)
    if entry.problems or entry.supplier is None:
        documents.refuse(_("The bid cannot be entered: %(first)s"), entry.problems)
    if lot.stage == Stage.EVALUATED and document.get("status") != Bid.Status.EXCLUDED:
        raise Refused(_("This lot is already evaluated: only a bid that is excluded is still entered."))
    if lot.marks_locked_at and document.get("status") != Bid.Status.EXCLUDED:
        raise Refused(_locked())
    if lot.tender.training and entry.price is not None:
        _require_invented(lot, entry.supplier.name, entry.price, by)
    bid = Bid.objects.create(
        lot=lot,
        key=entry.key,
        supplier=entry.supplier,
        operator_country=entry.supplier.operator_country,
        origin_finding=entry.supplier.origin_findings.last(),
        submitted_at=moment_of(document.get("submitted_at")),
        status=document.get("status", Bid.Status.ADMISSIBLE),
        exclusion=document.get("exclusion", ""),
        exclusion_reason=document.get("exclusion_reason", ""),
        price=entry.price,
        cost=Decimal(document["cost"]) if "cost" in document else None,
    )
    offers.write(bid, document)
    consortia.write(bid, document)
    ledger.record("bid.entered", bid, by=by, at=at, after=_digest(bid))
    if named := consortia.document_of(bid):
        ledger.record("bid.members_recorded", bid, by=by, at=at, after=sha256(named))
    if told := stated.document_of(bid):
        ledger.record("bid.amounts_stated", bid, by=by, at=at, after=sha256(told))
    return bid


@service
def exclude_bid(
    *, bid: Bid, ground: str, reason: str, by: User, at: datetime, explanations_rejected: bool = False
) -> None:
    """Exclude a bid on a ground of `Bid.Exclusion`; it stays visible with its reason.

    As abnormally low only with ``explanations_rejected``, which `evaluation.services.price_rejected` tells; as late
    only where it did not come in time. What it had offered stays, as what was opened. Raises Refused otherwise, when
    the bid is excluded already or the lot is decided, Invalid without ground and reason.
    """
    permissions.require(by, Permission.EXCLUDE_BID, bid)
    if ground not in Bid.Exclusion.values:
        raise Invalid(_("The ground for exclusion is one of: %(known)s.") % {"known": ", ".join(Bid.Exclusion.values)})
    if not reason.strip():
        raise Invalid(_("Write the reason for the exclusion: the tenderer is told it."))
    if ground == Bid.Exclusion.ABNORMALLY_LOW and not explanations_rejected:
        raise Refused(
            _(
                "A bid is excluded as abnormally low only once the tenderer was asked to explain its price: record its "
                "explanations and that they do not justify the price."
            )
        )
    lot = held(bid.lot)
    require_stage(lot, Stage.OPENED, Stage.EVALUATED)
    if ground == Bid.Exclusion.LATE:
        _require_not_in_time(bid, lot)
    before = _digest(bid)
    excluded = {"status": Bid.Status.EXCLUDED, "exclusion": ground, "exclusion_reason": reason}
    if not Bid.objects.filter(pk=bid.pk, status=Bid.Status.ADMISSIBLE).update(**excluded):
        raise Refused(_("This bid is excluded already."))
    bid.refresh_from_db()
    ledger.record("bid.excluded", bid, by=by, at=at, before=before, after=_digest(bid), reason=f"{ground}: {reason}")


@service
def take_operator_origin(*, bid: Bid, by: User, at: datetime) -> None:
    """Judge ``bid`` with the origin of its tenderer and of every member as the register of suppliers has it now.

    Raises Refused once the lot is decided.
    """
    permissions.require(by, Permission.ENTER_BID, bid)
    require_stage(held(bid.lot), Stage.OPENED, Stage.EVALUATED)
    bid.refresh_from_db()
    before = _digest(bid)
    consortia.take_origins(bid)
    ledger.record("bid.origin_taken", bid, by=by, at=at, before=before, after=_digest(bid))


def held(lot: Lot) -> Lot:
    """The lot's row as it is now, locked until the commit: it is not scored or decided meanwhile."""
    rows = Lot.objects.select_for_update(of=("self",)).select_related("tender", "policy_version__policy")
    row = rows.get(pk=lot.pk)
    row.tender.refresh_from_db(fields=["bids_due_at"])  # it may have changed while the lock was waited for
    return row


def require_stage(lot: Lot, *stages: Stage, too_late: str = "") -> None:
    if lot.stage in stages:
        return
    if lot.stage in (Stage.DRAFT, Stage.PUBLISHED):
        raise Refused(_("The bids of this lot are not opened yet: they are entered after the opening."))
    raise Refused(too_late or _("This lot is decided: its bids no longer change."))


def _require_not_in_time(bid: Bid, lot: Lot) -> None:
    due, received = lot.tender.bids_due_at, bid.submitted_at
    if due is not None and received is not None and received <= due:
        told = {"received": moment(received), "due": moment(due)}
        raise Refused(_("Received %(received)s, before the deadline for bids, %(due)s: this bid is not late.") % told)


def _require_invented(lot: Lot, supplier: str, price: Decimal, by: User) -> None:
    """Any policy may be tried on a training copy, so that no bid still to be decided may stand in it.

    Another name does not make a bid invented: a price of the procedure copied, or two of any open lot, give it away.
    """
    waiting = Bid.objects.visible_to(by).of_open_procedures()
    beside = lot.bids.exclude(price=None).values_list("price", flat=True)
    original = waiting.filter(lot__tender=lot.tender.copied_from_id, price=price)
    shared = waiting.sharing([price, *(other for other in beside if other is not None)])
    if waiting.offering([(supplier, price)]) or original.exists() or max(shared.values(), default=0) > 1:
        raise Refused(_("This price stands in an open procedure: on a training copy, enter invented bids."))


def _locked() -> str:
    return _(
        "The marks of this lot are locked: a bid that comes in now would never be marked. One that is excluded, for "
        "example because it came late, can still be entered; if a bid received in time was forgotten, the lot cannot "
        "be judged fairly any more: end it without follow-up."
    )


def _digest(bid: Bid) -> str:
    """The SHA-256 of the bid as a case has it, without marks; with the last days of its evidence where it has any."""
    now = Bid.objects.with_lines().get(pk=bid.pk)
    document = bid_document(now, quantities_of(bid.lot))
    valid = {piece.indicator: piece.expires_on.isoformat() for piece in now.evidence.all() if piece.expires_on}
    return sha256({"bid": document, "valid_until": valid} if valid else document)
