"""What is asked about a low price, what is answered and what follows are recorded as they happen."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from procurement.evaluation import services
from procurement.evaluation.models import AbnormallyLowExplanation, PriceAnswer, PriceRequest, ScoreSheet
from procurement.evaluation.present.timeline import timeline
from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.people.refusals import Invalid, Refused, Stale
from procurement.tenders.models import Bid
from tests.evaluation.conftest import LATER, REASON
from tests.evaluation.test_low_prices import exclude, low

__all__ = ["low"]
SENT = LATER - timedelta(days=2)
DUE = LATER + timedelta(days=3)
WHY = "The factory is their own."


@pytest.fixture
def cheap(low: ScoreSheet) -> Bid:
    return low.lot.bids.get(key="delta")


@pytest.fixture
def asked(cheap: Bid, buyer: User) -> PriceRequest:
    return request(cheap, buyer)


def request(bid: Bid, by: User, **given: Any) -> PriceRequest:
    told = {"asked": "How is this price possible?", "sent_at": SENT, "due_at": DUE, **given}
    return services.request_price_explanation(bid=bid, by=by, at=LATER, **told)


def answer(asked: PriceRequest, by: User, **given: Any) -> PriceAnswer:
    told = {"text": "We own the factory.", "received_at": LATER, **given}
    return services.answer_price_explanation(asked=asked, by=by, at=LATER, **told)


def conclude(asked: PriceRequest, by: User, conclusion: str = "accepted", **given: Any) -> AbnormallyLowExplanation:
    told = {"conclusion": conclusion, "reason": WHY, "at": LATER, **given}
    return services.conclude_price_explanation(asked=asked, by=by, **told)


def test_each_step_leaves_its_line_and_the_conclusion_repeats_what_was_asked_and_answered(
    asked: PriceRequest, buyer: User
) -> None:
    answer(asked, buyer)
    kept = conclude(asked, buyer)

    assert (kept.request, kept.answer, kept.reason) == ("How is this price possible?", "We own the factory.", WHY)
    lines = Line.objects.filter(action__startswith="bid.price_").order_by("sequence")
    assert [line.action for line in lines] == [
        "bid.price_explanation_requested",
        "bid.price_explanation_answered",
        "bid.price_explained",
    ]


def test_a_bid_is_awarded_only_once_what_was_asked_about_its_price_is_concluded(
    low: ScoreSheet, asked: PriceRequest, buyer: User
) -> None:
    lot, given = low.lot, {"bid": asked.bid, "reason": REASON, "by": buyer, "at": LATER}
    with pytest.raises(Refused, match="conclude that first") as refusal:
        services.award(lot=lot, sheet=low, **given)
    assert refusal.value.details == [{"message": "Low Price SA"}]

    answer(asked, buyer)
    conclude(asked, buyer)
    decision = services.award(lot=lot, sheet=services.score(lot=lot, by=buyer, at=LATER), **given)
    with translation.override("en"):
        events = [event for day in timeline(decision, buyer) for event in day.events]
    told = {event.sentence.partition(") ")[2]: event.reason for event in events}
    assert told["asked the tenderer Low Price SA to explain its low price."] == "How is this price possible?"
    assert told["recorded how the tenderer Low Price SA explains its low price."].endswith(WHY)


def test_a_price_that_what_came_does_not_account_for_is_excluded(asked: PriceRequest, buyer: User) -> None:
    with pytest.raises(Refused, match="only once the tenderer was asked to explain"):
        exclude(asked.bid, buyer)
    answer(asked, buyer)
    conclude(asked, buyer, "rejected")

    exclude(asked.bid, buyer)
    assert asked.bid.exclusion == "abnormally_low"


def test_without_an_answer_a_price_is_rejected_once_the_time_is_over_and_never_accepted(
    asked: PriceRequest, buyer: User
) -> None:
    with pytest.raises(Refused, match="may still answer until"):
        conclude(asked, buyer, "rejected")
    with pytest.raises(Refused, match="record the answer first"):
        conclude(asked, buyer, "accepted", at=DUE)

    assert conclude(asked, buyer, "rejected", at=DUE).answer == ""
    assert services.price_rejected(asked.bid)


def test_a_conclusion_rests_on_every_answer_that_came(asked: PriceRequest, buyer: User) -> None:
    first = answer(asked, buyer)
    answer(asked, buyer, text="And here is the invoice.")

    with pytest.raises(Stale, match="Another answer"):
        conclude(asked, buyer, read=first.pk)
    assert conclude(asked, buyer).answer == "We own the factory.\n\nAnd here is the invoice."


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"asked": " "}, "Write what the tenderer is asked"),
        ({"sent_at": LATER + timedelta(hours=1)}, "still to come"),
        ({"due_at": SENT}, "ends before the request was sent"),
    ],
)
def test_a_request_says_what_is_asked_and_leaves_time(
    cheap: Bid, buyer: User, wrong: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        request(cheap, buyer, **wrong)
    assert not PriceRequest.objects.exists()


def test_steps_come_in_their_order_and_once(asked: PriceRequest, buyer: User) -> None:
    with pytest.raises(Refused, match="waits already"):
        request(asked.bid, buyer)
    with pytest.raises(Invalid, match="before the request was sent"):
        answer(asked, buyer, received_at=SENT - timedelta(hours=1))
    answer(asked, buyer)
    with pytest.raises(Invalid, match="Write why"):
        conclude(asked, buyer, reason=" ")
    conclude(asked, buyer)

    with pytest.raises(Refused, match="is concluded"):
        conclude(asked, buyer)
    with pytest.raises(Refused, match="is concluded"):
        answer(asked, buyer)


def test_what_was_asked_and_answered_never_changes(asked: PriceRequest, buyer: User) -> None:
    answer(asked, buyer)
    conclude(asked, buyer)

    rows: list[Any] = [PriceRequest.objects, PriceAnswer.objects, AbnormallyLowExplanation.objects]
    for kept, changed in zip(rows, ({"asked": "-"}, {"text": "-"}, {"reason": "-"}), strict=True):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            kept.update(**changed)


def test_the_pages_lead_from_the_request_to_the_exclusion(client: Client, cheap: Bid, buyer: User) -> None:
    client.force_login(buyer)
    place = [cheap.lot_id, "delta"]
    now = timezone.localtime()
    sent, due = now - timedelta(days=2), now + timedelta(days=2)
    told = {"asked": "How?", "sent_at_0": f"{sent:%Y-%m-%d}", "sent_at_1": "09:00"}
    told |= {"due_at_0": f"{due:%Y-%m-%d}", "due_at_1": "18:00"}
    shown = client.post(reverse("evaluation:explain", args=place), told, follow=True).content.decode()
    asked = PriceRequest.objects.get()
    at = [*place, asked.pk]
    assert reverse("evaluation:answer_price", args=at) in shown
    assert "Waits for the tenderer’s answer." in shown

    early = {"conclusion": "rejected", "reason": "Nothing came.", "read": "0"}
    assert (
        "may still answer until" in client.post(reverse("evaluation:conclude_price", args=at), early).content.decode()
    )
    came = {"text": "We own it.", "received_at_0": f"{sent:%Y-%m-%d}", "received_at_1": "10:00"}
    client.post(reverse("evaluation:answer_price", args=at), came)
    last = {"conclusion": "rejected", "reason": "It does not.", "read": str(PriceAnswer.objects.get().pk)}
    done = client.post(reverse("evaluation:conclude_price", args=at), last, follow=True)

    assert done.redirect_chain[-1][0] == reverse("evaluation:exclude", args=place)
    assert "exclude the bid, then score the lot again" in done.content.decode()


def test_the_api_records_the_same_steps(client: Client, cheap: Bid, buyer: User) -> None:
    client.force_login(buyer)
    address = f"/api/v1/bids/{cheap.pk}/price-requests/"
    now = timezone.now()
    told = {
        "asked": "How?",
        "sent_at": (now - timedelta(days=1)).isoformat(),
        "due_at": (now + timedelta(1)).isoformat(),
    }
    number = client.post(address, told, content_type="application/json").json()["id"]
    came = {"text": "We own it.", "received_at": now.isoformat()}
    client.post(f"{address}{number}/answer/", came, content_type="application/json")
    last = {"conclusion": "accepted", "reason": WHY}
    assert client.post(f"{address}{number}/conclude/", last, content_type="application/json").status_code == 201

    [row] = client.get(address).json()
    assert (row["answers"][0]["text"], row["conclusion"]["conclusion"]) == ("We own it.", "accepted")
