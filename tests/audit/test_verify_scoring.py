"""The verifier against the engine: two programs that share the specification and nothing else."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

import scoring
from procurement.audit import verify
from scoring.reading import loads
from tests.audit.conftest import CASES
from tests.audit.pythons import OTHERS, interpreter
from tests.scoring.mutations import broken
from tests.scoring.strategies import cases
from tests.scoring.test_examples import differences as differences_of_example
from tests.scoring.test_examples import lines as example_lines
from tests.scoring.test_vectors import Vector, differences, vectors

SOURCE = Path(verify.__file__)
OLDEST = (3, 9)


def engine(text: str) -> dict[str, Any]:
    """What the engine answers: a sheet without its findings, or where the document is wrong."""
    try:
        sheet = scoring.evaluate(loads(text))
    except scoring.InvalidDocument as invalid:
        return {"errors": sorted({problem.pointer for problem in invalid.problems})}
    return {key: value for key, value in sheet.items() if key != "findings"}


def verifier(text: str) -> dict[str, Any]:
    return verify.answered(text.encode())


@settings(max_examples=CASES)
@given(case=cases())
def test_engine_and_verifier_write_the_same_sheet(case: dict[str, Any]) -> None:
    text = json.dumps(case)
    sheet = verifier(text)
    assert "ranking" in sheet
    assert sheet == engine(text)


@settings(max_examples=CASES)
@given(case=broken(cases(at_most=2), at_most=4))
def test_engine_and_verifier_refuse_the_same_cases_at_the_same_places(case: dict[str, Any]) -> None:
    text = json.dumps(case)
    assert verifier(text) == engine(text)


@pytest.mark.parametrize("vector", vectors("case"))
def test_verifier_answers_the_vector(vector: Vector) -> None:
    found = verifier(json.dumps(vector["case"]))
    if "errors" in vector["expect"]:
        assert found == {"errors": sorted(vector["expect"]["errors"])}
    else:
        assert list(differences({k: v for k, v in vector["expect"].items() if k != "findings"}, found)) == []


@pytest.mark.parametrize("vector", vectors("text"))
def test_verifier_refuses_a_text_that_is_no_document(vector: Vector) -> None:
    assert verifier(vector["text"]) == {"errors": vector["expect"]["errors"]}


@pytest.mark.parametrize("line", [pytest.param(line, id=str(index)) for index, line in enumerate(example_lines())])
def test_the_example_of_the_specification_comes_out_digit_by_digit(line: str) -> None:
    example = json.loads(line)
    sheet = verifier(json.dumps(example["case"]))
    sheet["alerts"] = [alert["bid"] for alert in sheet["alerts"]]
    expected = {key: value for key, value in example["expect"].items() if key != "findings"}
    assert list(differences_of_example(expected, sheet)) == []


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "b": [{"c": 1, "c": 2, "c": 3}], "a": {"d/": 1, "d/": 2}}',
        '{"a": 1.5, "b": [1e400], "c": 9007199254740992, "d": 99999999999999999999999}',
        '{"a": "\\ud83d", "\\udc00": 1}',
        '{"\\ud800": 1, "\\ud800": 2}',
        '[{"\\udc00": {"a": 1, "a": 2}}, 1.5]',
        "[" * 64 + "]" * 64,
        "[" * 65 + "]" * 65,
        "[" * 100_000,
        '{"a": -Infinity}',
        "",
        "nothing",
        "5",
        "null",
    ],
)
def test_engine_and_verifier_refuse_a_text_at_the_same_places(text: str) -> None:
    assert verifier(text) == engine(text)


def test_a_byte_order_mark_is_read_over_and_other_encodings_are_refused() -> None:
    assert verify.answered(b"\xef\xbb\xbf{}") == verify.answered(b"{}")
    assert verify.answered("{}".encode("utf-16")) == {"errors": [""]}


def test_cases_that_cannot_be_read_get_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.main(["--cases", str(tmp_path / "missing.jsonl")]) == verify.NO_BUNDLE
    assert "missing.jsonl cannot be read: No such file" in capsys.readouterr().out


def test_canonical_json_is_that_of_the_engine() -> None:
    document = {
        "\ufb33": [1, -0, None, True],
        "\U0001f600": {"b": '\x00\x1f\b\t\n\f\r"\\/\x7f\u2028', "a": "€"},
        "": {},
    }
    assert verify.canonical(document) == scoring.canonical(document)


def test_verifier_imports_the_standard_library_alone() -> None:
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=OLDEST)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    named = {node.module or "" for node in imports if isinstance(node, ast.ImportFrom)}
    named |= {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
    assert {name.partition(".")[0] for name in named} <= sys.stdlib_module_names


@pytest.mark.parametrize("version", OTHERS)
def test_verifier_answers_alike_under_another_python(version: str, tmp_path: Path) -> None:
    python = interpreter(version)
    texts = [json.dumps(parameter.values[0]["case"]) for parameter in vectors("case")]
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join(texts) + "\n", encoding="utf-8")
    told = subprocess.run(
        [python, "-I", str(SOURCE), "--cases", str(file)], capture_output=True, check=True, encoding="utf-8"
    )
    assert [json.loads(line) for line in told.stdout.splitlines()] == [verifier(text) for text in texts]
