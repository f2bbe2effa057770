"""Findings in sentences: every guard can say what it found, what to do, and what it lacks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import translation

from procurement.sentences import NOT_GIVEN, WORDINGS, advice, sentence
from scoring import evaluate
from scoring.facts import FACTS
from scoring.guards import GUARDS
from tests.scoring.guards.documents import (
    EEA,
    GREEN,
    PRICE,
    bid,
    case,
    criterion,
    found,
    goods,
    measure,
    policy,
)

CODES = [guard.code for guard in GUARDS]
DEVICE = {"launched_on": "2026-01-15", "cpv": "33115100", "estimated_value": "5000000"}
FIVE = [bid(name, price) for name, price in zip("ABCDE", ("100", "105", "98", "160", "80"), strict=True)]
CHINESE = [bid("A", country="CN", **goods("100", CN="1")), bid("B", "130")]
GREEN_BONUS = policy(
    measure("clean", driver="environment"), indicators=[{"id": "eu_ecolabel", "kind": "number", "weight": "1"}]
)
PRICE_ALONE = criterion(PRICE, weight="100")
LABELLED = [bid("A", environment={"eu_ecolabel": {"value": "1"}})]
REVERSED = {
    "criteria": [criterion(PRICE, weight="40"), criterion(GREEN, weight="60")],
    "bids": [bid(n, p, marks={"green": m}) for n, p, m in (("A", "100", "6"), ("B", "125", "7"), ("C", "60", "2"))],
}

HOLDS: dict[str, dict[str, Any]] = {
    "price-only": case(criteria=[PRICE_ALONE], bids=[bid("A", marks={})]),
    "environment-criterion-missing": case(criteria=[PRICE_ALONE], bids=[bid("A", marks={})]),
    "bonus-unpublished": case(policy=policy(measure())),
    "policy-proposed": case(policy=policy(status="proposed")),
    "origin-bonus-covered": case(policy=policy(measure())),
    "intra-eu-discrimination": case(policy=policy(areas={"EU": ["FR"]}), tie_break=["higher_european_share"]),
    "value-added-origin": case(policy=policy(content_basis="value_added")),
    "ipi-2025-1197": case(tender=DEVICE, bids=CHINESE),
    "ipi-origin-cap": case(tender=DEVICE, bids=CHINESE),
    "ipi-unannounced": case(tender=DEVICE, facts={"ipi_announced": False}),
    "company-rating-criterion": case(criteria=[PRICE, criterion(GREEN, title="EcoVadis")]),
    "ecolabel-medical-device": case(policy=GREEN_BONUS, bids=LABELLED),
    "environment-counted-twice": case(policy=GREEN_BONUS, facts={"evidence_counted_twice": True}),
    "weights-diluted": case(policy=policy(measure(), bonus_cap="7.5")),
    "method-neutralised": case(
        criteria=[criterion(PRICE, formula="high_low"), GREEN], bids=[bid("A"), bid("B", "900")]
    ),
    "method-amplified": case(criteria=[criterion(PRICE, formula="high_low"), GREEN], bids=[bid("A"), bid("B", "101")]),
    "method-rank-reversal": case(**REVERSED),
    "abnormally-low": case(bids=FIVE),
    "single-bid": case(bids=[bid("A")]),
    "unknown-origin": case(policy=policy(measure()), bids=[bid("A"), bid("B", "101", **goods("101", FR="1"))]),
    "self-assessment": case(facts={"self_assessed_marks": ["A"]}),
    "stale-rule": case(assessed_on="2030-01-01"),
}


def test_every_guard_has_its_wording_and_its_case() -> None:
    assert list(WORDINGS) == CODES
    assert list(HOLDS) == CODES


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("code", CODES)
def test_what_a_guard_found_is_one_sentence_and_its_advice_is_whole(code: str, language: str) -> None:
    with translation.override(language):
        for finding in found(HOLDS[code], code):
            said = sentence(finding)
            assert re.fullmatch(r"[A-ZÀ-Ý].*[.?]", said)
            assert "%" not in re.sub(r"\d\s?%", "", said), "every value of the sentence is filled in"
            assert "  " not in said
            assert re.fullmatch(r"[A-ZÀ-Ý].*\.", advice(finding))


def test_advice_says_what_to_do_about_the_finding_and_leaves_lifting_to_the_lot() -> None:
    """The same advice stands under warnings and at the publication, where there is no block to lift."""
    with translation.override("en"):
        for code in CODES:
            assert all("lift" not in advice(finding) for finding in found(HOLDS[code], code))


def test_a_sentence_names_tenderers_countries_dates_and_parts_as_the_reader_writes_them() -> None:
    with translation.override("en"):
        exclusion = found(HOLDS["ipi-2025-1197"], "ipi-2025-1197")[0]
        assert sentence(exclusion, {"A": "Meditron"}).endswith("operator originates in China: Meditron.")
        assert "A." in sentence(exclusion)
        cap = found(HOLDS["ipi-origin-cap"], "ipi-origin-cap")[0]
        assert sentence(cap) == "Goods originating in China make 100% of the winner's bid, more than 50%."
        since = found(HOLDS["price-only"], "price-only")[0]
        assert "2026-08-21" not in sentence(since)
        assert "2026" in sentence(since)
        diluted = found(HOLDS["weights-diluted"], "weights-diluted")[0]
        assert "Up to 7.5 bonus points" in sentence(diluted)
        assert "price 55.81%, green 37.21%" in sentence(diluted)


def test_a_policy_is_named_by_its_title_where_it_is_known() -> None:
    finding = {"code": "policy-proposed", "severity": "block", "values": {"policy": "green-2027", "version": 2}}
    with translation.override("en"):
        assert sentence(finding).startswith("The policy green-2027, version 2, is a proposal")
        known = sentence(finding, policies={"green-2027": "Greener purchases"})
    assert known.startswith("The policy Greener purchases, version 2, is a proposal")


def test_a_long_list_of_countries_is_cut_and_counted() -> None:
    with translation.override("en"):
        states = found(HOLDS["intra-eu-discrimination"], "intra-eu-discrimination")[0]
        assert f"and {len(EEA) - 1 - 8} others" in sentence(states)
        assert "the tie-break by European share" in sentence(states)


def test_an_award_that_waits_for_explanations_says_so() -> None:
    with translation.override("en"):
        warning, block = found(HOLDS["abnormally-low"], "abnormally-low")
        assert sentence(warning) == "Prices that seem abnormally low, under €86.18: E."
        assert "under £86.18:" in sentence(warning, currency="GBP")
        assert sentence(block) == "No explanations are recorded for prices that seem abnormally low: E."


def test_what_is_missing_is_named() -> None:
    with translation.override("en"):
        undated = case(criteria=[PRICE_ALONE], bids=[bid("A", marks={})], tender={"launched_on": None})
        assert sentence(found(undated, "price-only")[0]) == (
            "Is price the only criterion of a consultation for which this is forbidden? Missing: the launch date."
        )
        unknown = case(tender=DEVICE, bids=[bid("A", country=None), bid("B", "130")])
        assert "the origin of Nordmed." in sentence(found(unknown, "ipi-2025-1197")[0], {"A": "Nordmed"})
        assert "the origin of the goods of A." in sentence(found(unknown, "ipi-origin-cap")[0])
        old = case(policy=policy(measure()), tender={"launched_on": "2012-01-01"})
        said = sentence(found(old, "intra-eu-discrimination")[0])
        assert "a value of areas.eea for that day" in said
        assert advice(found(old, "intra-eu-discrimination")[0]) == "Give what is missing, then score again."


def test_every_fact_has_a_name_when_it_is_missing() -> None:
    assert {path.removeprefix("facts.") for path in NOT_GIVEN if path.startswith("facts.")} == set(FACTS)


def test_nothing_missing_is_left_unnamed_in_a_case_without_facts() -> None:
    bare = case(tender=dict.fromkeys(("launched_on", "cpv", "estimated_value")), assessed_on="omit", bids=FIVE)
    with translation.override("en"):
        for finding in evaluate({**bare, "facts": {}, "policy": policy(measure(), status="proposed")})["findings"]:
            if finding["severity"] == "not_assessed":
                assert not re.search(r"facts\.|tender\.", sentence(finding))
