"""A later version of a bid is what is scored; the former ones stay readable and hashed."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from procurement.evaluation import services
from procurement.evaluation.case import build
from procurement.evaluation.models import BidVersion
from procurement.evaluation.versions import digest, snapshot
from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.people.refusals import Invalid, Refused
from procurement.tenders import services as tenders
from procurement.tenders.models import Bid, Lot, Stage
from scoring.canonical import sha256
from tests.evaluation.conftest import LATER, NOW
from tests.evaluation.examination import answer, ask, conclude, lot_of, negotiate, offer
from tests.ledger.told import reason_of
from tests.tenders.conftest import problems


@pytest.fixture
def negotiated(buyer: User) -> Lot:
    return lot_of("negotiated", buyer)


@pytest.fixture
def bid(negotiated: Lot) -> Bid:
    return negotiated.bids.get(key="beta")


def test_a_version_takes_the_place_of_the_former_which_stays_with_its_hash(bid: Bid, buyer: User) -> None:
    before = snapshot(bid)

    version = negotiate(bid, buyer)

    bid.refresh_from_db()
    # 100 × 1.80 + 50 × 5.00
    assert bid.price == Decimal("430")
    assert (version.number, version.document, version.sha256) == (1, before, sha256(before))
    line = Line.objects.get(action="bid.version_entered")
    assert (line.before, line.after, reason_of(line)) == (version.sha256, digest(bid), "negotiation: 1")


def test_what_stands_is_what_is_scored(negotiated: Lot, bid: Bid, buyer: User) -> None:
    first = services.score(lot=negotiated, by=buyer, at=NOW)
    negotiate(bid, buyer, at=LATER)

    case = build(negotiated, purpose="award", assessed_on=NOW.date())
    assert next(each for each in case["bids"] if each["id"] == "beta")["price"] == "430"
    with pytest.raises(Refused, match="score the lot again"):
        services.award(
            lot=negotiated, bid=negotiated.bids.get(key="alpha"), sheet=first, reason="First.", by=buyer, at=LATER
        )
    assert services.score(lot=negotiated, by=buyer, at=LATER).number == 2


def test_rounds_follow_each_other_and_each_version_keeps_its_own(bid: Bid, buyer: User) -> None:
    negotiate(bid, buyer)
    negotiate(bid, buyer, 2, document=offer("1.70"))

    assert [(version.number, version.round) for version in bid.former_versions.all()] == [(1, 1), (2, 2)]
    with pytest.raises(Invalid, match="a number from 2 to 99"):
        negotiate(bid, buyer, 1, document=offer("1.60"))
    with pytest.raises(Invalid, match="a number from 2 to 99"):
        negotiate(bid, buyer, 100, document=offer("1.60"))


def test_a_version_may_be_entered_after_a_mistake_of_the_same_round(bid: Bid, buyer: User) -> None:
    negotiate(bid, buyer, document=offer("18.0"))
    negotiate(bid, buyer, document=offer("1.80"))

    assert bid.former_versions.count() == 2


def test_a_version_keeps_the_time_of_receipt_unless_it_has_its_own(bid: Bid, buyer: User) -> None:
    received = bid.submitted_at
    negotiate(bid, buyer)
    bid.refresh_from_db()
    assert bid.submitted_at == received
    negotiate(bid, buyer, 2, document=offer("1.70"), received_at=NOW)
    bid.refresh_from_db()
    assert bid.submitted_at == NOW


@pytest.mark.parametrize("procedure", ["open", "restricted"])
def test_where_nothing_is_negotiated_a_version_comes_only_after_a_request(procedure: str, buyer: User) -> None:
    bid = lot_of(procedure, buyer).bids.get(key="beta")

    with pytest.raises(Refused, match="Nothing is negotiated in this procedure"):
        negotiate(bid, buyer)
    request = ask(bid, buyer)
    with pytest.raises(Refused, match="only a regularisation changes a bid"):
        negotiate(bid, buyer)
    given = {"reason": "regularisation", "regularisation": request, "negotiation_round": None}
    version = negotiate(bid, buyer, **given)
    assert version.regularisation == request
    assert reason_of(Line.objects.get(action="bid.version_entered")).startswith("regularisation: The amount")


def test_a_concluded_request_lets_no_version_in(buyer: User) -> None:
    bid = lot_of("open", buyer).bids.get(key="beta")
    request = ask(bid, buyer)
    answer(request, buyer)
    conclude(request, buyer, True)

    with pytest.raises(Refused, match="Nothing is negotiated"):
        negotiate(bid, buyer, reason="regularisation", regularisation=request, negotiation_round=None)


def test_a_request_to_another_tenderer_lets_no_version_in(negotiated: Lot, bid: Bid, buyer: User) -> None:
    other = ask(negotiated.bids.get(key="alpha"), buyer)

    with pytest.raises(Refused, match="No request to regularise this bid waits"):
        negotiate(bid, buyer, reason="regularisation", regularisation=other, negotiation_round=None)


@pytest.mark.parametrize("procedure", ["negotiated", "adapted"])
def test_negotiation_is_for_the_procedures_that_have_it(procedure: str, buyer: User) -> None:
    assert negotiate(lot_of(procedure, buyer).bids.get(key="beta"), buyer).round == 1


def test_a_version_that_changes_nothing_is_none(bid: Bid, buyer: User) -> None:
    negotiate(bid, buyer)

    with pytest.raises(Refused, match="Nothing changed"):
        negotiate(bid, buyer, 2)
    assert bid.former_versions.count() == 1


@pytest.mark.parametrize(
    ("changes", "pointer", "said"),
    [
        ({"id": "other"}, "/id", "leave this out"),
        ({"supplier": {"name": "MedTech Loire"}}, "/supplier", "leave this out"),
        ({"status": "excluded"}, "/status", "leave this out"),
        ({"submitted_at": "2026-10-01T09:30:00Z"}, "/submitted_at", "leave this out"),
        ({"price": "1.00"}, "/price", "430"),
        ({"lines": [{"id": "masks-2r", "unit_price": "1"}]}, "/lines", "no price: gloves"),
        ({"stated": {"lines": {"gowns": "1"}}}, "/stated/lines/gowns", "no item"),
        ({"colour": "red"}, "/colour", "unknown"),
    ],
)
def test_a_problem_of_a_version_is_said_at_its_place_and_nothing_is_kept(
    bid: Bid, buyer: User, changes: dict[str, Any], pointer: str, said: str
) -> None:
    before = digest(bid)

    with pytest.raises(Invalid) as refusal:
        negotiate(bid, buyer, document=offer(**changes))

    assert said in problems(refusal)[pointer]
    assert digest(bid) == before
    assert not BidVersion.objects.exists()


@pytest.mark.parametrize("document", [None, [], "bid", 7])
def test_what_is_no_document_is_refused(bid: Bid, buyer: User, document: Any) -> None:
    with pytest.raises(Invalid):
        negotiate(bid, buyer, document=document)


def test_a_version_is_not_received_in_the_future_nor_before_the_one_it_replaces(bid: Bid, buyer: User) -> None:
    with pytest.raises(Invalid, match="in the future"):
        negotiate(bid, buyer, received_at=NOW + timedelta(seconds=1))
    assert bid.submitted_at is not None
    with pytest.raises(Invalid, match="before the one it replaces"):
        negotiate(bid, buyer, received_at=bid.submitted_at - timedelta(seconds=1))


@pytest.mark.parametrize(("reason", "number"), [("negotiation", None), ("negotiation", 0), ("whim", None)])
def test_a_version_has_its_reason(bid: Bid, buyer: User, reason: str, number: int | None) -> None:
    with pytest.raises(Invalid):
        negotiate(bid, buyer, reason=reason, negotiation_round=number)


def test_an_excluded_bid_has_no_further_version(bid: Bid, buyer: User) -> None:
    tenders.exclude_bid(bid=bid, ground="irregular", reason="So it was.", by=buyer, at=NOW)

    with pytest.raises(Refused, match="This bid is excluded"):
        negotiate(bid, buyer)


def test_no_version_comes_once_the_prices_of_two_envelopes_are_open(buyer: User) -> None:
    lot = lot_of("negotiated", buyer, two_envelopes=True)
    bid = lot.bids.get(key="beta")
    assert negotiate(bid, buyer).number == 1
    Lot.objects.update(marks_locked_at=NOW)

    with pytest.raises(Refused, match="its prices are open"):
        negotiate(bid, buyer, 2, document=offer("1.70"))


def test_with_one_envelope_prices_are_still_negotiated_after_the_lock(negotiated: Lot, bid: Bid, buyer: User) -> None:
    Lot.objects.update(marks_locked_at=NOW)

    assert negotiate(bid, buyer).number == 1


def test_no_version_comes_after_the_decision_nor_on_a_training_copy(negotiated: Lot, bid: Bid, buyer: User) -> None:
    sheet = services.score(lot=negotiated, by=buyer, at=NOW)
    winner = negotiated.bids.get(key=sheet.sheet["winner"])
    services.award(lot=negotiated, bid=winner, sheet=sheet, reason="First.", by=buyer, at=NOW)
    copy = tenders.copy_for_training(tender=negotiated.tender, by=buyer, at=LATER).lots.get()

    with pytest.raises(Refused, match="decided"):
        negotiate(bid, buyer)
    with pytest.raises(Refused, match="training copy"):
        negotiate(copy.bids.get(key="beta"), buyer)


def test_strangers_and_auditors_enter_no_version(bid: Bid, stranger: User, auditor: User) -> None:
    for reader in (stranger, auditor):
        with pytest.raises(PermissionDenied):
            negotiate(bid, reader)


def test_what_explained_the_former_price_explains_no_other(negotiated: Lot, bid: Bid, buyer: User) -> None:
    given = {"request": "Why so low?", "answer": "Stock.", "conclusion": "accepted"}
    services.explain_abnormally_low(bid=bid, **given, by=buyer, at=NOW)
    case = build(negotiated, purpose="award", assessed_on=NOW.date())
    assert case["facts"]["abnormally_low_explanations"] == ["beta"]

    negotiate(bid, buyer, at=LATER)

    case = build(negotiated, purpose="award", assessed_on=NOW.date())
    assert case["facts"]["abnormally_low_explanations"] == []


def test_a_price_found_abnormally_low_is_not_negotiated_away(bid: Bid, buyer: User) -> None:
    given = {"request": "Why so low?", "answer": "It is.", "conclusion": "rejected"}
    services.explain_abnormally_low(bid=bid, **given, by=buyer, at=NOW)

    with pytest.raises(Refused, match="abnormally low"):
        negotiate(bid, buyer, at=LATER)


def test_stated_amounts_and_evidence_are_those_of_the_version(bid: Bid, buyer: User) -> None:
    negotiate(bid, buyer, document=offer(stated={"total_excl_vat": "431.00"}))
    version = negotiate(bid, buyer, 2, document={**offer("1.70"), "environment": {}})

    assert version.document["stated"] == {"total_excl_vat": "431"}
    assert not bid.stated.exists()
    assert not bid.evidence.exists()


def test_the_database_itself_keeps_former_versions(bid: Bid, buyer: User) -> None:
    negotiate(bid, buyer)

    for sql in ("UPDATE evaluation_bidversion SET number = 2", "DELETE FROM evaluation_bidversion"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_a_lot_under_way_is_one_whose_bids_are_opened(bid: Bid, buyer: User) -> None:
    Lot.objects.update(stage=Stage.PUBLISHED)

    with pytest.raises(Refused, match="not opened yet"):
        negotiate(bid, buyer)
