"""Environmental characteristics: the criterion required, the label that does not exist here, evidence used twice."""

from __future__ import annotations

import pytest

from tests.scoring.guards.documents import (
    GREEN,
    PRICE,
    bid,
    case,
    criterion,
    found,
    measure,
    missing,
    policy,
    severities,
)

ALONE = criterion(PRICE, weight="100")
BARE = [bid("A", marks={}), bid("B", "130", marks={})]
QUALITY = criterion(GREEN, kind="quality")


def test_price_alone_is_blocked_for_a_consultation_launched_since_the_21st_of_august_2026() -> None:
    price_only = case(tender={"launched_on": "2026-08-21"}, criteria=[ALONE], bids=BARE)
    (finding,) = found(price_only, "price-only")
    assert finding == {
        "code": "price-only",
        "severity": "block",
        "article": "CCP L2152-7, R2152-7",
        "values": {"criterion": "price", "since": "2026-08-21"},
        "source": "Loi Climat et résilience art. 35, décret 2022-767",
        "mark": "S",
    }
    assert severities(price_only, "environment-criterion-missing") == ["block"]


def test_price_alone_was_allowed_the_day_before() -> None:
    price_only = case(tender={"launched_on": "2026-08-20"}, criteria=[ALONE], bids=BARE)
    assert severities(price_only, "price-only") == severities(price_only, "environment-criterion-missing") == []


def test_price_alone_without_a_launch_date_is_not_assessed() -> None:
    price_only = case(tender={"launched_on": None}, criteria=[ALONE], bids=BARE)
    assert missing(price_only, "price-only") == ["tender.launched_on"]
    assert missing(price_only, "environment-criterion-missing") == ["tender.launched_on"]


def test_price_with_another_criterion_is_not_price_alone() -> None:
    assert severities(case(criteria=[PRICE, QUALITY]), "price-only") == []
    assert severities(case(criteria=[PRICE, QUALITY], tender={"launched_on": None}), "price-only") == []


def test_quality_alone_beside_the_price_leaves_the_environment_out() -> None:
    (finding,) = found(case(criteria=[PRICE, QUALITY]), "environment-criterion-missing")
    assert (finding["severity"], finding["values"]) == ("block", {"since": "2026-08-21"})


@pytest.mark.parametrize(
    "criteria",
    [
        [PRICE, GREEN],
        [PRICE, criterion(QUALITY, counts_environment=True)],
        [criterion(PRICE, kind="cost", counts_environment=True), QUALITY],
    ],
    ids=["environment", "quality that counts it", "cost that counts it"],
)
def test_a_criterion_that_counts_the_environment_is_enough(criteria: list[dict[str, object]]) -> None:
    bids = [bid("A", cost="100"), bid("B", "130", cost="130")]
    assert severities(case(criteria=criteria, bids=bids), "environment-criterion-missing") == []


def test_a_single_cost_criterion_is_enough_only_if_it_counts_the_environment() -> None:
    bids = [bid("A", cost="100", marks={})]
    cost = criterion(ALONE, kind="cost")
    assert severities(case(criteria=[cost], bids=bids), "environment-criterion-missing") == ["block"]
    assert severities(case(criteria=[cost], bids=bids), "price-only") == []
    counted = criterion(cost, counts_environment=True)
    assert severities(case(criteria=[counted], bids=bids), "environment-criterion-missing") == []


LABELS = {"id": "label", "kind": "label", "weight": "1", "labels": {"EU Ecolabel": "1", "none": "0"}}
NUMBER = {"id": "ecolabel", "kind": "number", "weight": "1"}


def shows(indicator: str, value: str) -> list[dict[str, object]]:
    return [bid("A"), bid("B", "130", environment={indicator: {"value": value}})]


@pytest.mark.parametrize("cpv", ["33141310", "33600000"])
def test_an_eu_ecolabel_claimed_for_a_device_or_a_medicine_is_signalled(cpv: str) -> None:
    labelled = case(tender={"cpv": cpv}, policy=policy(indicators=[LABELS]), bids=shows("label", "EU Ecolabel"))
    (finding,) = found(labelled, "ecolabel-medical-device")
    assert (finding["severity"], finding["mark"]) == ("warn", "P")
    assert finding["values"] == {"bids": ["B"], "cpv": cpv}


