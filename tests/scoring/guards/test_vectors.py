"""The conformance vectors of the guards: a case, and every finding that must come out, in the table's order."""

from __future__ import annotations

import json
from typing import Any

import pytest

import scoring
from scoring.guards import GUARDS
from tests.scoring.test_vectors import vectors


def told(sheet: dict[str, Any]) -> list[dict[str, Any]]:
    """The findings without article and source, whose wording another implementation chooses."""
    return [{key: finding[key] for key in ("code", "severity", "values", "mark")} for finding in sheet["findings"]]


@pytest.mark.parametrize("vector", vectors("guarded"))
def test_guards_answer_the_vector(vector: dict[str, Any]) -> None:
    assert told(scoring.evaluate(vector["guarded"])) == vector["expect"]


def test_every_guard_that_a_case_alone_can_raise_has_a_vector() -> None:
    raised = {finding["code"] for each in vectors("guarded") for finding in each.values[0]["expect"]}
    elsewhere = {"method-rank-reversal"}  # in explanations.jsonl: it only repeats the sheet's withdrawals
    assert raised == {guard.code for guard in GUARDS} - elsewhere


def test_a_vector_is_written_once_and_as_json() -> None:
    cases = [json.dumps(each.values[0]["guarded"], sort_keys=True) for each in vectors("guarded")]
    assert len(set(cases)) == len(cases)
