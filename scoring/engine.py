"""From a case document to its score sheet: read, evaluate, explain, check, write."""

from __future__ import annotations

from typing import Any

from scoring.canonical import sha256_of_checked
from scoring.case_reading import read_case
from scoring.evaluate import evaluate_case
from scoring.explain import explain
from scoring.guards import Inquiry, findings
from scoring.parameters import Parameter, Parameters
from scoring.sheet import sheet_of


def evaluate(document: dict[str, Any]) -> dict[str, Any]:
    """The score sheet (`bareme-scoresheet/1`) of a case document (`bareme-case/1`).

    Raises InvalidDocument with every problem of the case; the document is not changed.
    """
    return evaluate_with_law(document)[0]


def evaluate_with_law(document: dict[str, Any]) -> tuple[dict[str, Any], tuple[Parameter, ...]]:
    """The score sheet, as `evaluate` gives it, and the legal values its guards looked at, by key."""
    case = read_case(document)
    outcome, contest = evaluate_case(case)
    explanation = explain(case, outcome, contest)
    law = Parameters()
    sheet = sheet_of(
        case,
        outcome,
        explanation,
        case_sha256=sha256_of_checked(document),
        findings=findings(Inquiry(case, outcome, explanation), law),
    )
    return sheet, law.used
