"""Who makes a bid together: what is wrong with a consortium handed in, its rows, and what the record vouches for.

The tenderer of a bid is the leader (*mandataire*); the others are members, or subcontractors of the group.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from procurement.fields import plain
from procurement.registry.models import OriginFinding, Supplier
from procurement.tenders.documents import MOST_MEMBERS
from procurement.tenders.models import Bid, ConsortiumMember
from scoring.problems import Phrase, Problem
from scoring.problems import gettext_noop as _

Document = Mapping[str, Any]
Role = ConsortiumMember.Role
MEMBERS = "/consortium/members"  # where they stand in the document of a bid
TOO_MUCH = {
    Role.MEMBER: _("The shares of the members total %(total)s%%: at most 100%%, what is missing being the leader’s."),
    Role.SUBCONTRACTOR: _("The subcontracted shares total %(total)s%%: at most 100%%, the whole of the contract."),
}


def members_of(document: Document) -> list[dict[str, Any]]:
    """The members and subcontractors that the document of a bid (`documents.BID`) names."""
    return list(document.get("consortium", {}).get("members", []))


def problems_of(document: Document) -> Iterator[Problem]:
    """What is wrong with a consortium in itself, whoever is in the register."""
    members = members_of(document)
    if document.get("consortium", {}).get("form") and not any(_role(member) == Role.MEMBER for member in members):
        yield Problem("/consortium/form", _("A consortium has members beside its leader: name them, or leave it out."))
    if len(members) > MOST_MEMBERS:
        yield Problem(MEMBERS, _("A bid names at most %(most)s members and subcontractors."), {"most": MOST_MEMBERS})
    met = {_folded(document["supplier"]["name"]): -1}
    for index, member in enumerate(members):
        name = member["supplier"]["name"]
        before = met.setdefault(_folded(name), index)
        if before == -1:
            template = _("%(name)s is the tenderer, which leads the consortium: name the others alone.")
            yield Problem(f"{MEMBERS}/{index}/supplier/name", template, {"name": name})
        elif before != index:
            yield Problem(f"{MEMBERS}/{index}/supplier/name", _("%(name)s is named twice."), {"name": name})
    yield from _too_much(members)


def unregistered(document: Document, newcomers: Container[str] = ()) -> Iterator[Problem]:
    """Members that the register of suppliers does not have, or has with another origin than the document.

    Those named in ``newcomers`` are about to be registered.
    """
    members = members_of(document)
    known = {
        supplier.name: supplier
        for supplier in Supplier.objects.filter(name__in=[member["supplier"]["name"] for member in members])
    }
    for index, member in enumerate(members):
        name, pointer = member["supplier"]["name"], f"{MEMBERS}/{index}/supplier"
        supplier = known.get(name)
        if supplier is None and name in newcomers:
            continue
        if supplier is None:
            template = _("No supplier is registered as “%(name)s”: register it first.")
            yield Problem(f"{pointer}/name", template, {"name": name})
        elif (member["supplier"].get("country", supplier.operator_country) or "") != supplier.operator_country:
            template = _(
                "The register has the operator's origin %(origin)s: leave it out, or correct the register first."
            )
            origin = supplier.operator_country or Phrase(_("unknown"))
            yield Problem(f"{pointer}/country", template, {"origin": origin})


def write(bid: Bid, document: Document) -> None:
    """Keep the consortium of a document in which nothing is wrong in place of that of ``bid``.

    Each member comes with the origin that the register has of it now.
    """
    bid.consortium = document.get("consortium", {}).get("form") or ""
    bid.save(update_fields=["consortium"])
    _forget_retained(bid)
    bid.members.all().delete()
    members = members_of(document)
    suppliers = Supplier.objects.in_bulk([member["supplier"]["name"] for member in members], field_name="name")
    findings = latest_findings(supplier.pk for supplier in suppliers.values())
    for member in members:
        supplier = suppliers[member["supplier"]["name"]]
        ConsortiumMember.objects.create(
            bid=bid,
            supplier=supplier,
            role=_role(member),
            share=Decimal(member["share"]) if member.get("share") else None,
            operator_country=supplier.operator_country,
            origin_finding=findings.get(supplier.pk),
        )


def take_origins(bid: Bid) -> None:
    """Give the tenderer and every member of ``bid`` the origin that the register has now."""
    _forget_retained(bid)
    operators: list[Bid | ConsortiumMember] = [bid, *bid.members.select_related("supplier")]
    findings = latest_findings(operator.supplier_id for operator in operators)
    for operator in operators:
        operator.operator_country = operator.supplier.operator_country
        operator.origin_finding = findings.get(operator.supplier_id)
        operator.save(update_fields=["operator_country", "origin_finding"])


def latest_findings(suppliers: Iterable[int]) -> dict[int, OriginFinding]:
    """By id of the supplier, what was found last about its origin; nothing for one that nobody looked into."""
    found = OriginFinding.objects.filter(supplier__in=list(suppliers)).order_by("pk")
    return {finding.supplier_id: finding for finding in found}


def document_of(bid: Bid) -> dict[str, Any]:
    """The consortium of ``bid`` with the origin of every operator in it, and the one retained for all of them.

    Empty for a tenderer alone.
    """
    members = bid.members.select_related("supplier", "origin_finding").order_by("role", "pk")
    documents = [
        {
            "supplier": {"name": member.supplier.name, "country": member.operator_country or None},
            "role": member.role,
            "share": None if member.share is None else plain(member.share),
            **ground_of(member),
        }
        for member in members
    ]
    if not documents:
        return {}
    retained = {"retained": {"country": bid.group_country, "reason": bid.group_reason}} if bid.group_country else {}
    return {"form": bid.consortium or None, "leader": ground_of(bid), "members": documents, **retained}


def ground_of(operator: Bid | ConsortiumMember) -> dict[str, str]:
    """What the origin of an operator of a bid rests on; empty texts where nothing was found."""
    finding = operator.origin_finding
    return {
        "basis": finding.basis if finding else "",
        "evidence": finding.evidence if finding else "",
        "reference": finding.reference if finding else "",
    }


def _forget_retained(bid: Bid) -> None:
    """The origin retained for the group was retained of the former members and origins."""
    bid.group_country = bid.group_reason = ""
    bid.group_retained_by = None
    bid.save(update_fields=["group_country", "group_reason", "group_retained_by"])


def _too_much(members: list[dict[str, Any]]) -> Iterator[Problem]:
    """Each role's shares are parts of the whole contract; what is subcontracted is a part of the members' parts."""
    for role, template in TOO_MUCH.items():
        given = [
            (index, Decimal(member["share"]))
            for index, member in enumerate(members)
            if _role(member) == role and member.get("share")
        ]
        total = sum((Fraction(share) for _index, share in given), Fraction(0))
        if total > 1:
            said = plain(sum((share for _index, share in given), Decimal(0)).scaleb(2))
            yield Problem(f"{MEMBERS}/{given[-1][0]}/share", template, {"total": said})


def _role(member: Mapping[str, Any]) -> Role:
    return Role(member.get("role", Role.MEMBER))


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
