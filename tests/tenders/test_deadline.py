"""The deadline for bids is put off before the opening, and corrected after it where no bid changes sides."""

from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from procurement.ledger.models import Line
from procurement.people.coded_reasons import in_words, reasons_of
from procurement.people.models import User
from procurement.people.refusals import Invalid, Refused
from procurement.registry.models import Supplier
from procurement.tenders.models import Stage, Tender
from procurement.tenders.services import change_deadline, enter_bid, open_bids
from tests.tenders import documents
from tests.tenders.conftest import NOW
from tests.tenders.test_late_bids import ARRIVED, DUE

LATER = DUE + timedelta(hours=1)  # 1 October 2026, 13:00 in Paris
NOON, ONE = "1 October 2026, 12:00", "1 October 2026, 13:00"
WHY = "Answers were sent late."


def change(tender: Tender, due: datetime, by: User, **given: Any) -> None:
    change_deadline(tender=tender, bids_due_at=due, **{"reason": WHY, "by": by, "at": NOW, **given})


@pytest.fixture
def due(published: Tender, supplier: Supplier, buyer: User) -> Tender:
    """A tender opened with its deadline, 1 October 2026, 12:00 in Paris."""
    open_bids(tender=published, by=buyer, at=NOW, bids_due_at=DUE)
    return published


def test_before_the_opening_a_deadline_is_said_and_put_off_with_its_reason(published: Tender, buyer: User) -> None:
    change(published, DUE, buyer)
    change(published, NOW + timedelta(days=7), buyer)

    assert published.bids_due_at == NOW + timedelta(days=7)
    first, second = Line.objects.filter(action="tender.deadline_changed").order_by("sequence")
    assert (first.before, second.before) == ("", first.after)
    with translation.override("en"):
        told = reasons_of([first, second])
    assert told[first.reason] == f"It is 1 October 2026, 12:00: {WHY}"
    assert " and was 1 October 2026, 12:00: " in told[second.reason]


def test_the_opening_keeps_the_deadline_that_was_said_before(published: Tender, buyer: User) -> None:
    change(published, DUE, buyer)
    open_bids(tender=published, by=buyer, at=NOW)

    assert published.bids_due_at == DUE


def test_bids_are_not_opened_before_a_deadline_that_was_put_off(published: Tender, buyer: User) -> None:
    change(published, NOW + timedelta(days=7), buyer)

    with pytest.raises(Invalid, match="is not over yet"):
        open_bids(tender=published, by=buyer, at=NOW)


def test_the_page_of_the_opening_begins_with_the_deadline_that_was_said(
    client: Client, published: Tender, buyer: User
) -> None:
    change(published, DUE, buyer)
    client.force_login(buyer)

    assert 'value="2026-10-01"' in client.get(reverse("tenders:open", args=[published.pk])).content.decode()


def test_after_the_opening_a_deadline_is_corrected_where_every_bid_stays_on_its_side(due: Tender, buyer: User) -> None:
    enter_bid(lot=due.lots.get(), document=ARRIVED, by=buyer, at=NOW)  # received at 14:00 in Paris
    change(due, LATER, buyer)

    assert due.bids_due_at == LATER


def test_what_was_left_unopened_as_late_does_not_come_to_be_in_time(due: Tender, buyer: User) -> None:
    enter_bid(lot=due.lots.get(), document=ARRIVED, by=buyer, at=NOW)

    with pytest.raises(Refused, match=r"received 1 October 2026, 14:00, was left unopened as late: with .* 14:00"):
        change(due, DUE + timedelta(hours=2), buyer)
    due.refresh_from_db()
    assert due.bids_due_at == DUE
    assert Line.objects.filter(action="change_deadline.refused").count() == 1


def test_what_was_opened_does_not_come_to_be_late(due: Tender, buyer: User) -> None:
    bid = enter_bid(lot=due.lots.get(), document=documents.bid(), by=buyer, at=NOW)
    assert bid.submitted_at is not None
    change(due, bid.submitted_at, buyer)

    with pytest.raises(Refused, match=r"was opened: with .* it came too late"):
        change(due, bid.submitted_at - timedelta(seconds=1), buyer)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"reason": " "}, "Write why the deadline changes"),
        ({"due": DUE}, "stands already"),
        ({"due": NOW + timedelta(hours=1)}, "no deadline is later"),
        ({"due": datetime(2025, 10, 1, tzinfo=UTC)}, "before the launch"),
    ],
)
def test_a_deadline_that_cannot_be_is_refused_in_a_sentence(
    due: Tender, buyer: User, changed: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        change(due, **{"due": LATER, "by": buyer, **changed})


def test_the_database_itself_keeps_the_deadline_of_a_decided_procedure(due: Tender) -> None:
    due.lots.update(stage=Stage.AWARDED)
    Tender.objects.filter(pk=due.pk).update(stage=Stage.AWARDED)

    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Tender.objects.filter(pk=due.pk).update(bids_due_at=LATER)


def test_a_draft_has_no_deadline_to_change(draft: Tender, buyer: User) -> None:
    with pytest.raises(Refused, match="from the publication of a procedure until it is decided"):
        change(draft, LATER, buyer)


def test_the_deadline_of_a_decided_procedure_no_longer_changes(due: Tender, buyer: User) -> None:
    Tender.objects.filter(pk=due.pk).update(stage=Stage.AWARDED)

    with pytest.raises(Refused, match="until it is decided"):
        change(due, LATER, buyer)


def test_the_page_reads_the_change_again_before_it_is_recorded(client: Client, due: Tender, buyer: User) -> None:
    client.force_login(buyer)
    url = reverse("tenders:deadline", args=[due.pk])
    assert url in client.get(reverse("tenders:tender", args=[due.pk])).content.decode()
    typed = {"bids_due_at_0": "2026-10-01", "bids_due_at_1": "13:00", "reason": WHY}
    shown = unescape(client.post(url, typed).content.decode())
    assert [text for text in (NOON, ONE, "Read it once more.") if text not in shown] == []
    due.refresh_from_db()
    assert due.bids_due_at == DUE

    client.post(url, {**typed, "confirmed": "yes"})
    due.refresh_from_db()
    assert due.bids_due_at == LATER


def test_the_page_says_which_bid_would_change_sides_and_keeps_what_was_typed(
    client: Client, due: Tender, buyer: User
) -> None:
    enter_bid(lot=due.lots.get(), document=ARRIVED, by=buyer, at=NOW)
    client.force_login(buyer)
    typed = {"bids_due_at_0": "2026-10-01", "bids_due_at_1": "15:00", "reason": WHY}
    shown = unescape(client.post(reverse("tenders:deadline", args=[due.pk]), typed).content.decode())

    assert "The bid of MedTech Loire, received 1 October 2026, 14:00, was left unopened as late" in shown
    assert [text for text in (WHY, 'value="15:00"') if text not in shown] == []
    assert "Record the deadline" not in shown


def test_the_api_changes_a_deadline_with_its_reason(client: Client, due: Tender, buyer: User) -> None:
    client.force_login(buyer)
    url = f"/api/v1/tenders/{due.pk}/deadline/"
    moved = {"bids_due_at": "2026-10-01T11:00:00Z"}
    assert client.post(url, moved, content_type="application/json").status_code == 400
    answer = client.post(url, {**moved, "reason": WHY}, content_type="application/json")

    assert answer.status_code == 200
    due.refresh_from_db()
    assert due.bids_due_at == LATER


def test_a_reason_that_names_no_deadlines_is_told_as_it_is() -> None:
    assert in_words("tender.deadline_changed", "yesterday today: because") == "yesterday today: because"
