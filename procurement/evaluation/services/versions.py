"""A later version of a bid takes the place of the former one, which stays readable and hashed."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from procurement.evaluation import versions
from procurement.evaluation.models import BidVersion, Regularisation
from procurement.evaluation.services.findings import price_rejected
from procurement.evaluation.services.lots import held, require_under_evaluation
from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.refusals import Invalid, Refused, Stale
from procurement.people.writes import service
from procurement.tenders import documents, offers
from procurement.tenders.entries import check_offer
from procurement.tenders.models import Bid, Lot
from procurement.tenders.schedules import read_schedule
from procurement.tenders.schedules.comparison import registered_as
from scoring.canonical import sha256
from scoring.problems import Problem, gettext_noop

Document = Mapping[str, Any]
OF_THE_FIRST = ("id", "supplier", "consortium", "submitted_at", "status", "exclusion", "exclusion_reason")
LAST_ROUND = 99


@service
def enter_version(
    *,
    bid: Bid,
    document: Any,
    reason: str,
    by: User,
    at: datetime,
    negotiation_round: int | None = None,
    regularisation: Regularisation | None = None,
    received_at: datetime | None = None,
    read: int | None = None,
) -> BidVersion:
    """Put what ``document`` offers in place of what ``bid`` offered, and return the version that was replaced.

    ``document`` is a `documents.BID` of what is offered alone. ``reason`` is "negotiation" with its round, or
    "regularisation" with the request that waits; ``received_at`` None keeps the time of the former version, ``read``
    is the number of the version that ``by`` had read. Raises Refused where no other version may come (`refusal_of`),
    for a reason the procedure does not have, and where nothing changes; Stale where another version stands than was
    read; Invalid with every problem of the document.
    """
    permissions.require(by, Permission.ENTER_BID, bid)
    lot = held(bid.lot)
    require_under_evaluation(lot)
    bid = lot.bids.select_related("supplier").get(pk=bid.pk)
    bid.lot = lot
    if sentence := refusal_of(bid):
        raise Refused(sentence)
    number = versions.number_of(bid)
    if read is not None and read != number:
        raise Stale(versions.stale_sentence(bid))
    why = _why(bid, reason, negotiation_round, regularisation)
    entry = check_offer(_whole(document, bid), lot)
    if entry.problems:
        documents.refuse(_("The new version cannot be entered: %(first)s"), entry.problems)
    _require_received(bid, received_at, at)
    before = versions.snapshot(bid)
    version = BidVersion.objects.create(
        bid=bid,
        number=number,
        document=before,
        sha256=sha256(before),
        **why,
        replaced_by=by,
        replaced_at=at,
    )
    offers.write(bid, document)
    bid.price = entry.price
    bid.cost = Decimal(document["cost"]) if "cost" in document else None
    bid.submitted_at = received_at or bid.submitted_at
    bid.save(update_fields=["price", "cost", "submitted_at"])
    after = versions.digest(bid)
    if after == version.sha256:
        raise Refused(_("Nothing changed: this is the version that stands."))
    said = version.regularisation.irregularity if version.regularisation else str(version.round)
    ledger.record(
        "bid.version_entered", bid, by=by, at=at, before=version.sha256, after=after, reason=f"{reason}: {said}"
    )
    return version


@service
def enter_version_of_schedule(
    *, bid: Bid, content: bytes, by: User, at: datetime, same_tenderer: bool = False, **why: Any
) -> BidVersion:
    """Enter what the price schedule ``content`` offers as another version of ``bid``; ``why`` as `enter_version`.

    ``same_tenderer`` says that a schedule in another name is of the tenderer of ``bid`` all the same: Refused without
    it. Raises as `enter_version` and `read_schedule` do.
    """
    permissions.require(by, Permission.ENTER_BID, bid)
    offered = read_schedule(content, bid.lot)
    if not same_tenderer and registered_as(offered) != bid.supplier:
        raise Refused(
            _("The schedule says it is from %(stated)s; this is the bid of %(supplier)s: confirm that it is theirs.")
            % {"stated": offered.tenderer["name"], "supplier": bid.supplier}
        )
    version = enter_version(bid=bid, document=offered_alone(offered.document), by=by, at=at, **why)
    ledger.record("bid.schedule_read", bid, by=by, at=at, after=hashlib.sha256(content).hexdigest())
    return version


def offered_alone(document: Document) -> dict[str, Any]:
    """Of the document of a bid what another version of it may say."""
    return {name: value for name, value in document.items() if name in documents.OFFERED}


def refusal_of(bid: Bid) -> str:
    """Why no other version of ``bid`` may come now, in a sentence; empty where one may."""
    if bid.lot.tender.training:
        return _("This is a training copy: its bids have no versions.")
    if bid.lot.decided:
        return _("This lot is decided: its bids no longer change.")
    if bid.status == Bid.Status.EXCLUDED:
        return _("This bid is excluded: no other version of it is entered.")
    if price_rejected(bid):
        return _("The price of this bid was found abnormally low: the bid is excluded, not mended (CCP L2152-6).")
    if bid.lot.two_envelopes and bid.lot.marks_locked_at:
        return _(
            "The marks of this lot are locked and its prices are open: no bid changes any more. Where bids are "
            "negotiated, the marks are locked after the last round."
        )
    if not may_negotiate(bid.lot) and not bid.regularisations.pending().exists():
        return _(
            "Nothing is negotiated in this procedure (CCP L2124-2): another version of a bid comes only when its "
            "tenderer was asked to regularise it. Record that request first."
        )
    return ""


def may_negotiate(lot: Lot) -> bool:
    return lot.tender.procedure in versions.NEGOTIATED


def _why(bid: Bid, reason: str, round_: int | None, regularisation: Regularisation | None) -> dict[str, Any]:
    """The columns that say why a version comes. Raises Invalid or Refused for a reason that is none here."""
    if reason == BidVersion.Reason.NEGOTIATION:
        if not may_negotiate(bid.lot):
            raise Refused(
                _("Nothing is negotiated in this procedure (CCP L2124-2): only a regularisation changes a bid.")
            )
        last = max((version.round or 0 for version in versions.former(bid)), default=0)
        first = max(last, 1)
        if round_ is None or not first <= round_ <= LAST_ROUND:
            raise Invalid(
                _("Give the round of the negotiation, a number from %(first)d to %(last)d.")
                % {"first": first, "last": LAST_ROUND}
            )
        return {"reason": reason, "round": round_}
    if reason == BidVersion.Reason.REGULARISATION:
        if regularisation is None or not bid.regularisations.pending().filter(pk=regularisation.pk).exists():
            raise Refused(_("No request to regularise this bid waits: record the request first."))
        return {"reason": reason, "regularisation": regularisation}
    raise Invalid(_("A version comes from “negotiation” or from “regularisation”."))


def _whole(document: Any, bid: Bid) -> Any:
    """The document of a version as that of a bid, to be read. Raises Invalid for what belongs to the first alone."""
    if not isinstance(document, dict):
        return document
    sentence = gettext_noop("A version says what is offered alone: leave this out.")
    if given := [Problem(f"/{name}", sentence, {}) for name in OF_THE_FIRST if name in document]:
        documents.refuse(_("The new version cannot be entered: %(first)s"), given)
    return {**document, "id": bid.key, "supplier": {"name": bid.supplier.name}}


def _require_received(bid: Bid, received_at: datetime | None, at: datetime) -> None:
    if received_at is None:
        return
    if received_at > at:
        raise Invalid(_("This version is said to be received in the future: correct the time."))
    if bid.submitted_at and received_at < bid.submitted_at:
        raise Invalid(_("This version is said to be received before the one it replaces: correct the time."))
