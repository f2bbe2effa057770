"""Marks: between 0 and the highest mark, on admissible bids, recorded with what they were before."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from procurement.evaluation import services
from procurement.evaluation.models import Decision, Mark, MarkVersion
from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.people.refusals import Invalid, Refused, Stale
from procurement.tenders import services as tenders
from procurement.tenders.models import Criterion, Lot, Stage
from tests.evaluation.conftest import LATER, NOW, OFFERS, enter, published_lot
from tests.evaluation.test_pages import as_
from tests.tenders import documents


def give(lot: Lot, by: User, value: Any, *, criterion: str = "quality", bid: str = "beta") -> Mark:
    return services.mark(
        bid=lot.bids.get(key=bid),
        criterion=lot.criteria.get(key=criterion),
        value=Decimal(value),
        reason="Tried by the ward.",
        by=by,
        at=LATER,
    )


def test_a_mark_is_changed_with_its_digests_before_and_after(lot: Lot, buyer: User) -> None:
    first = give(lot, buyer, "7.5")
    last = give(lot, buyer, "6.25")

    assert (first.pk, Mark.objects.get(pk=last.pk).value) == (last.pk, Decimal("6.25"))
    lines = Line.objects.filter(action="bid.marked").order_by("-sequence")[:2]
    assert lines[0].before == lines[1].after != lines[0].after


@pytest.mark.parametrize("value", ["-0.01", "10.01", "NaN", "Infinity"])
def test_a_mark_beyond_the_scale_is_refused(lot: Lot, buyer: User, value: str) -> None:
    with pytest.raises(Invalid, match="from 0 to 10"):
        give(lot, buyer, value)
    assert lot.bids.get(key="beta").marks.get(criterion__key="quality").value == Decimal("7")


def test_a_mark_with_too_many_digits_is_refused(lot: Lot, buyer: User) -> None:
    with pytest.raises(Invalid, match="too many digits"):
        give(lot, buyer, "7.1234567890123")


def test_the_price_takes_no_mark(lot: Lot, buyer: User) -> None:
    with pytest.raises(Invalid, match="takes no mark"):
        give(lot, buyer, "5", criterion="price")


def test_an_excluded_bid_gets_no_marks(lot: Lot, buyer: User) -> None:
    tenders.exclude_bid(bid=lot.bids.get(key="beta"), ground="late", reason="One hour late.", by=buyer, at=NOW)

    with pytest.raises(Invalid, match="This bid is excluded"):
        give(lot, buyer, "5")


def test_a_criterion_of_another_lot_is_refused(lot: Lot, buyer: User) -> None:
    criterion = tenders.copy_for_training(tender=lot.tender, by=buyer, at=NOW).lots.get().criteria.get(key="quality")

    with pytest.raises(Invalid, match="not one of this lot"):
        services.mark(
            bid=lot.bids.get(key="beta"), criterion=criterion, value=Decimal(5), reason="Tried.", by=buyer, at=NOW
        )


def test_marks_are_given_between_the_opening_and_the_decision(lot: Lot, buyer: User) -> None:
    Lot.objects.update(stage=Stage.PUBLISHED)
    with pytest.raises(Refused, match="not opened"):
        give(lot, buyer, "5")
    Lot.objects.update(stage=Stage.AWARDED)
    with pytest.raises(Refused, match="is decided"):
        give(lot, buyer, "5")


def test_another_hospital_gives_no_marks(lot: Lot, stranger: User) -> None:
    with pytest.raises(PermissionDenied):
        give(lot, stranger, "5")


def test_a_training_copy_takes_the_marks_of_its_decided_original(lot: Lot, decision: Decision, buyer: User) -> None:
    copy = tenders.copy_for_training(tender=lot.tender, by=buyer, at=LATER).lots.get()

    assert services.take_marks(lot=copy, by=buyer, at=LATER) == 6
    assert services.take_marks(lot=copy, by=buyer, at=LATER) == 0
    values = [
        list(rows.values_list("bid__key", "criterion__key", "value").order_by("bid__key", "criterion__key"))
        for rows in (Mark.objects.filter(bid__lot=copy), Mark.objects.filter(bid__lot=lot))
    ]
    assert values[0] == values[1]


def test_marks_that_were_taken_leave_the_versions_that_typed_ones_do(
    lot: Lot, decision: Decision, buyer: User, second: User
) -> None:
    copy = tenders.copy_for_training(tender=lot.tender, by=second, at=LATER).lots.get()
    services.take_marks(lot=copy, by=second, at=LATER)

    versions = list(MarkVersion.objects.filter(bid__lot=copy))
    assert len(versions) == 6
    assert {(each.given_by, each.given_at) for each in versions} == {(buyer, LATER)}
    bid, criterion = copy.bids.get(key="alpha"), copy.criteria.get(key="quality")
    with pytest.raises(Stale, match="Since you read this mark"):
        services.mark(bid=bid, criterion=criterion, value=Decimal(1), reason="Unread.", by=second, at=LATER, read=0)


def test_a_real_lot_takes_no_marks_over(lot: Lot, buyer: User) -> None:
    with pytest.raises(Refused, match="training copy"):
        services.take_marks(lot=lot, by=buyer, at=LATER)


@pytest.mark.parametrize(("value", "meaning"), [("2.5", "a little"), ("2.50", "a little"), ("3", ""), ("0", "nothing")])
def test_a_mark_on_a_step_of_the_scale_means_what_the_step_says(value: str, meaning: str) -> None:
    steps = [{"value": "0", "meaning": "nothing"}, {"value": "2.5", "meaning": "a little"}]
    assert Mark(criterion=Criterion(steps=steps), value=Decimal(value)).meaning == meaning


def test_the_pages_of_the_procedure_and_of_the_lot_say_what_the_marks_mean(buyer: User) -> None:
    document = documents.lot()
    document["criteria"][1]["steps"] = [{"value": "7", "meaning": "does it all"}]
    lot = published_lot(buyer, lots=[document])
    enter(lot, OFFERS, buyer)
    client = as_(buyer)
    assert "does it all" in client.get(reverse("tenders:tender", args=[lot.tender_id])).content.decode()
    give(lot, buyer, value="7")
    assert "does it all" in client.get(reverse("evaluation:lot", args=[lot.pk])).content.decode()
