"""Cash-back: the estimate of a bid, the rationing of a portfolio, and what is due once the contract is performed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from scoring import InvalidDocument, dues, evaluate, ration

from .documents import Document, from_countries, lot, offer, placed, preference, scheme


def estimated(share: str = "1", value: str = "1000", bid: Document | None = None, **changes: Any) -> str | None:
    """The cash-back of a bid of one line, of which that share is French, under a scheme."""
    indicators = [{"id": "carbon", "kind": "number", "weight": "1"}]
    made = {**offer("A", value), **from_countries(value, ("FR", share)), **(bid or {})}
    policy = preference(indicators=indicators, cashback=scheme(**changes))
    found: str | None = placed(evaluate(lot(made, policy=policy)), "A")["cashback"]
    return found


@pytest.mark.parametrize(
    ("share", "paid"),
    [("0.49", "0.00"), ("0.5", "10.00"), ("0.799999", "16.00"), ("0.8", "32.00"), ("1", "40.00")],
)
def test_the_rate_is_that_of_the_last_tier_reached(share: str, paid: str) -> None:
    assert estimated(share) == paid


def test_the_base_may_be_the_whole_contract() -> None:
    assert estimated("0.5", base="contract") == "20.00"


def test_a_scheme_without_tiers_pays_nothing() -> None:
    assert estimated(tiers=[]) == "0.00"


def test_the_environment_multiplies() -> None:
    green = {"environment": {"carbon": {"value": "0.5"}}}
    assert estimated(bid=green, environment_multiplier="0.25") == "45.00"


def test_the_minimum_contract_is_included() -> None:
    assert estimated(minimum_contract="1000") == "40.00"
    assert estimated(minimum_contract="1000.01") == "0.00"


def test_the_cap_of_a_contract_cuts() -> None:
    assert estimated(cap_per_contract="12.34") == "12.34"
    assert estimated(cap_per_contract="0") == "0.00"


def test_a_scheme_whose_predicate_fails_pays_nothing() -> None:
    assert estimated(when={"supplier_in": "CN"}) == "0.00"


def test_amounts_are_rounded_to_the_cent() -> None:
    assert estimated(value="0.13", base="contract") == "0.01"  # 0.0052
    assert estimated(value="0.12", base="contract") == "0.00"  # 0.0048


def test_without_a_scheme_there_is_no_cashback() -> None:
    assert placed(evaluate(lot(offer("A"), policy=preference())), "A")["cashback"] is None


def award(name: str, amount: str, hospital: str = "H", day: str = "2026-01-01", year: int = 2026) -> Document:
    return {"id": name, "hospital": hospital, "year": year, "awarded_on": day, "amount": amount}


def granted(awards: list[Document], **changes: Any) -> dict[str, str]:
    return {line["id"]: line["amount"] for line in ration(scheme(**changes), awards)}


def test_without_caps_everybody_gets_what_was_estimated_in_the_given_order() -> None:
    assert ration(scheme(), [award("b", "10"), award("a", "0.5")]) == [
        {"id": "b", "amount": "10.00"},
        {"id": "a", "amount": "0.50"},
    ]
    assert ration(scheme(), []) == []


def test_the_hospital_year_cap_goes_to_the_first_awarded_then_the_lower_id() -> None:
    awards = [
        award("c", "60", day="2026-03-01"),
        award("b", "60", day="2026-02-01"),
        award("a", "60", day="2026-02-01"),
        award("d", "60", hospital="K"),
        award("e", "60", year=2027),
    ]
    assert granted(awards, cap_per_hospital_year="100") == {
        "a": "60.00", "b": "40.00", "c": "0.00", "d": "60.00", "e": "60.00",
    }  # fmt: skip


def test_first_come_shares_the_envelope_of_a_year_over_all_hospitals() -> None:
    awards = [award("a", "60", "H", "2026-02-01"), award("b", "60", "K", "2026-01-01"), award("c", "1", year=2027)]
    shared = granted(awards, envelope_year="100", rationing="first_come")
    assert shared == {"a": "40.00", "b": "60.00", "c": "1.00"}


def test_pro_rata_shares_whole_cents_by_largest_remainder() -> None:
    """An envelope of 1.00 over 0.98, 0.99 and 0.99: 33.1, 33.4 and 33.4 cents; the last cent goes to the first."""
    awards = [award("z", "0.98"), award("y", "0.99", day="2026-01-02"), award("x", "0.99", day="2026-01-03")]
    assert granted(awards, envelope_year="1") == {"x": "0.33", "y": "0.34", "z": "0.33"}


def test_pro_rata_ties_go_to_the_first_awarded_then_the_lower_id() -> None:
    awards = [award("b", "1"), award("a", "1"), award("c", "1", day="2025-12-31")]
    assert granted(awards, envelope_year="0.02") == {"b": "0.00", "a": "0.01", "c": "0.01"}


def test_an_envelope_that_is_enough_changes_nothing() -> None:
    assert granted([award("a", "1"), award("b", "2")], envelope_year="3") == {"a": "1.00", "b": "2.00"}


def test_the_envelope_is_shared_after_the_hospital_cap() -> None:
    awards = [award("a", "80"), award("b", "80", day="2026-02-01"), award("c", "100", hospital="K")]
    shared = granted(awards, cap_per_hospital_year="100", envelope_year="100")
    assert shared == {"a": "40.00", "b": "10.00", "c": "50.00"}


def test_rationing_does_not_depend_on_the_order_of_the_awards() -> None:
    awards = [
        award(name, f"{index * 7 % 5 + 1}.0{index}", hospital="HK"[index % 2]) for index, name in enumerate("abcdef")
    ]
    limits: dict[str, Any] = {"cap_per_hospital_year": "9", "envelope_year": "12.37"}
    assert granted(awards, **limits) == granted(awards[::-1], **limits)
    assert sum(map(Fraction, granted(awards, **limits).values())) == Fraction("12.37")


def test_awards_are_checked_with_the_scheme() -> None:
    awards = [award("a", "1.001"), award("a", "1"), {**award("b", "-1"), "year": "2026"}, {"id": "c"}, "d"]
    with pytest.raises(InvalidDocument) as refused:
        ration(scheme(base="price"), awards)
    assert {problem.pointer for problem in refused.value.problems} == {
        "/scheme/base",
        "/awards/0/amount",
        "/awards/1/id",
        "/awards/2/year",
        "/awards/2/amount",
        "/awards/3/hospital",
        "/awards/3/year",
        "/awards/3/awarded_on",
        "/awards/3/amount",
        "/awards/4",
    }


@pytest.mark.parametrize("awards", [None, {}, "none", [1.5]])
def test_what_is_no_list_of_awards_is_refused(awards: Any) -> None:
    with pytest.raises(InvalidDocument) as refused:
        ration(scheme(), awards)
    assert refused.value.problems[0].pointer.startswith("/awards")


def performed(name: str, invoiced: str, share: str, paid: str, year: int = 2026, **more: Any) -> Document:
    line = {"id": name, "hospital": "H", "year": year, "awarded_on": "2026-01-01"}
    return {**line, "invoiced": invoiced, "verified_share": share, "paid": paid, **more}


def test_what_is_due_follows_the_verified_share_and_the_rest_is_given_back() -> None:
    lines = [performed("a", "1000", "0.8", "40"), performed("b", "1000", "0.79", "10"), performed("c", "9", "0.4", "1")]
    assert dues(scheme(), lines) == [
        {"id": "a", "year": 2026, "due": "32.00", "claw_back": "8.00"},
        {"id": "b", "year": 2026, "due": "15.80", "claw_back": "0.00"},
        {"id": "c", "year": 2026, "due": "0.00", "claw_back": "1.00"},
    ]


def test_dues_obey_the_same_caps_and_a_contracts_own_cap_runs_over_the_years() -> None:
    lines = [
        performed("a", "1000", "1", "40", 2027),
        performed("a", "1000", "1", "40"),
        performed("b", "500", "1", "0"),
    ]
    changes: dict[str, Any] = {"cap_per_contract": "50", "cap_per_hospital_year": "45"}
    assert [(line["year"], line["due"]) for line in dues(scheme(**changes), lines)] == [
        (2027, "10.00"),
        (2026, "40.00"),
        (2026, "5.00"),
    ]


def test_one_line_per_contract_and_year() -> None:
    with pytest.raises(InvalidDocument) as refused:
        dues(scheme(), [performed("a", "1", "1", "0"), performed("a", "1", "2", "0")])
    assert [problem.pointer for problem in refused.value.problems] == ["/realised/1/verified_share", "/realised/1/id"]
