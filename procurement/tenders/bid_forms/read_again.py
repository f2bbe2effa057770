"""What a bid says as it was read, for whoever typed it to read again before it is entered."""

from typing import Any

from procurement.registry.models import Supplier
from procurement.tenders.bid_forms.entry import BidEntry
from procurement.tenders.bid_forms.exclusion import GROUNDS
from procurement.tenders.entries import Entry, is_late
from procurement.tenders.models import Bid, ConsortiumMember
from procurement.tenders.models.bid import Assurance
from procurement.tenders.offered_lines import of_documents
from procurement.tenders.rules import total
from procurement.tenders.stated import compared_before, with_cents

Document = dict[str, Any]


def read_again(typed: BidEntry, entry: Entry) -> Document:
    """What the page shows of a bid in which nothing is wrong."""
    document = typed.document
    lines = of_documents(document.get("lines", []), {form.item: form.quantity for form in typed.lines})
    amounts = compared_before(document, typed.lot)
    newcomer = typed.head.cleaned_data["newcomer"]
    return {
        "name": document["supplier"]["name"],
        "newcomer": newcomer,
        "origin": document["supplier"].get("country", "") if newcomer else _registered_origin(entry),
        "consortium": dict(Bid.Consortium.choices).get(document.get("consortium", {}).get("form") or ""),
        "members": _read_members(typed),
        "excluded": str(dict(GROUNDS).get(document.get("exclusion", ""), "")),
        "exclusion_reason": document.get("exclusion_reason", ""),
        "amounts": amounts,
        "different": any(amount.differs for amount in amounts),
        "received": typed.head.cleaned_data["received"],
        "lines": lines,
        "sum": with_cents(total(line.amount for line in lines)),
        "price": entry.price,
        "stated": "price" in document,
        "cost": document.get("cost"),
        "evidence": document.get("environment", {}),
        "late": is_late(document),
        "assurances": dict(Assurance.choices),
    }


def _registered_origin(entry: Entry) -> str:
    return entry.supplier.operator_country if entry.supplier else ""


def _read_members(typed: BidEntry) -> list[Document]:
    """Each operator beside the tenderer, with the origin it comes with."""
    named = typed.consortium.named
    names = [member.cleaned_data["name"] for member in named]
    registered = dict(Supplier.objects.filter(name__in=names).values_list("name", "operator_country"))
    roles = dict(ConsortiumMember.Role.choices)
    return [
        {
            "name": member.cleaned_data["name"],
            "role": roles[member.document()["role"]],
            "share": member.document().get("share"),
            "newcomer": member.cleaned_data["newcomer"],
            "origin": registered.get(member.cleaned_data["name"], member.cleaned_data["country"]),
        }
        for member in named
    ]
