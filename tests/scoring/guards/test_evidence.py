"""Evidence: ratings of companies, origins nobody has given, marks bidders gave themselves."""

from __future__ import annotations

import pytest

from scoring.guards.words import first_named
from tests.scoring.guards.documents import (
    GREEN,
    PRICE,
    bid,
    case,
    criterion,
    found,
    goods,
    measure,
    missing,
    policy,
    severities,
)

COMPANY, UNKNOWN, SELF = "company-rating-criterion", "unknown-origin", "self-assessment"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("EcoVadis medal", "EcoVadis"),
        ("Certification ISO 14001 du fournisseur", "ISO 14001"),
        ("CSR policy of the tenderer", "CSR policy"),
        ("Politique R.S.E. et démarche RSE", "démarche RSE"),
        ("Responsabilité sociétale de l'entreprise", "responsabilité sociétale de l'entreprise"),
    ],
)
def test_a_criterion_that_rates_the_company_is_signalled(title: str, name: str) -> None:
    (finding,) = found(case(criteria=[PRICE, criterion(GREEN, title=title)]), COMPANY)
    assert (finding["severity"], finding["mark"]) == ("warn", "S")
    assert finding["values"] == {"criteria": ["green"], "indicators": [], "names": [name]}


def test_a_criterion_that_rates_the_offer_is_in_order() -> None:
    for title in ("Packaging and transport of the offer", "Course and nurse training", "EcoVadisible"):
        assert severities(case(criteria=[PRICE, criterion(GREEN, title=title)]), COMPANY) == []


def test_a_criterion_without_a_title_or_an_indicator_goes_by_its_id() -> None:
    untitled = criterion(GREEN, title=None, id="ecovadis")
    document = case(criteria=[PRICE, untitled], bids=[bid("A", marks={"ecovadis": "5"})])
    assert found(document, COMPANY)[0]["values"]["criteria"] == ["ecovadis"]
    indicators = [{"id": "iso-14001", "kind": "number", "weight": "1"}]
    (finding,) = found(case(policy=policy(indicators=indicators)), COMPANY)
    assert finding["values"] == {"criteria": [], "indicators": ["iso-14001"], "names": ["ISO 14001"]}


def test_words_are_found_whatever_their_case_accents_and_punctuation() -> None:
    assert first_named("ÉCOLABEL_européen", ["Ecolabel européen"]) == "Ecolabel européen"
    assert first_named("eu-ecolabel", ["EU Ecolabel"]) == "EU Ecolabel"
    assert first_named("Course", ["RSE"]) is None


PREFERENCE = policy(measure(amount="10"))


def test_an_unknown_origin_on_which_the_award_hangs_is_a_warning() -> None:
    bids = [bid("A", "100"), bid("B", "104", **goods("104", FR="1"))]
    (finding,) = found(case(policy=PREFERENCE, bids=bids), UNKNOWN)
    assert finding["severity"] == "warn"
    assert finding["values"] == {"bids": ["B", "A"], "rank_if_european": [1, 1], "rank_if_not": [2, 2]}


def test_an_unknown_origin_that_moves_only_the_second_place_is_information() -> None:
    first = bid("A", "50", **goods("50", FR="1"))
    bids = [first, bid("B", "100"), bid("C", "104", **goods("104", FR="0.4"))]
    (finding,) = found(case(policy=PREFERENCE, bids=bids), UNKNOWN)
    assert (finding["severity"], finding["values"]["bids"]) == ("info", ["C"])


def test_an_unknown_origin_that_would_exclude_is_said_so() -> None:
    gate = policy({"id": "foreign_only", "kind": "gate", "when": {"driver_from": ["european_share", "0.9"]}})
    bids = [bid("A", "100"), bid("B", "130", **goods("130", CN="1"))]
    (finding,) = found(case(policy=gate, bids=bids), UNKNOWN)
    assert (finding["severity"], finding["values"]["bids"]) == ("warn", ["A", "B"])
    assert (finding["values"]["rank_if_european"], finding["values"]["rank_if_not"]) == (["excluded", 2], [1, 1])


def test_origins_that_are_known_or_change_no_rank_are_in_order() -> None:
    known = [bid("A", "100", **goods("100", CN="1")), bid("B", "104", **goods("104", FR="1"))]
    assert severities(case(policy=PREFERENCE, bids=known), UNKNOWN) == []
    far = [bid("A", "10"), bid("B", "200")]
    assert severities(case(policy=PREFERENCE, bids=far), UNKNOWN) == []
    assert severities(case(policy=None, bids=far), UNKNOWN) == []


def test_a_mark_the_bidder_gave_itself_is_signalled() -> None:
    (finding,) = found(case(facts={"self_assessed_marks": ["B", "A", "nobody"]}), SELF)
    assert (finding["severity"], finding["values"]) == ("warn", {"bids": ["A", "B"]})


def test_a_bid_eliminated_by_its_own_mark_is_told_and_an_excluded_one_is_not() -> None:
    strict = [PRICE, criterion(GREEN, minimum="6")]
    eliminated = case(criteria=strict, bids=[bid("A"), bid("B", marks={"green": "7"})])
    (finding,) = found({**eliminated, "facts": {"self_assessed_marks": ["A"]}}, SELF)
    assert finding["values"] == {"bids": ["A"]}
    out = {**bid("A"), "status": "excluded", "exclusion_reason": "late"}
    assert severities(case(bids=[out, bid("B")], facts={"self_assessed_marks": ["A"]}), SELF) == []


def test_marks_of_the_panel_are_in_order_and_unknown_markers_are_not_assessed() -> None:
    assert severities(case(), SELF) == []
    assert missing(case(without=("self_assessed_marks",)), SELF) == ["facts.self_assessed_marks"]


def test_without_marks_nobody_assessed_itself() -> None:
    price = criterion(PRICE, weight="100")
    unmarked = case(criteria=[price], bids=[bid("A", marks={})], without=("self_assessed_marks",))
    assert severities(unmarked, SELF) == []
