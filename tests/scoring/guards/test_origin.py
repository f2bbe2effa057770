"""Origin: what agreements cover, the single market, and goods that have one country."""

from __future__ import annotations

from typing import Any

import pytest

from scoring import InvalidDocument, evaluate
from tests.scoring.guards.documents import (
    EEA,
    EU,
    GPA,
    RECALLED,
    Document,
    bid,
    case,
    found,
    measure,
    missing,
    policy,
    severities,
)

COVERED = "origin-bonus-covered"
SINGLE = "intra-eu-discrimination"
ALIKE = sorted({*EEA, *GPA, *RECALLED})


def favouring(area: list[str], *measures: Document, **more: Any) -> Document:
    """A policy whose european_area is `area`; up to 5 points with the share of it unless told otherwise."""
    return policy(*(measures or (measure(),)), areas={"EU": area}, **more)


def test_points_for_european_goods_place_covered_goods_lower_and_are_blocked() -> None:
    primary, recalled = found(case(policy=favouring(EEA)), COVERED)
    assert (primary["severity"], primary["mark"]) == ("block", "S")
    assert primary["article"].startswith("CCP L2153-1")
    assert primary["values"] == {
        "operators": [],
        "goods": sorted(set(GPA) - {"IS", "LI", "NO"}),
        "measures": ["european"],
        "tie_breaks": [],
    }
    assert (recalled["severity"], recalled["mark"]) == ("warn", "R")
    assert recalled["values"]["goods"] == sorted(RECALLED)


def test_the_same_points_in_a_simulation_are_information() -> None:
    document = case(policy=favouring(EEA), facts={"purpose": "simulation"})
    assert severities(document, COVERED) == ["info", "info"]


def test_only_recalled_countries_placed_lower_is_a_warning() -> None:
    document = case(policy=favouring(sorted({*EEA, *GPA})))
    assert severities(document, COVERED) == ["warn"]


def test_points_that_treat_every_covered_country_alike_are_in_order() -> None:
    assert severities(case(policy=favouring(ALIKE)), COVERED) == []
    malus = measure("chinese", "add_to_price", driver="share:CN", amount="0.2")
    assert severities(case(policy=favouring(EEA, malus), without=("purpose", "buyer_category")), COVERED) == []


def test_two_measures_that_make_up_for_each_other_are_in_order() -> None:
    rest = sorted(set(ALIKE) - set(EEA))
    both = favouring(EEA, measure("eu"), measure("covered", driver="share:REST"))
    both["areas"]["REST"] = rest
    assert severities(case(policy=both), COVERED) == []
    both["measures"][1]["amount"] = "4"
    (primary, _) = found(case(policy=both), COVERED)
    assert primary["values"]["measures"] == ["eu"]


def test_a_cap_that_levels_two_bonuses_is_in_order() -> None:
    both = favouring(EEA, measure("eu"), measure("covered", driver="share:ALL", amount="3"), bonus_cap="3")
    both["areas"]["ALL"] = ALIKE
    assert severities(case(policy=both), COVERED) == ["block", "warn"], "half European gets more than half covered"
    both["measures"][0]["curve"] = both["measures"][1]["curve"] = [["0", "0"], ["0", "1"]]
    assert severities(case(policy=both), COVERED) == []


@pytest.mark.parametrize(
    "given",
    [
        measure("m", "add_to_price", curve=[["0", "1"], ["1", "0"]], amount="0.1"),
        measure("m", "deduct_from_price", amount="0.1"),
        measure("m", "deflate_price", amount="0.1"),
        measure("m", "scale_score", curve=[["0", "1"], ["1", "0"]], amount="0.1"),
        measure("m", "floor", amount="0.5"),
        measure("m", "right_to_match", amount="0.5"),
        measure("m", "add_points", curve=[["0.4", "0"], ["0.5", "1"], ["0.6", "0"]]),
        measure("m", "add_points", driver="environment", when={"driver_from": ["share:EU", "0.5"]}),
        measure("m", "add_points", driver="mark:green", when={"driver_from": ["share:EU", "0.5"]}),
        measure("m", "scale_score", driver="one", amount="0.1", when={"driver_below": ["european_share", "0.5"]}),
        {"id": "m", "kind": "gate", "when": {"driver_below": ["european_share", "0.5"]}},
    ],
    ids=lambda given: f"{given['kind']} {given.get('driver', '')} {'when' in given}",
)
def test_whatever_the_measure_covered_goods_placed_lower_are_seen(given: Document) -> None:
    primary, _ = found(case(policy=favouring(EEA, given)), COVERED)
    assert (primary["severity"], primary["values"]["measures"]) == ("block", ["m"])
    assert "JP" in primary["values"]["goods"]


