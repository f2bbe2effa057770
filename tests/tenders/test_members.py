"""Who makes a bid together: named with the bid or after it, each with its origin; what a case then says of the bid."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.people.refusals import Invalid, Refused
from procurement.registry.models import Supplier
from procurement.registry.services import record_operator_origin
from procurement.tenders import consortia
from procurement.tenders.models import Bid, ConsortiumMember, Lot, Stage
from procurement.tenders.rules import sha256
from procurement.tenders.services import enter_bid, members, record_members, take_operator_origin
from tests.tenders import documents
from tests.tenders.conftest import NOW, problems
from tests.tenders.consortia import entered, member, others, together

__all__ = ["others"]


def test_members_come_with_the_origin_the_register_has_and_what_it_rests_on(
    lot: Lot, supplier: Supplier, others: dict[str, Supplier], buyer: User
) -> None:
    bid = entered(
        lot, buyer, member("Huaxia Imaging", share="0.3"), member("Nordmed", "subcontractor"), form="joint_and_several"
    )

    document = consortia.document_of(bid)
    assert document["form"] == "joint_and_several"
    assert document["leader"]["basis"] == "constitution"
    assert document["members"] == [
        {
            "supplier": {"name": "Huaxia Imaging", "country": "CN"},
            "role": "member",
            "share": "0.3",
            "basis": "constitution",
            "evidence": "Extract of Huaxia Imaging.",
            "reference": "",
        },
        {
            "supplier": {"name": "Nordmed", "country": "DE"},
            "role": "subcontractor",
            "share": None,
            "basis": "constitution",
            "evidence": "Extract of Nordmed.",
            "reference": "",
        },
    ]
    assert Line.objects.get(action="bid.members_recorded").after == sha256(document)


def test_a_tenderer_alone_leaves_no_line_about_members(bid: Bid) -> None:
    assert consortia.document_of(bid) == {}
    assert not Line.objects.filter(action="bid.members_recorded").exists()


@pytest.mark.parametrize(
    ("consortium", "pointer", "said"),
    [
        (together(member("Nordmed"), member("Nordmed", "subcontractor")), "/members/1/supplier/name", "named twice"),
        (together(member("MedTech Loire")), "/members/0/supplier/name", "leads the consortium"),
        (together(member("Nordmed", "subcontractor"), form="several"), "/form", "beside its leader"),
        (together(form="several"), "/form", "beside its leader"),
        (
            together(member("Nordmed", share="0.7"), member("Huaxia Imaging", share="0.31")),
            "/members/1/share",
            "total 101%",
        ),
        (
            together(member("Nordmed", "subcontractor", "0.6"), member("Obscura", "subcontractor", "0.6")),
            "/members/1/share",
            "subcontracted shares total 120%",
        ),
        (together(member("Nordmed", share="1.5")), "/members/0/share", "at most 1"),
        (together(member("Nordmed", share="-0.1")), "/members/0/share", "at least 0"),
        (together(member("Nobody")), "/members/0/supplier/name", "register it first"),
        (together(member("Nordmed", country="CN")), "/members/0/supplier/country", "has the operator's origin DE"),
        (together(member("Nordmed", "friend")), "/members/0/role", "subcontractor"),
        (together(member("")), "/members/0/supplier/name", "1 to 300"),
        (together(*(member(f"Supplier {n}") for n in range(31))), "/members", "at most 30"),
        ({"form": "several"}, "/members", "missing"),
        ([], "", "object"),
    ],
)
def test_what_is_wrong_with_a_consortium_is_told_where_it_stands_with_the_bid_or_after_it(
    lot: Lot,
    supplier: Supplier,
    others: dict[str, Supplier],
    buyer: User,
    consortium: Any,
    pointer: str,
    said: str,
) -> None:
    with pytest.raises(Invalid) as refusal:
        enter_bid(lot=lot, document=documents.bid(consortium=consortium), by=buyer, at=NOW)
    assert said in problems(refusal)[f"/consortium{pointer}"]
    assert not Bid.objects.exists()

    bid = enter_bid(lot=lot, document=documents.bid(), by=buyer, at=NOW)
    with pytest.raises(Invalid) as refusal:
        record_members(bid=bid, document=consortium, by=buyer, at=NOW)
    assert said in problems(refusal)[f"/consortium{pointer}"]
    assert not bid.members.exists()


def test_shares_that_make_the_whole_are_taken(
    lot: Lot, supplier: Supplier, others: dict[str, Supplier], buyer: User
) -> None:
    bid = entered(
        lot,
        buyer,
        member("Nordmed", share="0.4"),
        member("Obscura", share="0.6"),
        member("Huaxia Imaging", "subcontractor", "1"),
    )

    assert bid.members.count() == 3


def test_members_named_after_the_bid_replace_those_named_before_and_are_recorded(
    lot: Lot, supplier: Supplier, others: dict[str, Supplier], buyer: User
) -> None:
    bid = entered(lot, buyer, member("Nordmed"), form="several")

    record_members(bid=bid, document=together(member("Obscura")), by=buyer, at=NOW)

    bid.refresh_from_db()
    assert ([m.supplier.name for m in bid.members.all()], bid.consortium) == (["Obscura"], "")
    first, second = Line.objects.filter(action="bid.members_recorded").order_by("sequence")
    assert first.after == second.before != second.after
    record_members(bid=bid, document=together(), by=buyer, at=NOW)
    assert not bid.members.exists()


def test_the_lot_is_held_before_the_record_as_by_whoever_scores_it_meanwhile(
    lot: Lot, buyer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the other order two of them would wait for each other: a registration holds the record to its end."""
    taken: list[str] = []

    def noted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *given, **named: (taken.append(name), function(*given, **named))[1]

    monkeypatch.setattr(members, "held", noted("lot", members.held))
    monkeypatch.setattr(members, "register_supplier", noted("record", members.register_supplier))

    members.enter_bid_of_newcomers(
        lot=lot, document=documents.bid(supplier={"name": "Ningbo"}), newcomers=[{"name": "Ningbo"}], by=buyer, at=NOW
    )

    assert taken == ["lot", "record"]


