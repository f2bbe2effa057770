"""The country a case gives to a bid: a case has one, a consortium as many as it has members (docs/decisions/0090).

Which origin a group has whose member alone originates in a country of the measure on medical devices (Regulation (EU)
2022/1031) is written nowhere: the buyer says which he retains, and the origin is unknown until then. Everywhere else
the leader stands for the group. Subcontractors make no bid: the measure limits their part instead.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from procurement.tenders.models import Bid, ConsortiumMember, Lot
from scoring.case import Tender
from scoring.guards.ipi import conditions_that_may_hold
from scoring.numbers import decimal
from scoring.parameters import Parameters

Role = ConsortiumMember.Role


def judged_country(bid: Bid) -> str | None:
    """The country of origin that ``bid`` is judged with, None when it is unknown; from `with_lines`, with its lot."""
    own = bid.operator_country or None
    members = partners(bid)
    measured = measured_countries(bid.lot) if members else ()
    if not measured or own in measured:
        return own
    retained = (bid.group_country or None) if _from(measured, members) else own
    known = own is not None and all(member.operator_country for member in members)
    return retained if known or retained in measured else None


def hidden_members(bid: Bid) -> list[ConsortiumMember]:
    """The members that originate in a country of the measure while their leader does not: the buyer has to say."""
    members = partners(bid)
    measured = measured_countries(bid.lot) if members else ()
    return [] if bid.operator_country in measured else _from(measured, members)


def retainable(bid: Bid) -> list[str]:
    """The countries one of which is to be retained for the group, the cautious reading first; none where it has one."""
    hidden = [member.operator_country for member in hidden_members(bid)]
    return list(dict.fromkeys([*hidden, *filter(None, [bid.operator_country])])) if hidden else []


def let_through(bid: Bid) -> bool:
    """Whether the origin retained lets a bid stand that the cautious reading brings under the measure."""
    return bool(hidden_members(bid)) and bid.group_country not in ("", *measured_countries(bid.lot))


def _from(countries: tuple[str, ...], members: list[ConsortiumMember]) -> list[ConsortiumMember]:
    return [member for member in members if member.operator_country in countries]


def partners(bid: Bid) -> list[ConsortiumMember]:
    """The members of the consortium beside its leader."""
    return [member for member in bid.members.all() if member.role == Role.MEMBER]


def measured_countries(lot: Lot) -> tuple[str, ...]:
    """The countries whose operators the measure on medical devices may exclude from a published ``lot``."""
    assert lot.rules is not None  # as of every lot that has bids
    conditions = conditions_that_may_hold(tender_of(lot.rules["tender"]), Parameters())
    return conditions.countries.names if conditions else ()


def subcontracted(members: Iterable[ConsortiumMember], countries: tuple[str, ...]) -> Fraction | None:
    """The part of the contract, 0 to 1, that goes to subcontractors of ``countries``; None where one is not stated."""
    shares = [m.share for m in members if m.role == Role.SUBCONTRACTOR and m.operator_country in countries]
    return None if None in shares else sum((Fraction(share) for share in shares if share is not None), Fraction(0))


def tender_of(document: Mapping[str, Any]) -> Tender:
    """The tender of a case's document, as the guards read it."""
    launched_on, value = document.get("launched_on"), document.get("estimated_value")
    return Tender(
        id=document["id"],
        currency=document["currency"],
        launched_on=date.fromisoformat(launched_on) if launched_on else None,
        cpv=document.get("cpv"),
        estimated_value=decimal(value) if value else None,
    )