@pytest.mark.parametrize(
    "given",
    [
        {"id": "m", "kind": "gate", "when": {"supplier_not_in": "EU"}},
        measure("m", driver="one", when={"supplier_in": "EU"}),
        measure("m", driver="environment", when={"supplier_in": "EU"}),
    ],
    ids=["gate", "points", "points for the environment"],
)
def test_covered_operators_placed_lower_are_seen(given: Document) -> None:
    primary, _ = found(case(policy=favouring(EEA, given)), COVERED)
    assert "JP" in primary["values"]["operators"]
    assert primary["values"]["goods"] == []


def test_a_bonus_that_no_bid_can_reach_harms_nobody() -> None:
    unreachable = measure(curve=[["0.9", "0"], ["0.9", "1"]])
    halves = dict.fromkeys(("declared", "documented", "verified"), "0.5")
    document = case(policy=favouring(EEA, unreachable, assurance_factors=halves))
    assert severities(document, COVERED) == []


def test_a_measure_whose_tender_conditions_fail_does_nothing_here() -> None:
    elsewhere = measure(when={"cpv_from": "33600000"})
    assert severities(case(policy=favouring(EEA, elsewhere)), COVERED) == []


def test_a_tie_broken_by_european_share_places_covered_goods_lower() -> None:
    document = case(policy=favouring(EEA, measure(driver="one")), tie_break=["lower_price", "higher_european_share"])
    primary, _ = found(document, COVERED)
    assert primary["values"]["measures"] == []
    assert primary["values"]["tie_breaks"] == ["higher_european_share"]
    assert severities({**document, "tie_break": ["lower_price"]}, COVERED) == []


def test_below_the_threshold_nothing_is_covered() -> None:
    for value, expected in (("215999.99", []), ("216000", ["block", "warn"])):
        assert severities(case(policy=favouring(EEA), tender={"estimated_value": value}), COVERED) == expected


def test_the_threshold_is_that_of_the_buyer_s_category_or_of_works() -> None:
    def at(value: str, category: str, cpv: str = "33141310") -> list[str]:
        tender = {"estimated_value": value, "cpv": cpv}
        return severities(case(policy=favouring(EEA), tender=tender, facts={"buyer_category": category}), COVERED)

    assert at("140000", "central") == ["block", "warn"]
    assert at("431999", "utility") == []
    assert at("5403999", "central", "45215140") == []
    assert at("5404000", "central", "45215140") == ["block", "warn"]


def test_the_buyer_s_category_matters_only_between_the_thresholds() -> None:
    def at(value: str) -> Document:
        return case(policy=favouring(EEA), tender={"estimated_value": value}, without=("buyer_category",))

    assert severities(at("139999"), COVERED) == []
    assert missing(at("300000"), COVERED) == ["facts.buyer_category"]
    assert severities(at("432000"), COVERED) == ["block", "warn"]


def test_the_category_of_a_hospital_decides_no_block_for_every_authority_has_reached_its_threshold() -> None:
    """That a hospital is not of the State is recalled: from 216 000 € on, it does not matter."""
    for category in ("sub_central", "central"):
        given = case(policy=favouring(EEA), tender={"estimated_value": "216000"}, facts={"buyer_category": category})
        assert severities(given, COVERED) == ["block", "warn"]


@pytest.mark.parametrize(("launched_on", "expected"), [("2023-10-29", False), ("2023-10-30", True)])
def test_north_macedonia_is_recalled_as_a_party_from_its_day(launched_on: str, expected: bool) -> None:
    *_, recalled = found(case(policy=favouring(EEA), tender={"launched_on": launched_on}), COVERED)
    assert ("MK" in recalled["values"]["goods"]) is expected


def test_greece_the_united_kingdom_and_nobody_else_s_codes_are_read() -> None:
    for code in ("EL", "UK", "XI", "EU", "FRA"):
        with pytest.raises(InvalidDocument):
            evaluate(case(bids=[bid("A", country=code)]))
        with pytest.raises(InvalidDocument):
            evaluate(case(policy=favouring([code])))
    assert severities(case(policy=favouring(sorted(set(EEA) - {"GR"}))), SINGLE) == ["block"]
    primary, _ = found(case(policy=favouring(sorted({*EEA, *GPA} - {"GB"}))), COVERED)
    assert primary["values"]["goods"] == ["GB"]


def test_switzerland_is_covered_and_not_of_the_single_market() -> None:
    document = case(policy=favouring(sorted(set(ALIKE) - {"CH"})))
    assert severities(document, SINGLE) == []
    assert found(document, COVERED)[0]["values"]["goods"] == ["CH"]


