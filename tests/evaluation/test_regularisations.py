"""An irregular bid may be mended when its tenderer is asked to; what is asked, answered and concluded is kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from procurement.evaluation import services
from procurement.evaluation.models import Regularisation, RegularisationConclusion, ScoreSheet
from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.people.refusals import Invalid, Refused
from procurement.tenders import services as tenders
from procurement.tenders.models import Bid, Lot, Stage
from tests.evaluation.conftest import LATER, NOW
from tests.evaluation.examination import AFTER, DUE, SENT, answer, ask, conclude
from tests.ledger.told import reason_of


@pytest.fixture
def bid(lot: Lot) -> Bid:
    return lot.bids.get(key="beta")


def test_a_request_says_what_is_wrong_what_is_asked_and_until_when(bid: Bid, buyer: User) -> None:
    request = ask(bid, buyer)

    line = Line.objects.get(action="bid.regularisation_requested")
    assert (request.sent_at, request.due_at) == (SENT, DUE)
    assert reason_of(line) == "The amount of the masks is not quantity × unit price."
    assert line.object == f"tenders.Bid:{bid.pk}"
    assert line.after


def test_a_bid_that_was_mended_stays_and_is_judged(bid: Bid, buyer: User) -> None:
    request = ask(bid, buyer)
    answer(request, buyer)
    conclude(request, buyer, True)

    bid.refresh_from_db()
    assert bid.status == "admissible"
    assert RegularisationConclusion.objects.get().regularised
    assert Line.objects.filter(action="bid.regularisation_concluded").count() == 1


def test_a_bid_that_was_not_mended_is_excluded_as_irregular_with_the_reason(bid: Bid, buyer: User) -> None:
    request = ask(bid, buyer)
    conclude(request, buyer, False, at=AFTER, reason="Nothing came in time.")

    bid.refresh_from_db()
    assert (bid.status, bid.exclusion, bid.exclusion_reason) == ("excluded", "irregular", "Nothing came in time.")
    assert Line.objects.filter(action="bid.excluded").count() == 1


def test_while_the_tenderer_may_still_answer_nothing_is_concluded(bid: Bid, buyer: User) -> None:
    request = ask(bid, buyer)

    with pytest.raises(Refused, match="may still answer until 5 November 2026, 10:00"):
        conclude(request, buyer, False)
    with pytest.raises(Refused, match="Nothing came yet"):
        conclude(request, buyer, True, at=AFTER)


def test_a_late_answer_is_kept_and_said_to_be_late(bid: Bid, buyer: User) -> None:
    request = ask(bid, buyer)
    answer(request, buyer, at=AFTER)

    assert [came.late for came in request.answers.all()] == [True]


def test_what_is_concluded_takes_no_answer_and_no_other_conclusion(bid: Bid, buyer: User) -> None:
    request = ask(bid, buyer)
    answer(request, buyer)
    conclude(request, buyer, True)

    with pytest.raises(Refused, match="is concluded"):
        answer(request, buyer)
    with pytest.raises(Refused, match="is concluded"):
        conclude(request, buyer, False)
    assert ask(bid, buyer).pk != request.pk, "something else may be asked afterwards"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"irregularity": "  "}, "what makes the bid irregular"),
        ({"asked": ""}, "what the tenderer is asked"),
        ({"due_at": SENT}, "leave the tenderer an appropriate time"),
        ({"sent_at": NOW + timedelta(minutes=1)}, "still to come"),
    ],
)
def test_a_request_that_cannot_be_is_refused_in_one_sentence(
    bid: Bid, buyer: User, changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        ask(bid, buyer, **changes)

    assert not Regularisation.objects.exists()


def test_an_answer_comes_after_its_request_and_not_in_the_future(bid: Bid, buyer: User) -> None:
    request = ask(bid, buyer)

    with pytest.raises(Invalid, match="before the request was sent"):
        answer(request, buyer, received_at=SENT - timedelta(minutes=1))
    with pytest.raises(Invalid, match="still to come"):
        answer(request, buyer, received_at=AFTER)
    with pytest.raises(Invalid, match="Write what came"):
        answer(request, buyer, text=" ")


@pytest.mark.parametrize("ground", ["late", "irregular", "unacceptable", "inappropriate"])
def test_an_excluded_bid_is_not_regularised(bid: Bid, buyer: User, ground: str) -> None:
    tenders.exclude_bid(bid=bid, ground=ground, reason="So it was.", by=buyer, at=NOW)

    with pytest.raises(Refused, match="is excluded"):
        ask(bid, buyer)


def test_a_bid_whose_price_was_found_abnormally_low_is_not_regularised(bid: Bid, buyer: User) -> None:
    given = {"request": "Why so low?", "answer": "It is.", "conclusion": "rejected"}
    services.explain_abnormally_low(bid=bid, **given, by=buyer, at=NOW)

    with pytest.raises(Refused, match="abnormally low"):
        ask(bid, buyer)


def test_one_request_at_a_time_waits_for_a_bid(bid: Bid, buyer: User) -> None:
    ask(bid, buyer)

    with pytest.raises(Refused, match="waits already"):
        ask(bid, buyer)


def test_a_bid_excluded_meanwhile_is_not_regular_any_more(bid: Bid, buyer: User) -> None:
    request = ask(bid, buyer)
    answer(request, buyer)
    tenders.exclude_bid(bid=bid, ground="inappropriate", reason="Another product.", by=buyer, at=NOW)

    with pytest.raises(Refused, match="excluded in the meantime"):
        conclude(request, buyer, True)
    conclude(request, buyer, False)
    bid.refresh_from_db()
    assert bid.exclusion == "inappropriate", "its ground stays what it was"


def test_no_lot_is_awarded_while_a_request_waits(
    lot: Lot, sheet: ScoreSheet, award: Any, bid: Bid, buyer: User
) -> None:
    request = ask(bid, buyer)

    with pytest.raises(Refused, match="conclude that first") as refusal:
        award()
    assert refusal.value.details == [{"message": "Nordmed"}]
    answer(request, buyer)
    conclude(request, buyer, True)
    assert award().bid is not None


def test_nothing_is_asked_answered_or_concluded_after_the_decision(bid: Bid, buyer: User) -> None:
    request = ask(bid, buyer)
    Lot.objects.update(stage=Stage.AWARDED)

    with pytest.raises(Refused, match="decided"):
        ask(bid, buyer)
    with pytest.raises(Refused, match="decided"):
        answer(request, buyer)
    with pytest.raises(Refused, match="decided"):
        conclude(request, buyer, True)


def test_a_training_copy_asks_nobody_anything(lot: Lot, bid: Bid, buyer: User, award: Any) -> None:
    award()
    copy = tenders.copy_for_training(tender=lot.tender, by=buyer, at=LATER).lots.get()

    with pytest.raises(Refused, match="training copy"):
        ask(copy.bids.get(key="beta"), buyer)


def test_strangers_and_auditors_ask_nothing(bid: Bid, stranger: User, auditor: User, buyer: User) -> None:
    request = ask(bid, buyer)
    for reader in (stranger, auditor):
        with pytest.raises(PermissionDenied):
            ask(bid, reader)
        with pytest.raises(PermissionDenied):
            answer(request, reader)
        with pytest.raises(PermissionDenied):
            conclude(request, reader, True)


@pytest.mark.parametrize("table", ["regularisation", "regularisationanswer", "regularisationconclusion"])
def test_the_database_itself_keeps_what_was_asked_answered_and_concluded(bid: Bid, buyer: User, table: str) -> None:
    request = ask(bid, buyer)
    answer(request, buyer)
    conclude(request, buyer, True)

    for sql in (f"UPDATE evaluation_{table} SET id = id", f"DELETE FROM evaluation_{table}"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
