"""Bids are entered between opening and evaluation, read as scoring will read them, and excluded with a ground."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.people.refusals import Invalid, Refused
from procurement.registry.models import Supplier
from procurement.registry.services import record_operator_origin
from procurement.tenders.models import Bid, BidLine, Lot, Stage, Tender
from procurement.tenders.rules import bid_documents, case_document, facts_of, sha256
from procurement.tenders.services import enter_bid, exclude_bid, take_operator_origin
from scoring import evaluate
from tests.ledger.told import reason_of
from tests.tenders import documents
from tests.tenders.conftest import NOW, problems


def test_a_bid_reads_back_as_a_case_has_it(bid: Bid, lot: Lot) -> None:
    # 100 × 2.005 + 50 × 5.10 = 455.50
    assert bid_documents(lot) == [
        {
            "id": "B1",
            "supplier": {"name": "MedTech Loire", "country": "FR"},
            "submitted_at": "2026-10-01T09:30:00Z",
            "status": "admissible",
            "price": "455.5",
            "lines": [
                {"id": documents.GLOVES, "quantity": "50", "unit_price": "5.1", "origins": []},
                {
                    "id": documents.MASKS,
                    "quantity": "100",
                    "unit_price": "2.005",
                    "origins": [{"country": "FR", "share": "0.7", "assurance": "documented"}],
                },
            ],
            "environment": {"carbon": {"value": "2.5", "assurance": "verified"}},
        }
    ]


def test_the_rows_of_a_lot_make_a_case_that_scores(bid: Bid, lot: Lot) -> None:
    marked = [{**document, "marks": {"quality": "8", "carbon": "5"}} for document in bid_documents(lot)]
    case = case_document(
        rules=lot.rules, policy_document=None, bids=marked, facts=facts_of(lot), assessed_on=NOW.date()
    )

    sheet = evaluate(case)

    assert (sheet["winner"], sheet["ranking"][0]["total"]) == ("B1", "94.00")


def test_what_the_procedure_knows_is_told_as_facts(lot: Lot) -> None:
    assert facts_of(lot) == {
        "buyer_category": "sub_central",
        "ipi_announced": False,
        "ipi_exception": None,
        "published_policy": None,
    }
    lot.tender.ipi_announced = None
    assert "ipi_announced" not in facts_of(lot)


def test_entering_a_bid_is_recorded_with_its_digest(bid: Bid, lot: Lot) -> None:
    assert Line.objects.get(action="bid.entered").after == sha256(bid_documents(lot)[0])


def test_a_bid_may_give_one_price_for_the_whole(lot: Lot, supplier: Supplier, buyer: User) -> None:
    document = documents.bid(price="499.99")
    del document["lines"]

    bid = enter_bid(lot=lot, document=document, by=buyer, at=NOW)

    assert bid.price == Decimal("499.99")


def test_an_excluded_bid_needs_nothing_but_its_ground_and_reason(lot: Lot, supplier: Supplier, buyer: User) -> None:
    document = {
        "id": "B1",
        "supplier": {"name": "MedTech Loire", "country": "FR"},
        "status": "excluded",
        "exclusion": "late",
        "exclusion_reason": "Received two hours after the deadline.",
    }

    enter_bid(lot=lot, document=document, by=buyer, at=NOW)

    assert bid_documents(lot)[0]["exclusion_reason"] == "Received two hours after the deadline."


@pytest.mark.parametrize(
    ("changes", "pointer", "said"),
    [
        ({"id": "first bid"}, "/id", "letters, digits"),
        ({"supplier": {"name": "Nobody"}}, "/supplier/name", "register it first"),
        ({"supplier": {"name": "MedTech Loire", "country": "CN"}}, "/supplier/country", "register"),
        ({"submitted_at": "2026-10-01 09:30"}, "/submitted_at", "YYYY-MM-DDThh:mm:ssZ"),
        ({"price": "455.51"}, "/price", "455.50"),
        ({"price": 455.5}, "/price", "strings"),
        ({"lines": [{"id": "gowns", "unit_price": "1"}]}, "/lines/0/id", "no item"),
        ({"lines": [{"id": documents.MASKS, "unit_price": "1"}]}, "/lines", "no price: gloves"),
        ({"lines": [{"id": documents.MASKS, "unit_price": "-1"}]}, "/lines/0/unit_price", "at least 0"),
        (
            {"lines": [{"id": documents.MASKS, "unit_price": "1", "quantity": "99"}]},
            "/lines/0/quantity",
            "sum of the needs, 100",
        ),
        ({"environment": {"carbon": {"value": ""}}}, "/environment/carbon/value", "1 to 120"),
        ({"environment": {"carbon footprint": {"value": "1"}}}, "/environment/carbon footprint", "letters"),
        ({"status": "excluded"}, "/exclusion", "ground"),
        (
            {"status": "excluded", "exclusion": "abnormally_low", "exclusion_reason": "Too cheap."},
            "/exclusion",
            "inappropriate",
        ),
        ({"exclusion": "late", "exclusion_reason": "Late."}, "/exclusion", "Only a bid"),
        ({"marks": {"quality": "10"}}, "/marks", "unknown"),
    ],
)
def test_a_problem_is_said_in_one_sentence_at_its_place(
    lot: Lot, supplier: Supplier, buyer: User, changes: dict[str, Any], pointer: str, said: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        enter_bid(lot=lot, document=documents.bid(**changes), by=buyer, at=NOW)

    assert said in problems(refusal)[pointer]
    assert not Bid.objects.exists()


@pytest.mark.parametrize(
    ("lines", "pointer"),
    [
        ([{"id": documents.MASKS, "unit_price": "1"}] * 2 + [{"id": documents.GLOVES, "unit_price": "1"}], "/lines/1"),
        (
            [
                {"id": documents.MASKS, "unit_price": "1", "origins": [{"country": "FR", "share": "1.01"}]},
                {"id": documents.GLOVES, "unit_price": "1"},
            ],
            "/lines/0/origins",
        ),
    ],
)
def test_what_scoring_refuses_is_refused_at_the_place_it_stands(
    lot: Lot, supplier: Supplier, buyer: User, lines: list[Any], pointer: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        enter_bid(lot=lot, document=documents.bid(lines=lines), by=buyer, at=NOW)

    assert all(found.startswith(pointer) for found in problems(refusal))
    assert not BidLine.objects.exists()


def test_a_tenderer_bids_once_and_an_id_names_one_bid(bid: Bid, lot: Lot, buyer: User) -> None:
    with pytest.raises(Invalid) as refusal:
        enter_bid(lot=lot, document=documents.bid(), by=buyer, at=NOW)

    assert set(problems(refusal)) == {"/id", "/supplier/name"}


def test_no_bid_before_the_opening(published: Tender, supplier: Supplier, buyer: User) -> None:
    with pytest.raises(Refused, match="not opened yet"):
        enter_bid(lot=published.lots.get(), document=documents.bid(), by=buyer, at=NOW)


def test_no_bid_once_the_lot_is_evaluated(lot: Lot, supplier: Supplier, buyer: User) -> None:
    Lot.objects.update(stage=Stage.EVALUATED)

    with pytest.raises(Refused, match="already evaluated"):
        enter_bid(lot=lot, document=documents.bid(), by=buyer, at=NOW)


def test_a_bid_that_is_excluded_still_comes_in_until_the_lot_is_decided(
    lot: Lot, supplier: Supplier, buyer: User
) -> None:
    unsigned = documents.bid(status="excluded", exclusion="irregular", exclusion_reason="Not signed.")
    Lot.objects.update(stage=Stage.EVALUATED)

    assert enter_bid(lot=lot, document=unsigned, by=buyer, at=NOW).exclusion == "irregular"
    Lot.objects.update(stage=Stage.AWARDED)

    with pytest.raises(Refused, match="is decided"):
        enter_bid(lot=lot, document={**unsigned, "id": "B2"}, by=buyer, at=NOW)


def test_strangers_enter_and_exclude_nothing(bid: Bid, lot: Lot, stranger: User) -> None:
    with pytest.raises(PermissionDenied):
        enter_bid(lot=lot, document=documents.bid(id="B2"), by=stranger, at=NOW)
    with pytest.raises(PermissionDenied):
        exclude_bid(bid=bid, ground="late", reason="Late.", by=stranger, at=NOW)
    with pytest.raises(PermissionDenied):
        take_operator_origin(bid=bid, by=stranger, at=NOW)


def test_an_excluded_bid_stays_with_its_ground_and_reason(bid: Bid, lot: Lot, buyer: User) -> None:
    exclude_bid(bid=bid, ground="irregular", reason="The certificate is missing.", by=buyer, at=NOW)

    assert (bid.status, bid.exclusion) == ("excluded", "irregular")
    assert bid_documents(lot)[0]["status"] == "excluded"
    line = Line.objects.get(action="bid.excluded")
    assert (reason_of(line), line.after) == ("irregular: The certificate is missing.", sha256(bid_documents(lot)[0]))
    with pytest.raises(Refused, match="already"):
        exclude_bid(bid=bid, ground="late", reason="Late.", by=buyer, at=NOW)


@pytest.mark.parametrize(("ground", "reason"), [("ugly", "Ugly."), ("late", "   ")])
def test_an_exclusion_has_a_known_ground_and_a_reason(bid: Bid, buyer: User, ground: str, reason: str) -> None:
    with pytest.raises(Invalid):
        exclude_bid(bid=bid, ground=ground, reason=reason, by=buyer, at=NOW)

    assert Bid.objects.get().status == "admissible"


def test_nothing_of_a_bid_changes_after_the_decision(bid: Bid, buyer: User) -> None:
    Lot.objects.update(stage=Stage.AWARDED)

    with pytest.raises(Refused, match="decided"):
        exclude_bid(bid=bid, ground="late", reason="Late.", by=buyer, at=NOW)
    with pytest.raises(Refused, match="decided"):
        take_operator_origin(bid=bid, by=buyer, at=NOW)


def test_another_hospitals_record_of_an_origin_moves_no_bid_until_its_buyer_takes_it(
    bid: Bid, lot: Lot, supplier: Supplier, stranger: User, buyer: User
) -> None:
    record_operator_origin(supplier=supplier, country="CN", basis="influence", by=stranger, at=NOW)
    assert bid_documents(lot)[0]["supplier"]["country"] == "FR"

    take_operator_origin(bid=bid, by=buyer, at=NOW)

    assert bid_documents(lot)[0]["supplier"]["country"] == "CN"
    line = Line.objects.get(action="bid.origin_taken")
    assert line.before != line.after == sha256(bid_documents(lot)[0])


def test_reading_bids_takes_the_same_queries_for_one_and_for_ten(
    bid: Bid, lot: Lot, buyer: User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(7):
        bid_documents(lot)
    for number in range(2, 11):
        Supplier.objects.create(name=f"Supplier {number}")
        document = documents.bid(id=f"B{number}", supplier={"name": f"Supplier {number}"})
        enter_bid(lot=lot, document=document, by=buyer, at=NOW)
    with django_assert_num_queries(7):
        assert len(bid_documents(lot)) == 10