def test_newcomers_are_registered_with_the_members_or_not_at_all(lot: Lot, bid: Bid, buyer: User) -> None:
    newcomer = {"name": "Ningbo", "operator_country": "CN", "operator_origin_basis": "constitution"}
    with pytest.raises(Invalid):
        record_members(
            bid=bid, document=together(member("Ningbo"), member("Nobody")), newcomers=[newcomer], by=buyer, at=NOW
        )
    assert not Supplier.objects.filter(name="Ningbo").exists()

    record_members(bid=bid, document=together(member("Ningbo")), newcomers=[newcomer], by=buyer, at=NOW)

    assert bid.members.get().operator_country == "CN"


def test_only_the_buyers_of_the_hospital_name_members_and_only_before_the_decision(
    lot: Lot, bid: Bid, others: dict[str, Supplier], buyer: User, stranger: User
) -> None:
    with pytest.raises(PermissionDenied):
        record_members(bid=bid, document=together(member("Nordmed")), by=stranger, at=NOW)
    Lot.objects.filter(pk=lot.pk).update(stage=Stage.AWARDED)

    with pytest.raises(Refused, match="decided"):
        record_members(bid=bid, document=together(member("Nordmed")), by=buyer, at=NOW)

    assert not bid.members.exists()


def test_a_later_finding_changes_a_member_only_when_the_buyer_takes_it_over(
    lot: Lot, supplier: Supplier, others: dict[str, Supplier], buyer: User
) -> None:
    bid = entered(lot, buyer, member("Nordmed"))
    record_operator_origin(
        supplier=others["Nordmed"], country="CN", basis="influence", evidence="Bought in May.", by=buyer, at=NOW
    )
    assert bid.members.get().operator_country == "DE"

    take_operator_origin(bid=bid, by=buyer, at=NOW)

    taken = bid.members.get()
    assert (taken.operator_country, taken.origin_finding.evidence) == ("CN", "Bought in May.")


def test_the_database_refuses_an_operator_twice_a_role_it_does_not_know_and_a_negative_share(
    bid: Bid, others: dict[str, Supplier]
) -> None:
    rows = {"bid": bid, "supplier": others["Nordmed"], "role": "member"}
    ConsortiumMember.objects.create(**rows)
    for wrong in (rows, rows | {"supplier": others["Obscura"], "role": "leader"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ConsortiumMember.objects.create(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        ConsortiumMember.objects.create(**rows | {"supplier": others["Obscura"], "share": "-0.1"})
