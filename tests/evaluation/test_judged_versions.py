"""What a panel is told of bids that change while it judges, and what comes in once its marks are locked."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from procurement.evaluation import services
from procurement.people.models import Hospital, User
from procurement.people.refusals import Refused
from procurement.tenders import services as tenders
from procurement.tenders.models import Bid, Lot
from tests.evaluation.conftest import LATER, NOW
from tests.evaluation.examination import ask, negotiate, offer
from tests.evaluation.panels import Judged, agree, declare, give, give_all, judged, locked, registered
from tests.evaluation.test_pages import as_
from tests.evaluation.test_panel_pages import of_lot, own, read
from tests.tenders import documents

TOLD = "The bid changed since this mark"


@pytest.fixture
def case(buyer: User, hospital: Hospital) -> Judged:
    found = judged(buyer, hospital, anonymous=True, two_envelopes=True, procedure="negotiated")
    for member in found.members:
        declare(found, member)
    return found


def late(**changes: Any) -> dict[str, Any]:
    excluded = {"status": "excluded", "exclusion": "late", "exclusion_reason": "Two hours after the deadline."}
    return {"supplier": {"name": "Delta Care"}, **excluded, **changes}


def test_a_mark_on_a_version_that_was_replaced_says_so_to_who_gave_it_and_to_the_buyer(case: Judged) -> None:
    ana, ben, _cleo = case.members
    give_all(case, ana, "3")
    agree(case, "3", bid="beta")
    assert TOLD not in read(ana, own(case))

    negotiate(case.lot.bids.get(key="beta"), case.buyer, at=LATER)

    assert read(ana, own(case)).count(TOLD) == 2, "on its two criteria"
    assert TOLD not in read(ben, own(case)), "who has given no mark yet judges the bid as it is"
    assert read(case.buyer, of_lot(case, "agree")).count(TOLD) == 1


def test_the_page_of_a_member_tells_no_price_of_a_version(case: Judged) -> None:
    ana = case.members[0]
    give(case, ana, "3", bid="beta")
    negotiate(case.lot.bids.get(key="beta"), case.buyer, document=offer("271.82", "31.41"), at=LATER)

    shown = read(ana, own(case))

    assert TOLD in shown
    for secret in ("271.82", "31.41", "28752.50", "Nordmed"):
        assert secret not in shown


def test_a_mark_given_again_is_of_the_bid_as_it_is(case: Judged) -> None:
    ana = case.members[0]
    give(case, ana, "3", bid="beta")
    bid = case.lot.bids.get(key="beta")
    negotiate(bid, case.buyer, at=LATER)
    again = services.Given(bid, case.lot.criteria.get(key="quality"), Decimal(4), "The new offer was read.")
    services.give_marks(lot=case.lot, given=[again], by=ana, at=LATER.replace(hour=10))

    assert TOLD not in read(ana, own(case))


def test_a_member_opens_no_page_of_the_examination(case: Judged) -> None:
    negotiate(case.lot.bids.get(key="beta"), case.buyer)
    request = ask(case.lot.bids.get(key="beta"), case.buyer)
    client = as_(case.members[0])
    for name, more in [
        ("bid", []),
        ("version", [1]),
        ("enter_version", []),
        ("version_schedule", []),
        ("regularise", []),
        ("answer_regularisation", [request.pk]),
        ("conclude_regularisation", [request.pk]),
    ]:
        answer = client.get(reverse(f"evaluation:{name}", args=[case.lot.pk, "beta", *more]))
        assert answer.status_code == 403
        assert "Nordmed" not in answer.content.decode()


def test_the_marks_are_not_locked_while_a_tenderer_is_asked_to_mend_its_bid(case: Judged) -> None:
    ask(case.lot.bids.get(key="beta"), case.buyer)

    with pytest.raises(Refused, match="conclude that first"):
        services.lock_marks(lot=case.lot, by=case.buyer, at=NOW)


def test_after_the_lock_no_bid_comes_in_that_would_have_to_be_marked(buyer: User, hospital: Hospital) -> None:
    case = judged(buyer, hospital)
    locked(case)
    registered("Delta Care", buyer)
    document = documents.bid(id="delta", supplier={"name": "Delta Care"})

    with pytest.raises(Refused, match=r"would never be marked.*end it without follow-up"):
        tenders.enter_bid(lot=case.lot, document=document, by=buyer, at=NOW)
    bid = tenders.enter_bid(lot=case.lot, document=late(), by=buyer, at=NOW)

    assert bid.exclusion == "late"
    sheet = services.score(lot=case.lot, by=buyer, at=NOW)
    assert {"bid": bid.key, "reason": "excluded"} in sheet.sheet["excluded"]
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Lot.objects.filter(pk=case.lot.pk).update(marks_locked_at=None)


@pytest.mark.parametrize("ground", ["late", "irregular", "unacceptable", "inappropriate"])
def test_an_excluded_bid_stays_visible_with_ground_and_reason_everywhere(
    buyer: User, hospital: Hospital, ground: str
) -> None:
    case = judged(buyer, hospital)
    locked(case)
    registered("Delta Care", buyer)
    tenders.enter_bid(lot=case.lot, document=late(exclusion=ground), by=buyer, at=NOW)
    label = str(Bid.Exclusion(ground).label)

    listed = read(buyer, of_lot(case, "lot"))
    sheet = services.score(lot=case.lot, by=buyer, at=NOW)
    ranked = read(buyer, of_lot(case, "lot"))
    table = read(buyer, reverse("evaluation:ranking_csv", args=[case.lot.pk, sheet.number]))

    for shown in (listed, ranked, table):
        assert "Delta Care" in shown
        assert "Two hours after the deadline." in shown
        assert label.lower() in shown.lower()
