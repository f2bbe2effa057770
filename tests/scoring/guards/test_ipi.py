"""The measure on medical devices from China: exclusion, half of the content, announcement."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scoring.guards.documents import Document, bid, case, found, goods, missing, severities

EXCLUSION, CAP, ANNOUNCED = "ipi-2025-1197", "ipi-origin-cap", "ipi-unannounced"


def scanner(*bids: Document, tender: Document | None = None, **more: Any) -> Document:
    """A scanner of 5 million euro; without bids given, a Chinese operator leads a French one."""
    chosen = list(bids) or [bid("A", "100", country="CN"), bid("B", "130", country="FR")]
    launch = {"launched_on": "2026-01-15", "cpv": "33115100", "estimated_value": "5000000"}
    return case(tender={**launch, **(tender or {})}, bids=chosen, **more)


def test_a_ranked_bid_of_a_chinese_operator_is_blocked() -> None:
    (finding,) = found(scanner(), EXCLUSION)
    assert (finding["severity"], finding["mark"]) == ("block", "S")
    assert finding["article"] == "Implementing Regulation (EU) 2025/1197"
    assert finding["values"] == {"bids": ["A"], "countries": ["CN"]}


@pytest.mark.parametrize(
    "tender",
    [
        {"launched_on": "2025-06-29"},
        {"launched_on": "2030-06-30"},
        {"cpv": "33099999"},
        {"cpv": "33199001"},
        {"cpv": "33199999"},
        {"cpv": "33600000"},
        {"cpv": "18424300"},
        {"estimated_value": "4999999.99"},
    ],
    ids=str,
)
def test_outside_its_period_its_codes_or_its_value_the_measure_says_nothing(tender: Document) -> None:
    document = scanner(tender=tender, without=("ipi_announced", "ipi_exception"))
    assert [severities(document, code) for code in (EXCLUSION, CAP, ANNOUNCED)] == [[], [], []]


@pytest.mark.parametrize(
    "tender",
    [{"launched_on": "2025-06-30"}, {"launched_on": "2030-06-29"}, {"cpv": "33100000"}, {"cpv": "33199000"}],
    ids=str,
)
def test_the_ends_of_the_period_and_of_the_codes_are_inside(tender: Document) -> None:
    assert severities(scanner(tender=tender), EXCLUSION) == ["block"]


@pytest.mark.parametrize("exception", ["no_other_compliant_tender", "overriding_public_interest"])
def test_a_recorded_exception_lifts_the_exclusion(exception: str) -> None:
    assert severities(scanner(facts={"ipi_exception": exception}), EXCLUSION) == []


def test_an_excluded_chinese_operator_is_in_order() -> None:
    out = {**bid("A", country="CN"), "status": "excluded", "exclusion_reason": "IPI"}
    assert severities(scanner(out, bid("B")), EXCLUSION) == []


def test_goods_from_china_do_not_make_the_operator_chinese() -> None:
    assert severities(scanner(bid("A", **goods("100", CN="1"))), EXCLUSION) == []


def test_an_operator_of_unknown_origin_is_not_assessed_beside_one_that_is_blocked() -> None:
    document = scanner(bid("A", country="CN"), bid("B", country=None))
    assert severities(document, EXCLUSION) == ["block", "not_assessed"]
    assert missing(document, EXCLUSION) == ["bids.B.supplier.country"]


def test_the_exclusion_is_not_assessed_without_what_its_conditions_need() -> None:
    assert missing(scanner(without=("ipi_exception",)), EXCLUSION) == ["facts.ipi_exception"]
    for key in ("launched_on", "cpv", "estimated_value"):
        for code in (EXCLUSION, CAP):
            assert missing(scanner(tender={key: None}), code) == [f"tender.{key}"]
        assert missing(scanner(tender={key: None}, facts={"ipi_announced": False}), ANNOUNCED) == [f"tender.{key}"]
    assert missing(scanner(tender={"currency": "USD"}), EXCLUSION) == ["tender.estimated_value"]
    undated = scanner(tender={"launched_on": None}, assessed_on="omit")
    assert missing(undated, EXCLUSION) == ["tender.launched_on"]


@pytest.mark.parametrize("assessed_on", ["2025-06-29", "2026-11-20", "2030-06-30", "omit"])
def test_without_a_launch_date_the_day_of_the_assessment_does_not_stand_in_for_it(assessed_on: str) -> None:
    undated = scanner(tender={"launched_on": None}, assessed_on=assessed_on, facts={"ipi_announced": False})
    for code in (EXCLUSION, CAP, ANNOUNCED):
        assert missing(undated, code) == ["tender.launched_on"]
    small = scanner(tender={"launched_on": None, "estimated_value": "4999999.99"}, assessed_on=assessed_on)
    assert severities(small, EXCLUSION) == []


@pytest.mark.parametrize("country", ["HK", "TW", "MO"])
def test_an_operator_of_a_territory_with_a_code_of_its_own_is_not_one_of_china(country: str) -> None:
    assert severities(scanner(bid("A", country=country)), EXCLUSION) == []


def test_the_measure_is_not_lifted_by_a_simulation() -> None:
    assert severities(scanner(facts={"purpose": "simulation"}), EXCLUSION) == ["block"]


def test_a_condition_that_fails_settles_the_matter_whatever_is_unknown() -> None:
    assert severities(scanner(tender={"estimated_value": None, "cpv": "33600000"}), EXCLUSION) == []
    assert severities(scanner(bid("A"), bid("B"), tender={"estimated_value": None}), EXCLUSION) == []


def test_a_winner_with_more_than_half_of_chinese_goods_is_signalled() -> None:
    (finding,) = found(scanner(bid("A", **goods("100", CN="0.51"))), CAP)
    assert (finding["severity"], finding["values"]) == (
        "warn",
        {"bid": "A", "countries": ["CN"], "share": "0.5100", "exact_share": "51/100", "exact_cap": "1/2"},
    )


def test_the_smallest_part_above_half_is_signalled_and_what_is_unknown_counts_for_nobody() -> None:
    (finding,) = found(scanner(bid("A", **goods("100", CN="0.500000000001"))), CAP)
    assert finding["values"]["share"] == "0.5000"
    assert severities(scanner(bid("A", **goods("100", CN="0.4"))), CAP) == []


def test_half_is_allowed_and_a_loser_may_have_more() -> None:
    assert severities(scanner(bid("A", **goods("100", CN="0.5"))), CAP) == []
    loser = bid("B", "130", **goods("130", CN="1"))
    assert severities(scanner(bid("A", **goods("100", FR="1")), loser), CAP) == []


def test_the_share_is_weighted_by_the_value_of_the_lines() -> None:
    origin = [{"country": "CN", "share": "1"}]
    lines = [
        {"id": "1", "quantity": "1", "unit_price": "51", "origins": origin},
        {"id": "2", "quantity": "1", "unit_price": "49", "origins": []},
    ]
    (finding,) = found(scanner(bid("A", lines=lines)), CAP)
    assert finding["values"]["exact_share"] == "51/100"


def test_a_winner_that_declares_no_origin_is_not_assessed() -> None:
    assert missing(scanner(bid("A")), CAP) == ["bids.A.lines"]


def test_without_a_winner_nobody_is_bound() -> None:
    assert severities(scanner(bid("A"), bid("B")), CAP) == []


def test_a_consultation_that_does_not_announce_the_measure_is_signalled() -> None:
    assert severities(scanner(facts={"ipi_announced": False}), ANNOUNCED) == ["warn"]
    assert severities(scanner(), ANNOUNCED) == []
    assert missing(scanner(without=("ipi_announced",)), ANNOUNCED) == ["facts.ipi_announced"]
