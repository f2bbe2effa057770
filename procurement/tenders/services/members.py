"""The members of a consortium: named with the bid or after it, each with the origin the register has."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.refusals import Invalid, Refused
from procurement.people.writes import service
from procurement.registry.services import register_supplier
from procurement.tenders import consortia, documents
from procurement.tenders.models import Bid, Lot, Stage
from procurement.tenders.operators import retainable
from procurement.tenders.rules import sha256
from procurement.tenders.services.bids import enter_bid, held, require_stage
from scoring.problems import Problem
from scoring.reading import check_json

Document = Mapping[str, Any]
Newcomer = Mapping[str, Any]  # what `register_supplier` takes of an operator that the register does not have


@service
def enter_bid_of_newcomers(
    *, lot: Lot, document: Document, newcomers: Sequence[Newcomer], by: User, at: datetime
) -> Bid:
    """Register the ``newcomers`` that a valid ``document`` names, tenderer or members; then enter its bid.

    Raises as `register_supplier` and `enter_bid` do.
    """
    permissions.require(by, Permission.ENTER_BID, lot)
    held(lot)  # before the record, which every registration locks: whoever scores takes the two in this order
    for newcomer in newcomers:
        register_supplier(**newcomer, by=by, at=at)
    return enter_bid(lot=lot, document=document, by=by, at=at)


@service
def record_members(*, bid: Bid, document: Any, by: User, at: datetime, newcomers: Sequence[Newcomer] = ()) -> None:
    """Name who makes ``bid`` with its tenderer (`documents.CONSORTIUM`), in place of who was named before.

    ``newcomers`` are registered first. Each operator comes with the origin that the register has now. Raises Refused
    once the lot is decided, Invalid with every problem of the document.
    """
    permissions.require(by, Permission.ENTER_BID, bid)
    require_stage(held(bid.lot), Stage.OPENED, Stage.EVALUATED)
    for newcomer in newcomers:
        register_supplier(**newcomer, by=by, at=at)
    bid.refresh_from_db()
    whole = {"supplier": {"name": bid.supplier.name}, "consortium": document}
    if found := problems_of(whole):
        documents.refuse(_("The consortium cannot be recorded: %(first)s"), found)
    before = sha256(consortia.document_of(bid))
    consortia.write(bid, whole)
    after = sha256(consortia.document_of(bid))
    ledger.record("bid.members_recorded", bid, by=by, at=at, before=before, after=after)


@service
def retain_group_origin(*, bid: Bid, country: str, reason: str, by: User, at: datetime) -> None:
    """Record which ``country`` the buyer retains for a consortium that a member alone brings before the measure.

    A later one replaces it. Where it lets the bid stand (`operators.let_through`), another person awards. Raises
    Invalid without a reason or for the country of nobody in the consortium, Refused where nothing is to be retained
    and once the lot is decided.
    """
    permissions.require(by, Permission.DECIDE_LOT, bid)
    lot = held(bid.lot)
    require_stage(lot, Stage.OPENED, Stage.EVALUATED)
    bid = Bid.objects.with_lines().get(pk=bid.pk)
    bid.lot = lot
    countries = retainable(bid)
    if not countries:
        raise Refused(_("Nothing is to be retained: this bid has one origin before the measure on medical devices."))
    _check_retained(country, reason, countries)
    before = sha256(consortia.document_of(bid))
    bid.group_country, bid.group_reason, bid.group_retained_by = country, reason.strip(), by
    bid.save(update_fields=["group_country", "group_reason", "group_retained_by"])
    after = sha256(consortia.document_of(bid))
    ledger.record("bid.group_origin_retained", bid, by=by, at=at, before=before, after=after, reason=bid.group_reason)


def _check_retained(country: str, reason: str, countries: list[str]) -> None:
    if country not in countries:
        known = ", ".join(countries)
        raise Invalid(_("The origin retained is that of the leader or of that member: %(known)s.") % {"known": known})
    if not reason.strip() or "\x00" in reason:
        raise Invalid(_("Write why this origin is retained for the consortium: it is recorded."))


def problems_of(whole: Any) -> list[Problem]:
    """Everything wrong with the consortium of a bid: its form first, then what only whoever reads it whole sees."""
    problems = check_json(whole)
    if not problems:
        documents.CONSORTIUM.read(whole["consortium"], "/consortium", problems)
    return problems or [*consortia.problems_of(whole), *consortia.unregistered(whole)]
