"""The seeded policies on cases: what the engine does with them and what the guards find."""

from datetime import date
from typing import Any

import pytest

import scoring
from procurement.policies.seeds import read_seeds

SEEDS = {seed["document"]["id"]: seed["document"] for seed in read_seeds(on=date(2026, 11, 16))}
IN_FORCE, PROPOSAL = SEEDS["rules-in-force-2026"], SEEDS["european-priority-2020"]
FULL_EVIDENCE = {
    "carbon-footprint-ratio": {"value": "0.5"},
    "product-declaration": {"value": "EPD verified by a third party"},
    "type-i-label": {"value": "Type I ecolabel"},
    "recyclable-share": {"value": "1"},
}


def bid(key: str, country: str, price: str, *, origins: tuple[tuple[str, str], ...], **more: Any) -> dict[str, Any]:
    shares = [{"country": origin, "share": share} for origin, share in origins]
    return {
        "id": key,
        "supplier": {"name": key, "country": country},
        "status": "admissible",
        "lines": [{"id": "scanner", "quantity": "1", "unit_price": price, "origins": shares}],
        "marks": {"quality": "8"},
        **more,
    }


def sheet(policy: dict[str, Any], *bids: dict[str, Any], purpose: str = "award", **tender: Any) -> dict[str, Any]:
    case = {
        "schema": "bareme-case/1",
        "tender": {
            "id": "T",
            "launched_on": "2026-09-01",
            "cpv": "33115000",
            "estimated_value": "6000000",
            "currency": "EUR",
            **tender,
        },
        "assessed_on": "2026-11-16",
        "facts": {
            "purpose": purpose,
            "published_policy": {"id": policy["id"], "version": policy["version"]},
            "buyer_category": "sub_central",
            "ipi_announced": True,
            "ipi_exception": None,
            "evidence_counted_twice": False,
            "self_assessed_marks": [],
            "abnormally_low_explanations": [],
        },
        "criteria": [
            {"id": "price", "title": "Price", "kind": "price", "weight": "60", "formula": "lowest_ratio"},
            {
                "id": "quality",
                "title": "Technical value and environment",
                "kind": "quality",
                "weight": "40",
                "formula": "proportional",
                "scale": "10",
                "counts_environment": True,
            },
        ],
        "bids": list(bids),
        "policy": policy,
        "tie_break": ["lower_price"],
    }
    return scoring.evaluate(case)


def findings(found: dict[str, Any], severity: str) -> set[str]:
    return {finding["code"] for finding in found["findings"] if finding["severity"] == severity}


GERMAN = bid("DE", "DE", "5000000", origins=(("DE", "1"),), environment=FULL_EVIDENCE)
AMERICAN = bid("US", "US", "5000000", origins=(("US", "1"),), environment=FULL_EVIDENCE)
CHINESE = bid("CN", "CN", "4000000", origins=(("CN", "1"),))
RESOLD = bid("RESOLD", "FR", "4000000", origins=(("CN", "0.6"), ("FR", "0.4")))


def test_the_rules_in_force_block_nothing_and_leave_no_doubt_on_origin() -> None:
    found = sheet(IN_FORCE, GERMAN, AMERICAN, CHINESE)
    assert findings(found, "block") == set()
    every = {finding["code"] for finding in found["findings"]}
    assert not every & {"origin-bonus-covered", "intra-eu-discrimination", "value-added-origin", "stale-rule"}


def test_the_rules_in_force_treat_a_european_and_a_covered_bid_alike() -> None:
    found = sheet(IN_FORCE, GERMAN, AMERICAN)
    european, covered = found["ranking"]
    assert found["tied"]
    assert (european["total"], european["bonus"]) == (covered["total"], covered["bonus"]) == ("100.00", "8.00")


