"""Prices: abnormally low bids, which are asked before anything else, and a bid alone."""

from __future__ import annotations

from typing import Any

from tests.scoring.guards.documents import Document, bid, case, found, missing, severities

LOW, SINGLE = "abnormally-low", "single-bid"


def low(**more: Any) -> Document:
    """The prices 100, 105, 98, 160 and 80: means 108.6 then 95.75, alert under 86.175."""
    prices = {"A": "100", "B": "105", "C": "98", "D": "160", "E": "80"}
    return case(bids=[bid(name, price) for name, price in prices.items()], **more)


def test_an_award_waits_for_the_explanations_of_a_low_price() -> None:
    warning, block = found(low(), LOW)
    assert (warning["severity"], warning["values"]) == ("warn", {"bids": ["E"], "exact_threshold": "3447/40"})
    assert warning["article"] == "CCP L2152-5, L2152-6, R2152-3"
    assert (block["severity"], block["values"]["missing_explanations"]) == ("block", ["E"])


def test_recorded_explanations_leave_the_warning() -> None:
    assert severities(low(facts={"abnormally_low_explanations": ["E"]}), LOW) == ["warn"]
    explained = low(facts={"abnormally_low_explanations": ["E"]}, without=("purpose",))
    assert severities(explained, LOW) == ["warn"]


def test_a_simulation_asks_nobody_for_explanations() -> None:
    simulated = low(facts={"purpose": "simulation"}, without=("abnormally_low_explanations",))
    assert severities(simulated, LOW) == ["warn"]


def test_whether_explanations_were_recorded_is_not_assessed_without_the_fact() -> None:
    unrecorded = low(without=("abnormally_low_explanations",))
    assert severities(unrecorded, LOW) == ["warn", "not_assessed"]
    assert missing(unrecorded, LOW) == ["facts.abnormally_low_explanations"]
    assert missing(low(without=("purpose",)), LOW) == ["facts.purpose"]


def test_a_price_at_the_limit_raises_no_alert_and_one_at_the_ceiling_is_kept() -> None:
    """Mean 100 of 90, 90 and 120: 120 is not above 1.2 times it, so nothing is dropped and 90 is not under 90."""
    at_limits = [bid("A", "90"), bid("B", "90"), bid("C", "120")]
    assert severities(case(bids=at_limits), LOW) == []
    under = [bid("A", "89.99"), bid("B", "90"), bid("C", "119.98")]  # threshold 89.991
    assert found(case(bids=under), LOW)[0]["values"]["bids"] == ["A"]


def test_two_bids_are_no_field_for_an_alert() -> None:
    assert severities(case(bids=[bid("A", "1"), bid("B", "100")]), LOW) == []


def test_ordinary_prices_raise_no_alert() -> None:
    assert severities(case(bids=[bid("A"), bid("B", "101"), bid("C", "102")]), LOW) == []


def test_one_bid_left_is_told() -> None:
    out = {**bid("B"), "status": "excluded", "exclusion_reason": "late"}
    (finding,) = found(case(bids=[bid("A"), out]), SINGLE)
    assert (finding["severity"], finding["values"]) == ("info", {"bid": "A"})
    assert severities(case(), SINGLE) == severities(case(bids=[]), SINGLE) == []
