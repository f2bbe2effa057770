"""Problems of documents in the reader's language: the same places, every sentence translated."""

import json
from pathlib import Path

import pytest
from django.utils import translation

from procurement.problems import listed, said
from scoring import InvalidDocument, evaluate
from scoring.portfolio.problems import BadScenario
from scoring.problems import Phrase, Problem
from scoring.reading import FAULTS_OF_JSON, loads

VECTORS = Path(__file__).parent / "scoring" / "vectors" / "errors.jsonl"


def problems() -> list[Problem]:
    """The problems of every invalid case of the vectors."""
    found: list[Problem] = []
    for line in VECTORS.read_text(encoding="utf-8").splitlines():
        with pytest.raises(InvalidDocument) as refused:
            evaluate(json.loads(line)["case"])
        found += refused.value.problems
    return found


def test_english_is_the_engine_s_own_sentence() -> None:
    with translation.override("en"):
        assert listed(problems()) == [problem.as_json() for problem in problems()]


def test_every_problem_of_a_case_is_said_in_french() -> None:
    with translation.override("fr"):
        assert [problem.sentence for problem in problems() if said(problem) == problem.sentence] == []


def test_a_phrase_that_a_document_holds_is_said_in_the_language_of_whoever_reads_it() -> None:
    unfit = BadScenario("%(area)s: it has %(known)s.", area="HOME", known=Phrase("none"), lots=3)
    held = json.loads(json.dumps(unfit.as_json()))
    assert str(Phrase.of_json(held)) == str(unfit) == "HOME: it has none."
    with translation.override("fr"):
        assert said(Phrase.of_json(held)) == "HOME: it has aucune."


def test_what_keeps_a_text_from_being_json_is_said_in_french() -> None:
    with translation.override("fr"):
        assert [fault for fault in FAULTS_OF_JSON if said(Phrase(fault)) == fault] == []


@pytest.mark.parametrize(
    "content", ["[NaN]", "[" + "1" * 5000 + "]", '{"a": 1, "a": 2}', "[1.5]", b"\xff", "[" * 99999]
)
def test_unreadable_text_is_said_in_french(content: str | bytes) -> None:
    with pytest.raises(InvalidDocument) as refused, translation.override("fr"):
        loads(content)
    with translation.override("fr"):
        assert [problem for problem in refused.value.problems if said(problem) == problem.sentence] == []


def test_a_phrase_is_translated_inside_its_sentence_and_a_value_stands_as_it_is() -> None:
    problem = Problem(
        "/a", "%(expected)s is expected, not %(found)s.", {"expected": Phrase("one item"), "found": "100%"}
    )
    with translation.override("fr"):
        assert said(problem) == "Il faut ici un article, et non 100%."
