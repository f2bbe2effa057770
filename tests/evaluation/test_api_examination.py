"""Regularisation and versions of a bid over the API, through the same services as the pages."""

from typing import Any

import pytest
from django.test import Client

from procurement.evaluation.models import BidVersion, Regularisation
from procurement.people.models import User
from procurement.tenders.models import Bid
from tests.evaluation.examination import lot_of, offer
from tests.evaluation.test_pages import as_

REQUEST = {
    "irregularity": "The total is wrong.",
    "asked": "Say which counts.",
    "sent_at": "2026-11-02T09:00:00Z",
    "due_at": "2099-11-05T09:00:00Z",
}


@pytest.fixture
def bid(buyer: User) -> Bid:
    return lot_of("negotiated", buyer).bids.get(key="beta")


def post(client: Client, bid: Bid, what: str, given: Any) -> Any:
    return client.post(f"/api/v1/bids/{bid.pk}/{what}/", given, content_type="application/json")


def test_a_bid_is_mended_over_the_api(bid: Bid, buyer: User) -> None:
    client = as_(buyer)
    asked = post(client, bid, "regularisations", REQUEST)
    assert asked.status_code == 201
    number = asked.json()["id"]
    came = {"text": "The unit price counts.", "received_at": "2026-11-03T09:00:00Z"}
    assert post(client, bid, f"regularisations/{number}/answer", came).json()["answers"][0]["late"] is False
    document = offer(stated={"total_excl_vat": "430.00"})
    entered = post(client, bid, "versions", {"reason": "regularisation", "document": document})
    assert (entered.status_code, entered.json()["price"]) == (201, "430")
    assert entered.json()["stated"] == [{"what": "total_excl_vat", "item": None, "value": "430"}]

    ended = post(client, bid, f"regularisations/{number}/conclude", {"regularised": True, "reason": "It is."})

    assert ended.json()["conclusion"]["regularised"] is True
    listed = client.get(f"/api/v1/bids/{bid.pk}/regularisations/").json()
    assert [each["id"] for each in listed] == [number]
    versions = client.get(f"/api/v1/bids/{bid.pk}/versions/").json()
    assert [(each["number"], each["reason"]) for each in versions] == [(1, "regularisation")]
    assert versions[0]["document"]["bid"]["price"] == "450"


def test_a_negotiated_version_says_its_round(bid: Bid, buyer: User) -> None:
    client, given = as_(buyer), {"reason": "negotiation", "document": offer()}

    refused = post(client, bid, "versions", given)
    assert refused.status_code == 400
    assert "a number from 1 to 99" in refused.json()["detail"]
    assert post(client, bid, "versions", {**given, "round": 1}).status_code == 201


@pytest.mark.parametrize(
    "given",
    [
        {"reason": "negotiation", "round": 1, "document": None},
        {"reason": "negotiation", "round": 1, "document": []},
        {"reason": "negotiation", "round": 1, "document": {"lines": "all"}},
        {"reason": "negotiation", "round": 1, "document": {"colour": "red"}},
        {"reason": "negotiation", "round": 10**30, "document": {}},
        {"reason": "whim", "document": {}},
        {"reason": "regularisation"},
        [],
    ],
)
def test_what_is_no_version_is_answered_with_its_problem(bid: Bid, buyer: User, given: Any) -> None:
    assert post(as_(buyer), bid, "versions", given).status_code == 400
    assert not BidVersion.objects.exists()


def test_a_regularisation_without_a_request_is_refused(bid: Bid, buyer: User) -> None:
    refused = post(as_(buyer), bid, "versions", {"reason": "regularisation", "document": offer()})

    assert refused.status_code == 409
    assert "record the request first" in refused.json()["detail"]


def test_a_request_of_another_bid_is_nothing_here(bid: Bid, buyer: User) -> None:
    client = as_(buyer)
    other = bid.lot.bids.get(key="alpha")
    number = post(client, other, "regularisations", REQUEST).json()["id"]

    came = {"text": "x", "received_at": "2026-11-03T09:00:00Z"}
    assert post(client, bid, f"regularisations/{number}/answer", came).status_code == 404
    conclusion = {"regularised": False, "reason": "x"}
    assert post(client, bid, f"regularisations/{number}/conclude", conclusion).status_code == 404
    assert not Regularisation.objects.exclude(conclusion=None).exists()


def test_strangers_and_auditors_change_nothing(bid: Bid, buyer: User, stranger: User, auditor: User) -> None:
    given = {"reason": "negotiation", "round": 1, "document": offer()}
    assert post(as_(stranger), bid, "versions", given).status_code == 404
    assert post(as_(auditor), bid, "versions", given).status_code == 403
    assert as_(auditor).get(f"/api/v1/bids/{bid.pk}/versions/").status_code == 200
    assert as_(stranger).get(f"/api/v1/bids/{bid.pk}/versions/").status_code == 404
