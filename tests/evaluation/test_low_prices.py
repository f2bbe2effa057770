"""Abnormally low prices: an alert, explanations, and only then an award."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from procurement.evaluation import services
from procurement.evaluation.models import AbnormallyLowExplanation, ScoreSheet
from procurement.evaluation.present.findings import shown
from procurement.evaluation.present.reading import Reading
from procurement.evaluation.present.timeline import timeline
from procurement.ledger.models import Line
from procurement.people.coded_reasons import in_words, reasons_of
from procurement.people.models import User
from procurement.people.refusals import Invalid, Refused
from procurement.tenders import services as tenders
from procurement.tenders.models import Bid, Lot
from tests.evaluation.conftest import LATER, NOW, OFFERS, REASON, enter, published_lot

LOW = ("delta", "Low Price SA", "FR", "1.00", "2.00", "FR", "2", "9", "5")
ASKED = {"request": "How is this price possible?", "answer": "We own the factory."}


@pytest.fixture
def low(buyer: User) -> ScoreSheet:
    """The sheet of a lot whose cheapest bid is far below the others, and wins."""
    lot = published_lot(buyer)
    enter(lot, [*OFFERS, LOW], buyer)
    return services.score(lot=lot, by=buyer, at=NOW)


def awarded(lot: Lot, by: User) -> None:
    services.award(lot=lot, bid=lot.bids.get(key="delta"), sheet=lot.sheets.last(), reason=REASON, by=by, at=LATER)


def exclude(bid: Bid, by: User) -> None:
    rejected = services.price_rejected(bid)
    given = {"ground": "abnormally_low", "reason": "Too cheap.", "explanations_rejected": rejected}
    tenders.exclude_bid(bid=bid, **given, by=by, at=LATER)


def test_an_unexplained_low_price_stops_the_award(low: ScoreSheet, buyer: User) -> None:
    assert [alert["bid"] for alert in low.sheet["alerts"]] == ["delta"]
    with pytest.raises(Refused, match="blocks the award") as refusal:
        awarded(low.lot, buyer)
    assert [detail["code"] for detail in refusal.value.details] == ["abnormally-low"]


def test_recorded_explanations_let_the_award_go_on_after_scoring_again(low: ScoreSheet, buyer: User) -> None:
    lot = low.lot
    services.explain_abnormally_low(bid=lot.bids.get(key="delta"), **ASKED, conclusion="accepted", by=buyer, at=LATER)

    assert Line.objects.last().action == "bid.price_explained"
    with pytest.raises(Refused, match="score the lot again"):
        awarded(lot, buyer)
    again = services.score(lot=lot, by=buyer, at=LATER)
    assert again.case["facts"]["abnormally_low_explanations"] == ["delta"]
    awarded(lot, buyer)


def test_what_was_concluded_is_told_in_the_language_of_whoever_reads_it(low: ScoreSheet, buyer: User) -> None:
    """The record keeps no sentence of the language its writer happened to use."""
    with translation.override("fr"):
        bid = low.lot.bids.get(key="delta")
        services.explain_abnormally_low(bid=bid, **ASKED, conclusion="accepted", by=buyer, at=LATER)

    line = Line.objects.get(action="bid.price_explained")
    assert list(reasons_of([line]).values()) == ["The explanations account for the price"]


def test_a_conclusion_told_in_the_timeline_ends_with_a_full_stop(low: ScoreSheet, buyer: User) -> None:
    lot = low.lot
    services.explain_abnormally_low(bid=lot.bids.get(key="delta"), **ASKED, conclusion="accepted", by=buyer, at=LATER)
    services.score(lot=lot, by=buyer, at=LATER)
    awarded(lot, buyer)

    with translation.override("en"):
        reasons = [event.reason for day in timeline(lot.decision, buyer) for event in day.events]
    assert "The explanations account for the price." in reasons


@pytest.mark.parametrize("conclusion", AbnormallyLowExplanation.Conclusion)
def test_every_conclusion_is_told_as_its_choice_says_it(conclusion: AbnormallyLowExplanation.Conclusion) -> None:
    assert in_words("bid.price_explained", conclusion.value) == conclusion.label


def test_the_warning_no_longer_asks_for_explanations_that_are_recorded(low: ScoreSheet, buyer: User) -> None:
    lot = low.lot
    before = [f for f in shown(low.sheet["findings"], Reading.of(low, lot)) if f.code == "abnormally-low"]
    asked = ["Ask the tenderer for explanations" in finding.advice for finding in before]
    assert asked == [True, True], "by the block and by the warning"

    services.explain_abnormally_low(bid=lot.bids.get(key="delta"), **ASKED, conclusion="accepted", by=buyer, at=LATER)
    again = services.score(lot=lot, by=buyer, at=LATER)

    [warning] = [f for f in shown(again.sheet["findings"], Reading.of(again, lot)) if f.code == "abnormally-low"]
    assert warning.advice.startswith("The explanations are recorded")


def test_a_price_whose_explanations_were_rejected_is_not_awarded(low: ScoreSheet, buyer: User) -> None:
    lot = low.lot
    services.explain_abnormally_low(bid=lot.bids.get(key="delta"), **ASKED, conclusion="rejected", by=buyer, at=LATER)
    services.score(lot=lot, by=buyer, at=LATER)

    with pytest.raises(Refused, match="found abnormally low"):
        awarded(lot, buyer)


@pytest.mark.parametrize("conclusions", [[], ["accepted"], ["rejected", "accepted"]])
def test_no_bid_is_excluded_as_abnormally_low_before_its_explanations_were_rejected(
    low: ScoreSheet, buyer: User, conclusions: list[str]
) -> None:
    bid = low.lot.bids.get(key="delta")
    for conclusion in conclusions:
        services.explain_abnormally_low(bid=bid, **ASKED, conclusion=conclusion, by=buyer, at=LATER)

    with pytest.raises(Refused, match="only once the tenderer was asked to explain"):
        exclude(bid, buyer)
    bid.refresh_from_db()
    assert bid.status == "admissible"


def test_a_bid_whose_explanations_were_rejected_is_excluded_as_abnormally_low(low: ScoreSheet, buyer: User) -> None:
    bid = low.lot.bids.get(key="delta")
    services.explain_abnormally_low(bid=bid, **ASKED, conclusion="rejected", by=buyer, at=LATER)

    exclude(bid, buyer)

    assert (bid.exclusion, bid.get_exclusion_display()) == ("abnormally_low", "Abnormally low")
    again = services.score(lot=low.lot, by=buyer, at=LATER)
    assert again.sheet["alerts"] == []
    assert "delta" not in [row["bid"] for row in again.sheet["ranking"]]


def test_over_the_api_too_the_explanations_come_first(low: ScoreSheet, buyer: User, client: Client) -> None:
    client.force_login(buyer)
    address = reverse("bid-exclude", args=[low.lot.bids.get(key="delta").pk])
    given = {"exclusion": "abnormally_low", "reason": "Too cheap."}

    refused = client.post(address, given, content_type="application/json")
    assert (refused.status_code, "explain its price" in refused.json()["detail"]) == (409, True)
    services.explain_abnormally_low(
        bid=low.lot.bids.get(key="delta"), **ASKED, conclusion="rejected", by=buyer, at=LATER
    )
    assert client.post(address, given, content_type="application/json").json()["exclusion"] == "abnormally_low"


def test_explanations_have_a_request_an_answer_and_a_conclusion(low: ScoreSheet, buyer: User) -> None:
    bid = low.lot.bids.get(key="delta")

    with pytest.raises(Invalid, match="what it answered"):
        services.explain_abnormally_low(bid=bid, request="Why?", answer=" ", conclusion="accepted", by=buyer, at=LATER)
    with pytest.raises(Invalid, match="accepted"):
        services.explain_abnormally_low(bid=bid, **ASKED, conclusion="perhaps", by=buyer, at=LATER)
    assert not AbnormallyLowExplanation.objects.exists()


def test_recorded_explanations_never_change(low: ScoreSheet, buyer: User) -> None:
    services.explain_abnormally_low(
        bid=low.lot.bids.get(key="delta"), **ASKED, conclusion="accepted", by=buyer, at=LATER
    )

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AbnormallyLowExplanation.objects.update(answer="Something else.")
