"""The engine against a second implementation that shares nothing with it but the specification."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, settings

import scoring

from . import twin
from .documents import effect, lot, offer, preference, price, quality
from .mutations import broken
from .policies import policies, portfolios, realisations, schemes
from .strategies import cases

BUDGET = settings().max_examples


def comparable(sheet: dict[str, Any]) -> dict[str, Any]:
    """A sheet without its findings; of the comparisons, what the specification fixes to the letter."""
    comparisons = [{"bid": row["bid"], "exact_flip_amount": row["exact_flip_amount"]} for row in sheet["comparisons"]]
    return {**{key: value for key, value in sheet.items() if key != "findings"}, "comparisons": comparisons}


@settings(max_examples=5 * BUDGET)
@given(case=cases())
def test_engine_and_twin_write_the_same_sheet(case: dict[str, Any]) -> None:
    assert twin.check_case(case) == set()
    assert comparable(scoring.evaluate(case)) == twin.sheet(case)


@settings(max_examples=5 * BUDGET)
@given(case=broken(cases(at_most=2), at_most=4))
def test_engine_and_twin_refuse_the_same_cases_at_the_same_places(case: dict[str, Any]) -> None:
    assert told_by_evaluating(case) == twin.check_case(case)


def told_by_evaluating(case: dict[str, Any]) -> set[str]:
    try:
        scoring.evaluate(case)
    except scoring.InvalidDocument as refused:
        return {problem.pointer for problem in refused.problems}
    return set()


@settings(max_examples=5 * BUDGET)
@given(policy=broken(policies(["q0", "q1"]), at_most=3))
def test_engine_and_twin_refuse_the_same_policies_at_the_same_places(policy: dict[str, Any]) -> None:
    assume(policy.get("schema") == "bareme-policy/1")  # what makes it known as a policy
    assert {problem.pointer for problem in scoring.validate(policy).errors} == twin.check_policy(policy)


@settings(max_examples=5 * BUDGET)
@given(scheme=broken(schemes([]), at_most=3))
def test_engine_and_twin_refuse_the_same_schemes_at_the_same_places(scheme: dict[str, Any]) -> None:
    wrong = {f"/scheme{pointer}" for pointer in twin.check_scheme(scheme)}
    try:
        scoring.ration(scheme, [])
        told = set()
    except scoring.InvalidDocument as refused:
        told = {problem.pointer for problem in refused.problems}
    assert told == wrong


@given(case=broken(cases(at_most=2)))
def test_nothing_is_computed_for_an_invalid_document(case: dict[str, Any]) -> None:
    problems = scoring.validate(case).errors
    if not problems:
        assert comparable(scoring.evaluate(case)) == twin.sheet(case)
        return
    with pytest.raises(scoring.InvalidDocument) as refused:
        scoring.evaluate(case)
    assert refused.value.problems


@given(portfolio=portfolios())
def test_engine_and_twin_ration_alike(portfolio: tuple[dict[str, Any], list[dict[str, Any]]]) -> None:
    scheme, awards = portfolio
    rationed = scoring.ration(scheme, awards)
    assert {row["id"]: row["amount"] for row in rationed} == twin.ration(scheme, awards)
    assert [row["id"] for row in rationed] == [award["id"] for award in awards]


@given(realisation=realisations())
def test_engine_and_twin_find_the_same_dues(realisation: tuple[dict[str, Any], list[dict[str, Any]]]) -> None:
    assert scoring.dues(*realisation) == twin.dues(*realisation)


def test_the_mean_of_many_long_fractions_is_exact() -> None:
    line = {"id": "1", "quantity": "7.000000000003", "origins": [{"country": "FR", "share": "0.123456789013"}]}
    other = {"id": "2", "quantity": "3", "origins": []}
    bids = [
        offer(
            f"B{index}",
            lines=[{**line, "unit_price": f"{index + 1}.000000000007"}, {**other, "unit_price": f"{index}.3"}],
        )
        for index in range(12)
    ]
    for bid in bids:
        del bid["price"]
    deflate = [effect(f"d{n}", "deflate_price", amount=f"0.{n}23456789017") for n in (1, 2, 3)]
    case = lot(*bids, criteria=[price(formula="mean_bounded"), quality()], policy=preference(*deflate))
    sheet = scoring.evaluate(case)
    assert max(len(row["criteria"]["price"]["exact_points"]) for row in sheet["ranking"]) > 1000
    assert comparable(sheet) == twin.sheet(case)