def test_an_indicator_named_ecolabel_with_a_number_is_a_claim_and_with_nothing_is_none() -> None:
    for value, expected in (("1", ["warn"]), ("0", [])):
        numbered = case(policy=policy(indicators=[NUMBER]), bids=shows("ecolabel", value))
        assert severities(numbered, "ecolabel-medical-device") == expected


def test_an_indicator_named_after_the_label_counts_when_its_text_is_worth_something() -> None:
    named = {**LABELS, "id": "eu_ecolabel", "labels": {"held": "1", "none": "0"}}
    for text, expected in (("held", ["warn"]), ("none", []), ("unheard of", [])):
        document = case(policy=policy(indicators=[named]), bids=shows("eu_ecolabel", text))
        assert severities(document, "ecolabel-medical-device") == expected


def test_without_a_policy_only_the_label_s_name_or_a_number_beside_it_is_a_claim() -> None:
    for key, value, expected in (
        ("eu_ecolabel", "1", ["warn"]),
        ("eu_ecolabel", "0", []),
        ("eu_ecolabel", "none", []),
        ("ecolabel", "1", []),
        ("label", "EU Ecolabel", ["warn"]),
    ):
        assert severities(case(bids=shows(key, value)), "ecolabel-medical-device") == expected, (key, value)


@pytest.mark.parametrize(
    ("cpv", "expected"), [("33099999", []), ("33200000", []), ("33500000", []), ("33699999", ["warn"])]
)
def test_only_the_codes_of_devices_and_medicines_are_excluded(cpv: str, expected: list[str]) -> None:
    labelled = case(tender={"cpv": cpv}, policy=policy(indicators=[LABELS]), bids=shows("label", "EU Ecolabel"))
    assert severities(labelled, "ecolabel-medical-device") == expected


def test_another_label_is_not_the_eu_ecolabel() -> None:
    nordic = {**LABELS, "id": "ecolabel", "labels": {"Nordic Swan Ecolabel": "1"}}
    document = case(policy=policy(indicators=[nordic]), bids=shows("ecolabel", "Nordic Swan Ecolabel"))
    assert severities(document, "ecolabel-medical-device") == []


def test_an_eu_ecolabel_on_detergents_is_in_order() -> None:
    labelled = case(tender={"cpv": "39830000"}, policy=policy(indicators=[LABELS]), bids=shows("label", "EU Ecolabel"))
    assert severities(labelled, "ecolabel-medical-device") == []


def test_an_eu_ecolabel_on_a_lot_without_cpv_is_not_assessed() -> None:
    labelled = case(tender={"cpv": None}, policy=policy(indicators=[LABELS]), bids=shows("label", "Écolabel de l’UE"))
    assert missing(labelled, "ecolabel-medical-device") == ["tender.cpv"]


BONUS = policy(measure("clean", driver="environment"), indicators=[NUMBER])


def test_evidence_that_feeds_a_criterion_and_a_bonus_is_signalled() -> None:
    (finding,) = found(case(policy=BONUS, facts={"evidence_counted_twice": True}), "environment-counted-twice")
    assert (finding["severity"], finding["values"]) == ("warn", {"measures": ["clean"]})


def test_evidence_counted_once_is_in_order() -> None:
    assert severities(case(policy=BONUS), "environment-counted-twice") == []


def test_whether_evidence_counts_twice_is_not_assessed_without_the_fact() -> None:
    document = case(policy=BONUS, without=("evidence_counted_twice",))
    assert missing(document, "environment-counted-twice") == ["facts.evidence_counted_twice"]


def test_evidence_may_feed_any_criterion_that_is_marked_and_the_price_is_not() -> None:
    without = ("evidence_counted_twice",)
    marked = case(policy=BONUS, criteria=[PRICE, QUALITY], without=without)
    assert missing(marked, "environment-counted-twice") == ["facts.evidence_counted_twice"]
    alone = case(policy=BONUS, criteria=[ALONE], bids=BARE, without=without)
    assert severities(alone, "environment-counted-twice") == []


def test_without_a_bonus_no_evidence_can_count_twice() -> None:
    for plain in (None, policy(), policy(measure(driver="one"))):
        document = case(policy=plain, without=("evidence_counted_twice",))
        assert severities(document, "environment-counted-twice") == []


def test_a_bonus_driven_by_the_mark_of_an_environmental_criterion_counts_it_twice_for_certain() -> None:
    twice = case(policy=policy(measure("again", driver="mark:green")), without=("evidence_counted_twice",))
    (finding,) = found(twice, "environment-counted-twice")
    assert finding["values"] == {"measures": ["again"]}
