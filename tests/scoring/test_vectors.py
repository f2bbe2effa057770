"""The conformance vectors: small cases whose figures can be checked by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import scoring
from scoring.reading import loads

from . import twin
from .test_examples import differences, lines

FOLDER = Path(__file__).with_name("vectors")

Vector = dict[str, Any]


def all_vectors() -> Iterator[tuple[str, Vector]]:
    for path in sorted(FOLDER.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            vector = json.loads(line)
            yield f"{path.stem}: {vector['title']}", vector


def vectors(subject: str) -> list[Any]:
    """The vectors about a `case`, a `text` or a `scheme`."""
    return [pytest.param(vector, id=title) for title, vector in all_vectors() if subject in vector]


def pointers(refused: pytest.ExceptionInfo[scoring.InvalidDocument]) -> list[str]:
    return sorted(problem.pointer for problem in refused.value.problems)


@pytest.mark.parametrize("vector", vectors("case"))
def test_engine_answers_the_vector(vector: Vector) -> None:
    if "errors" in vector["expect"]:
        with pytest.raises(scoring.InvalidDocument) as refused:
            scoring.evaluate(vector["case"])
        assert pointers(refused) == sorted(vector["expect"]["errors"])
        assert all(problem.sentence for problem in refused.value.problems)
    else:
        assert list(differences(vector["expect"], scoring.evaluate(vector["case"]))) == []


@pytest.mark.parametrize("vector", vectors("case"))
def test_twin_answers_the_vector(vector: Vector) -> None:
    if "errors" in vector["expect"]:
        assert sorted(twin.check_case(vector["case"])) == sorted(vector["expect"]["errors"])
    else:
        assert list(differences(vector["expect"], twin.sheet(vector["case"]))) == []


@pytest.mark.parametrize("line", [pytest.param(line, id=str(index)) for index, line in enumerate(lines())])
def test_twin_answers_the_example_of_the_specification(line: str) -> None:
    example = json.loads(line)
    assert twin.check_case(example["case"]) == set()
    sheet = twin.sheet(example["case"])
    sheet["alerts"] = [alert["bid"] for alert in sheet["alerts"]]
    assert list(differences(example["expect"], sheet)) == []


@pytest.mark.parametrize("vector", vectors("scheme"))
def test_portfolio_is_rationed_as_the_vector_says(vector: Vector) -> None:
    rationed = scoring.ration(vector["scheme"], vector["awards"])
    assert {row["id"]: row["amount"] for row in rationed} == vector["expect"]
    assert twin.ration(vector["scheme"], vector["awards"]) == vector["expect"]


@pytest.mark.parametrize("vector", vectors("text"))
def test_a_text_that_is_no_document_is_refused(vector: Vector) -> None:
    with pytest.raises(scoring.InvalidDocument) as refused:
        loads(vector["text"])
    assert pointers(refused) == vector["expect"]["errors"]


def test_no_two_vectors_have_the_same_title() -> None:
    titles = [title for title, _ in all_vectors()]
    assert len(titles) == len(set(titles))
