"""The country a case gives to a bid that several operators make, and what pages say of them."""

from decimal import Decimal
from typing import Any

import pytest

from procurement.people.models import User
from procurement.registry.models import Supplier
from procurement.registry.services import record_operator_origin, register_supplier
from procurement.tenders.models import Bid, Lot
from procurement.tenders.operators import measured_countries
from procurement.tenders.partners import operators, remarks, remarks_on, takers_of
from procurement.tenders.rules import bid_documents
from procurement.tenders.services import (
    copy_for_training,
    draft_tender,
    enter_bid,
    open_bids,
    publish,
    record_members,
    settle,
)
from tests.tenders import documents
from tests.tenders.conftest import NOW
from tests.tenders.consortia import entered, member, others, together

__all__ = ["others"]
MEASURED = {"reference": "2026-024", "cpv": "33157400", "estimated_value": "6000000", "ipi_announced": True}


def opened_lot(by: User, **changes: Any) -> Lot:
    tender = draft_tender(document=documents.tender(**MEASURED | changes), by=by, at=NOW)
    publish(tender=tender, by=by, at=NOW)
    open_bids(tender=tender, by=by, at=NOW)
    return tender.lots.get()


@pytest.fixture
def measured(buyer: User) -> Lot:
    """An opened lot that the measure on medical devices from China reaches."""
    return opened_lot(buyer)


def country(lot: Lot) -> str | None:
    return bid_documents(lot)[0]["supplier"]["country"]


def said(lot: Lot) -> str:
    """What is remarkable of the bids that somebody makes with others."""
    return " ".join(sentence for _bid, sentences in remarks_on(lot) for sentence in sentences)


@pytest.mark.parametrize(
    ("leader", "members", "expected"),
    [
        ("FR", ["Nordmed"], "FR"),
        ("FR", ["Huaxia Imaging"], "CN"),
        ("FR", ["Nordmed", "Huaxia Imaging"], "CN"),
        ("FR", ["Obscura"], None),
        ("FR", ["Obscura", "Huaxia Imaging"], "CN"),
        ("CN", ["Nordmed"], "CN"),
        ("CN", ["Obscura"], "CN"),
        ("", ["Nordmed"], None),
        ("", ["Huaxia Imaging"], "CN"),
        ("", [], None),
        ("FR", [], "FR"),
    ],
)
def test_where_the_measure_may_apply_no_leader_hides_a_member(
    measured: Lot, others: dict[str, Supplier], buyer: User, leader: str, members: list[str], expected: str | None
) -> None:
    basis = "constitution" if leader else ""
    register_supplier(name="MedTech Loire", operator_country=leader, operator_origin_basis=basis, by=buyer)

    entered(measured, buyer, *(member(name) for name in members))

    assert country(measured) == expected


def test_a_subcontractor_makes_no_bid_and_does_not_give_it_its_country(
    measured: Lot, supplier: Supplier, others: dict[str, Supplier], buyer: User
) -> None:
    entered(measured, buyer, member("Huaxia Imaging", "subcontractor", "0.2"))

    assert country(measured) == "FR"
    assert said(measured) == ""


@pytest.mark.parametrize(
    "changes",
    [{"cpv": "33600000"}, {"estimated_value": "4999999.99"}, {"launched_on": "2025-06-29", "ipi_announced": False}],
)
def test_outside_the_measure_the_leader_stands_for_the_group(
    supplier: Supplier, others: dict[str, Supplier], buyer: User, changes: dict[str, Any]
) -> None:
    lot = opened_lot(buyer, **changes)
    entered(lot, buyer, member("Huaxia Imaging"), member("Obscura"))

    assert (measured_countries(lot), country(lot), said(lot)) == ((), "FR", "")


def test_an_estimated_value_nobody_gave_may_be_one_the_measure_reaches(
    supplier: Supplier, others: dict[str, Supplier], buyer: User
) -> None:
    lot = opened_lot(buyer, estimated_value=None)
    entered(lot, buyer, member("Huaxia Imaging"))

    assert country(lot) == "CN"


def test_the_page_says_whose_origin_the_bid_is_judged_with(
    measured: Lot, supplier: Supplier, others: dict[str, Supplier], buyer: User
) -> None:
    entered(measured, buyer, member("Huaxia Imaging"), member("Nordmed"))

    assert "counts as originating in China (CN): Huaxia Imaging, in the consortium" in said(measured)
    assert "Nordmed" not in said(measured)


def test_the_page_names_everyone_whose_origin_is_unknown(
    measured: Lot, others: dict[str, Supplier], buyer: User
) -> None:
    register_supplier(name="MedTech Loire", by=buyer)
    entered(measured, buyer, member("Obscura"))

    assert "The origin of MedTech Loire, Obscura is unknown" in said(measured)


