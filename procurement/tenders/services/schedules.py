"""A bid entered from the price schedule that its tenderer filled in."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.refusals import Refused
from procurement.people.writes import service
from procurement.registry.models import Supplier
from procurement.registry.services import register_supplier
from procurement.tenders import documents
from procurement.tenders.models import Bid, Lot, Stage
from procurement.tenders.rules import written
from procurement.tenders.schedules import Offered, read_schedule
from procurement.tenders.schedules.comparison import registered_members, unregistered
from procurement.tenders.services.bids import enter_bid, held


def read_received(*, lot: Lot, content: bytes) -> Offered:
    """What the schedule says for ``lot``; nothing is stored. Raises Refused unless the bids are being entered,
    Invalid with every problem of the file."""
    if lot.stage in (Stage.DRAFT, Stage.PUBLISHED):
        raise Refused(_("The bids of this lot are not opened yet: they are entered after the opening."))
    if lot.stage != Stage.OPENED:
        raise Refused(_("This lot is already evaluated: bids are entered before that."))
    return read_schedule(content, lot)


@service
def enter_schedule(
    *,
    lot: Lot,
    content: bytes,
    key: str,
    tenderer: str,
    by: User,
    at: datetime,
    submitted_at: datetime | None = None,
    register: bool = False,
    basis: str = "",
    register_members: bool = False,
    bases: Mapping[int, str] | None = None,
    exclusion: str = "",
    exclusion_reason: str = "",
) -> Bid:
    """Enter the bid that the file ``content`` holds as ``key``, of the supplier named ``tenderer``.

    With ``register`` a supplier the register does not have is entered in it as the schedule presents it; its origin
    only with the ``basis`` it was found on. So are the members of its consortium with ``register_members``, on the
    ``bases`` by their place in the schedule, from 0. With an ``exclusion``, its ground, and its reason the bid is
    entered as excluded; of one that came late nothing that the schedule offers is kept. Raises as `enter_bid` and
    `register_supplier` do.
    """
    permissions.require(by, Permission.ENTER_BID, lot)
    offered = read_received(lot=lot, content=content)
    held(lot)  # before the record, which every registration locks: whoever scores takes the two in this order
    if register and not Supplier.objects.filter(name=tenderer).exists():
        _register(offered, tenderer, basis, by, at)
    if register_members:
        _register_members(offered, bases or {}, by, at)
    document = {"id": key, "supplier": {"name": tenderer}, **offered.document, **_consortium(offered)}
    if exclusion == Bid.Exclusion.LATE:
        document = documents.unopened(document)
    if submitted_at is not None:
        document["submitted_at"] = written(submitted_at)
    if exclusion or exclusion_reason:
        stated = {"exclusion": exclusion, "exclusion_reason": exclusion_reason}
        document |= {"status": Bid.Status.EXCLUDED.value, **{name: said for name, said in stated.items() if said}}
    bid = enter_bid(lot=lot, document=document, by=by, at=at)
    ledger.record("bid.schedule_read", bid, by=by, at=at, after=hashlib.sha256(content).hexdigest())
    return bid


def _register(offered: Offered, tenderer: str, basis: str, by: User, at: datetime) -> None:
    told = offered.tenderer
    register_supplier(
        name=tenderer,
        registration_number=told["registration_number"],
        address_country=told["address_country"],
        operator_country=told["operator_country"] if basis else "",
        operator_origin_basis=basis if told["operator_country"] else "",
        by=by,
        at=at,
    )


def _register_members(offered: Offered, bases: Mapping[int, str], by: User, at: datetime) -> None:
    for place, member in unregistered(offered):
        register_supplier(**member.newcomer(bases.get(place, "")), by=by, at=at)


def _consortium(offered: Offered) -> dict[str, Any]:
    """The consortium of the schedule, its members under the names that the register has for them."""
    stated = offered.document.get("consortium")
    if not stated:
        return {}
    known = registered_members(offered)
    members = [
        member.document(known[place].name if place in known else member.name)
        for place, member in enumerate(offered.members)
    ]
    return {"consortium": {**stated, "members": members}}
