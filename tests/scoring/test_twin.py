"""The engine against a second implementation that shares nothing with it but the specification."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

import scoring

from . import twin
from .mutations import broken
from .policies import portfolios, realisations
from .strategies import cases

BUDGET = settings().max_examples


def comparable(sheet: dict[str, Any]) -> dict[str, Any]:
    """A sheet without its findings; of the comparisons, what the specification fixes to the letter."""
    comparisons = [{"bid": row["bid"], "exact_flip_amount": row["exact_flip_amount"]} for row in sheet["comparisons"]]
    return {**{key: value for key, value in sheet.items() if key != "findings"}, "comparisons": comparisons}


def related(pointer: str, other: str) -> bool:
    """The same place, or one inside the other."""
    return pointer == other or pointer.startswith(other + "/") or other.startswith(pointer + "/")


@settings(max_examples=5 * BUDGET)
@given(case=cases())
def test_engine_and_twin_write_the_same_sheet(case: dict[str, Any]) -> None:
    assert twin.check_case(case) == set()
    assert comparable(scoring.evaluate(case)) == twin.sheet(case)


@settings(max_examples=5 * BUDGET)
@given(mutant=broken(cases(at_most=2)))
def test_engine_and_twin_refuse_the_same_documents_at_the_same_places(mutant: tuple[dict[str, Any], str]) -> None:
    case, _ = mutant
    wrong = twin.check_case(case)
    told = {problem.pointer for problem in scoring.validate(case).errors}
    assert bool(told) == bool(wrong), (told, wrong)
    assert not wrong or any(related(pointer, other) for pointer in wrong for other in told), (told, wrong)


@given(mutant=broken(cases(at_most=2)))
def test_nothing_is_computed_for_an_invalid_document(mutant: tuple[dict[str, Any], str]) -> None:
    case, _ = mutant
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