def test_without_a_value_a_cpv_a_purpose_or_a_day_coverage_is_not_assessed() -> None:
    given = favouring(EEA)
    assert missing(case(policy=given, tender={"estimated_value": None}), COVERED) == ["tender.estimated_value"]
    assert missing(case(policy=given, tender={"currency": "USD"}), COVERED) == ["tender.estimated_value"]
    assert missing(case(policy=given, tender={"cpv": None}), COVERED) == ["tender.cpv"]
    assert missing(case(policy=given, without=("purpose",)), COVERED) == ["facts.purpose"]
    undated = case(policy=given, tender={"launched_on": None}, assessed_on="omit")
    assert missing(undated, COVERED) == ["tender.launched_on"]


def test_a_threshold_that_was_recalled_makes_a_warning_at_most() -> None:
    assert severities(case(policy=favouring(EEA), tender={"launched_on": "2025-03-01"}), COVERED) == ["warn", "warn"]


def test_a_day_whose_law_is_not_recorded_is_not_assessed() -> None:
    document = case(policy=favouring(EEA), tender={"launched_on": "2012-03-01"})
    assert missing(document, COVERED) == ["parameters.areas.eu"]
    assert missing(document, SINGLE) == ["parameters.areas.eea"]


def test_made_in_france_is_blocked_even_in_a_simulation() -> None:
    document = case(policy=favouring(["FR"]), facts={"purpose": "simulation"})
    (finding,) = found(document, SINGLE)
    assert (finding["severity"], finding["mark"]) == ("block", "S")
    assert finding["values"]["goods"] == sorted(set(EEA) - {"FR"})
    assert finding["values"]["measures"] == ["european"]


def test_points_for_the_union_alone_treat_the_rest_of_the_economic_area_worse() -> None:
    (finding,) = found(case(policy=favouring(EU)), SINGLE)
    assert finding["values"]["goods"] == ["IS", "LI", "NO"]


def test_a_french_operator_preferred_is_seen() -> None:
    national = policy({"id": "m", "kind": "gate", "when": {"supplier_not_in": "FR"}}, areas={"FR": ["FR"]})
    (finding,) = found(case(policy=national), SINGLE)
    assert "DE" in finding["values"]["operators"]
    assert finding["values"]["goods"] == []


def test_a_malus_on_one_state_names_that_state() -> None:
    malus = measure("m", "add_to_price", driver="share:IT", amount="0.1")
    (finding,) = found(case(policy=policy(malus, areas={"IT": ["IT"]})), SINGLE)
    assert finding["values"]["goods"] == ["IT"]


def test_a_cap_on_the_goods_of_one_state_is_seen() -> None:
    cap = measure("m", "execution_cap", driver="share:IT", amount="0.5")
    (finding,) = found(case(policy=policy(cap, areas={"IT": ["IT"]})), SINGLE)
    assert (finding["values"]["goods"], finding["values"]["measures"]) == (["IT"], ["m"])


def test_a_tie_broken_by_a_share_that_leaves_a_state_out_is_seen() -> None:
    document = case(policy=favouring(EU, measure(driver="one")), tie_break=["higher_european_share"])
    (finding,) = found(document, SINGLE)
    assert (finding["values"]["goods"], finding["values"]["measures"]) == (["IS", "LI", "NO"], [])


def test_states_treated_alike_are_in_order() -> None:
    assert severities(case(policy=favouring(EEA)), SINGLE) == []
    assert severities(case(policy=None), SINGLE) == []


def test_an_undated_case_cannot_be_compared() -> None:
    undated = case(policy=favouring(["FR"]), tender={"launched_on": None}, assessed_on="omit")
    assert missing(undated, SINGLE) == ["tender.launched_on"]
    dated = case(policy=favouring(["FR"]), tender={"launched_on": None})
    assert severities(dated, SINGLE) == ["block"], "the day of the assessment says which States there are"


ADDED = policy(content_basis="value_added")


def test_an_award_on_shares_of_value_added_is_blocked_under_a_policy_in_force() -> None:
    (finding,) = found(case(policy=ADDED), "value-added-origin")
    assert (finding["severity"], finding["mark"]) == ("block", "S")


def test_value_added_may_be_simulated_or_proposed_and_customs_origin_awarded() -> None:
    for document in (
        case(policy=ADDED, facts={"purpose": "simulation"}),
        case(policy={**ADDED, "status": "proposed"}, without=("purpose",)),
        case(policy=policy(), without=("purpose",)),
        case(policy=None),
    ):
        assert severities(document, "value-added-origin") == []


def test_value_added_without_a_purpose_is_not_assessed() -> None:
    assert missing(case(policy=ADDED, without=("purpose",)), "value-added-origin") == ["facts.purpose"]
