"""What pages say of those who make a bid together: each with its origin and what shows it, and what follows from it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from procurement.people.templatetags.reading import country, share
from procurement.registry.models import Supplier
from procurement.tenders.models import Bid, ConsortiumMember, Lot
from procurement.tenders.operators import (
    Role,
    hidden_members,
    judged_country,
    measured_countries,
    partners,
    retainable,
    subcontracted,
)
from procurement.tenders.rules import total
from scoring.numbers import fixed
from scoring.parameters import parameter

SUBCONTRACTING = "ipi_2025_1197.subcontracting_cap"
Takers = dict[int, set[int]]  # by id of a supplier, the bids of a lot it takes part in


@dataclass(frozen=True, slots=True)
class Operator:
    """The tenderer or a member, as the bid keeps it.

    `newer` is the country that the register has instead by now ("" for unknown), None where it has the same.
    """

    supplier: Supplier
    role: str
    country: str
    basis: str
    evidence: str
    reference: str
    found_on: date | None
    share: Decimal | None
    newer: str | None


def operators(bid: Bid) -> list[Operator]:
    """The tenderer of ``bid`` (from `with_lines`), then its members and subcontractors."""
    members = sorted(bid.members.all(), key=lambda member: (member.role, member.pk))
    leader = _("leader of the consortium") if partners(bid) else _("tenderer")
    return [_operator(bid, leader, _rest(bid)), *(_operator(m, m.get_role_display(), m.share) for m in members)]


def remarks(bid: Bid, takers: Takers) -> list[str]:
    """What a buyer should know of who makes ``bid`` (from `with_lines`, with its lot), in sentences."""
    return [*_of_the_measure(bid), *_elsewhere(bid, takers)]


def remarks_on(lot: Lot) -> list[tuple[Bid, list[str]]]:
    """The bids of ``lot`` that somebody makes with others, and what is remarkable of each, in a few queries."""
    rows = lot.bids.filter(members__isnull=False).distinct().order_by("key")
    bids = list(rows.select_related("supplier").prefetch_related("members__supplier"))
    takers = takers_of(lot) if bids else {}
    return [(bid, said) for bid in bids if (said := remarks(bid, takers))]


def origins_to_retain(bid: Bid) -> list[tuple[str, str]]:
    """Each country that may be retained for the group, the cautious reading first, and in words whose origin it is."""
    return [
        (
            code,
            _("%(country)s, the origin of %(names)s")
            % {"country": country(code), "names": _names(one for one in _makers(bid) if one.operator_country == code)},
        )
        for code in retainable(bid)
    ]


def takers_of(lot: Lot) -> Takers:
    """Who takes part in which bids of ``lot``, in two queries."""
    takers: Takers = defaultdict(set)
    for bid, supplier in lot.bids.values_list("pk", "supplier_id"):
        takers[supplier].add(bid)
    for bid, supplier in ConsortiumMember.objects.filter(bid__lot=lot).values_list("bid_id", "supplier_id"):
        takers[supplier].add(bid)
    return takers


def _operator(row: Bid | ConsortiumMember, role: str, part: Decimal | None) -> Operator:
    finding, registered = row.origin_finding, row.supplier.operator_country
    return Operator(
        supplier=row.supplier,
        role=role,
        country=row.operator_country,
        basis=finding.get_basis_display() if finding else "",
        evidence=finding.evidence if finding else "",
        reference=finding.reference if finding else "",
        found_on=finding.found_on if finding else None,
        share=part,
        newer=registered if registered != row.operator_country else None,
    )


def _rest(bid: Bid) -> Decimal | None:
    """The leader's part: what the members leave of the contract, None where one of them does not state its own."""
    shares = [member.share for member in partners(bid)]
    return 1 - total(share for share in shares if share is not None) if shares and None not in shares else None


def _of_the_measure(bid: Bid) -> Iterator[str]:
    """What the measure on medical devices makes of the members and of the subcontractors."""
    members = list(bid.members.all())
    measured = measured_countries(bid.lot) if members else ()
    if not measured:
        return
    if hidden := hidden_members(bid):
        yield _retained(bid, hidden)
    unknown = [operator for operator in _makers(bid) if not operator.operator_country]
    if unknown and judged_country(bid) is None:
        yield _(
            "The origin of %(names)s is unknown: nobody can tell whether the measure on medical devices excludes this "
            "bid. Record it in the register of suppliers, then take it over here."
        ) % {"names": _names(unknown)}
    yield from _of_subcontracting(bid, measured)


def _retained(bid: Bid, hidden: list[ConsortiumMember]) -> str:
    """Which origin the buyer retains for a group that a member alone brings before the measure, or that he has to."""
    if bid.group_country:
        return _(
            "For the measure on medical devices this bid is judged as originating in %(country)s, the origin retained "
            "for the consortium: %(reason)s"
        ) % {"country": country(bid.group_country), "reason": bid.group_reason}
    there = ", ".join(dict.fromkeys(country(member.operator_country) for member in hidden))
    return _(
        "%(names)s, in the consortium, originates in %(country)s. Whether the whole bid then falls under the measure "
        "on medical devices (Implementing Regulation (EU) 2025/1197) is written nowhere we could read: record the "
        "origin retained for the consortium and why. Until then its origin is unknown, and nothing is awarded."
    ) % {"names": _names(hidden), "country": there}


def _of_subcontracting(bid: Bid, measured: tuple[str, ...]) -> Iterator[str]:
    """Whoever wins subcontracts at most a part to operators of the measured countries."""
    there = [m for m in bid.members.all() if m.role == Role.SUBCONTRACTOR and m.operator_country in measured]
    if not there:
        return
    cap, part = parameter(SUBCONTRACTING, on=bid.lot.tender.launched_on).number, subcontracted(there, measured)
    said = {"names": _names(there), "cap": share(fixed(cap, 4)), "part": share(fixed(part or Fraction(0), 4))}
    said["country"] = ", ".join(dict.fromkeys(country(member.operator_country) for member in there))
    if part is None:
        template = _(
            "The part subcontracted to %(names)s, originating in %(country)s, is not stated: under the measure on "
            "medical devices it is at most %(cap)s."
        )
    elif part > cap:
        template = _(
            "%(part)s would be subcontracted to %(names)s, originating in %(country)s: under the measure on medical "
            "devices it is at most %(cap)s."
        )
    else:
        return
    yield template % said


def _elsewhere(bid: Bid, takers: Takers) -> Iterator[str]:
    """Members that take part in another bid for the lot, which the documents of the procedure may forbid."""
    for operator in _makers(bid):
        if takers.get(operator.supplier_id, set()) - {bid.pk}:
            yield _(
                "%(name)s takes part in another bid for this lot as well: look whether the documents of the procedure "
                "forbid it (CCP R2151-7, as recalled)."
            ) % {"name": operator.supplier.name}


def _makers(bid: Bid) -> list[Bid | ConsortiumMember]:
    """The leader and the other members; subcontractors make no bid."""
    return [bid, *partners(bid)]


def _names(operators: Iterable[Bid | ConsortiumMember]) -> str:
    return ", ".join(operator.supplier.name for operator in operators)