@pytest.mark.parametrize(
    ("share", "sentence"),
    [("0.5", ""), ("0.500001", "would be subcontracted to Huaxia Imaging"), (None, "is not stated"), ("0", "")],
)
def test_what_is_subcontracted_to_the_measured_country_is_held_against_the_cap(
    measured: Lot,
    supplier: Supplier,
    others: dict[str, Supplier],
    buyer: User,
    share: str | None,
    sentence: str,
) -> None:
    entered(
        measured, buyer, member("Huaxia Imaging", "subcontractor", share), member("Nordmed", "subcontractor", "0.4")
    )

    assert (sentence in said(measured)) if sentence else not said(measured)
    assert "Nordmed" not in said(measured)


def test_parts_subcontracted_to_several_operators_of_the_country_add_up(
    measured: Lot, supplier: Supplier, others: dict[str, Supplier], buyer: User
) -> None:
    register_supplier(name="Ningbo", operator_country="CN", operator_origin_basis="constitution", by=buyer)
    parts = [member("Huaxia Imaging", "subcontractor", "0.3"), member("Ningbo", "subcontractor", "0.3")]
    entered(measured, buyer, *parts)

    assert "60% would be subcontracted to Huaxia Imaging, Ningbo" in said(measured)


def test_whoever_takes_part_in_two_bids_is_pointed_out(
    lot: Lot, supplier: Supplier, others: dict[str, Supplier], buyer: User
) -> None:
    entered(lot, buyer, member("Nordmed"), member("Obscura", "subcontractor"))
    for name in ("Nordmed", "Obscura"):
        alone = documents.bid(id=name, supplier={"name": name})
        enter_bid(lot=lot, document=alone, by=buyer, at=NOW)

    assert "Nordmed takes part in another bid" in said(lot)
    assert "Obscura" not in said(lot), "a subcontractor may serve several tenderers"
    rival = Bid.objects.with_lines().get(supplier__name="Nordmed")
    assert "Nordmed takes part in another bid" in " ".join(remarks(rival, takers_of(lot)))


def test_the_page_of_a_bid_shows_what_the_register_has_by_now(
    lot: Lot, supplier: Supplier, others: dict[str, Supplier], buyer: User
) -> None:
    entered(lot, buyer, member("Nordmed", share="0.25"))
    record_operator_origin(supplier=others["Nordmed"], country="", basis="", by=buyer, at=NOW)

    leader, second = operators(Bid.objects.with_lines().get())

    assert (leader.role, leader.country, leader.newer) == ("leader of the consortium", "FR", None)
    assert leader.share == Decimal("0.75"), "what the member leaves"
    assert (second.country, second.evidence, second.newer) == ("DE", "Extract of Nordmed.", "")


def test_the_part_of_a_leader_is_unknown_where_a_member_does_not_state_its_own(
    lot: Lot, supplier: Supplier, others: dict[str, Supplier], buyer: User
) -> None:
    entered(lot, buyer, member("Nordmed", share="0.25"), member("Obscura"))

    assert operators(Bid.objects.with_lines().get())[0].share is None


def test_a_tenderer_alone_is_no_leader_whoever_it_subcontracts_to(
    lot: Lot, supplier: Supplier, others: dict[str, Supplier], buyer: User
) -> None:
    entered(lot, buyer, member("Nordmed", "subcontractor", "0.25"))

    alone = operators(Bid.objects.with_lines().get())[0]
    assert (alone.role, alone.share) == ("tenderer", None)


def test_a_training_copy_has_the_members_too(
    measured: Lot, supplier: Supplier, others: dict[str, Supplier], buyer: User
) -> None:
    bid = entered(measured, buyer, member("Huaxia Imaging", share="0.3"), form="several")
    Lot.objects.filter(pk=measured.pk).update(stage="without_follow_up")
    settle(measured.tender)

    copied = copy_for_training(tender=measured.tender, by=buyer, at=NOW).lots.get().bids.get()

    assert (copied.consortium, copied.members.get().supplier) == ("several", bid.members.get().supplier)
    assert copied.members.get().origin_finding == bid.members.get().origin_finding


def test_reading_consortia_takes_the_same_queries_for_one_and_for_ten(
    measured: Lot, supplier: Supplier, others: dict[str, Supplier], buyer: User, queries: Any
) -> None:
    bid = entered(measured, buyer, member("Huaxia Imaging"))
    before = [queries(lambda: bid_documents(measured)), queries(lambda: remarks_on(measured))]
    record_members(bid=bid, document=together(*(member(name) for name in others)), by=buyer, at=NOW)
    for number in range(9):
        Supplier.objects.create(name=f"Supplier {number}")
        names = together(*(member(name) for name in others))
        document = documents.bid(id=f"B{number}{number}", supplier={"name": f"Supplier {number}"}, consortium=names)
        enter_bid(lot=measured, document=document, by=buyer, at=NOW)

    assert [queries(lambda: bid_documents(measured)), queries(lambda: remarks_on(measured))] == before