def test_an_operator_from_china_is_excluded_from_a_large_purchase_of_devices_alone() -> None:
    assert sheet(IN_FORCE, GERMAN, CHINESE)["excluded"] == [{"bid": "CN", "reason": "ipi-2025-1197"}]
    assert sheet(IN_FORCE, GERMAN, CHINESE, estimated_value="4999999.99")["excluded"] == []
    assert sheet(IN_FORCE, GERMAN, CHINESE, cpv="33600000")["excluded"] == []
    assert sheet(IN_FORCE, GERMAN, CHINESE, launched_on="2025-06-29")["excluded"] == []
    assert sheet(IN_FORCE, GERMAN, CHINESE, launched_on="2030-06-30")["excluded"] == []


def test_the_winner_of_a_large_purchase_owes_at_most_half_its_content_from_china() -> None:
    found = sheet(IN_FORCE, GERMAN, RESOLD)
    assert found["winner"] == "RESOLD"
    assert [(o["measure"], o["driver"], o["amount"]) for o in found["obligations"]] == [
        ("ipi-content-cap", "share:CN", "0.5")
    ]
    assert "ipi-origin-cap" in findings(found, "warn")
    assert sheet(IN_FORCE, GERMAN, RESOLD, estimated_value="200000")["obligations"] == []


def test_goods_that_are_not_covered_and_of_unknown_origin_earn_no_content_points() -> None:
    unknown = bid("UNKNOWN", "FR", "5000000", origins=())
    half = bid("HALF", "FR", "5000000", origins=(("CN", "0.5"), ("JP", "0.5")))
    found = sheet(IN_FORCE, unknown, half, estimated_value="200000")
    bonus = {row["bid"]: row["bonus"] for row in found["ranking"]}
    assert bonus == {"UNKNOWN": "0.00", "HALF": "1.50"}


def test_the_proposal_gives_nothing_at_half_and_five_points_at_the_whole() -> None:
    bids = [
        bid(key, "FR", "5000000", origins=(("NO", share),))
        for key, share in (("HALF", "0.5"), ("THREE-QUARTERS", "0.75"), ("WHOLE", "1"))
    ]
    found = sheet(PROPOSAL, *bids, purpose="simulation")
    assert {row["bid"]: row["bonus"] for row in found["ranking"]} == {
        "HALF": "0.00",
        "THREE-QUARTERS": "2.50",
        "WHOLE": "5.00",
    }


def test_the_proposal_keeps_its_bonus_under_ten_and_its_cash_back_under_its_cap() -> None:
    found = sheet(PROPOSAL, GERMAN, purpose="simulation")
    row = found["ranking"][0]
    # 5,000,000 × 3 % × 1.25 = 187,500, above the cap of a contract.
    assert (row["bonus"], row["cashback"]) == ("10.00", "50000.00")
    small = sheet(PROPOSAL, bid("FR", "FR", "100000", origins=(("FR", "0.8"),)), purpose="simulation")
    assert small["ranking"][0]["cashback"] == "1600.00"  # 100,000 × 0.8 × 2 %


def test_the_proposal_blocks_an_award_and_only_informs_a_simulation() -> None:
    award, simulation = (sheet(PROPOSAL, GERMAN, AMERICAN, purpose=purpose) for purpose in ("award", "simulation"))
    assert "policy-proposed" in findings(award, "block")
    assert "policy-proposed" in findings(simulation, "info")
    assert "origin-bonus-covered" in findings(award, "block") | findings(award, "warn")
    assert "origin-bonus-covered" in findings(simulation, "info")


@pytest.mark.parametrize("policy", [IN_FORCE, PROPOSAL], ids=["in-force", "proposal"])
def test_no_seed_treats_a_state_of_the_single_market_worse_than_another(policy: dict[str, Any]) -> None:
    found = sheet(policy, GERMAN, AMERICAN)
    every = {finding["code"] for finding in found["findings"]}
    assert not every & {"intra-eu-discrimination", "value-added-origin", "ecolabel-medical-device"}
