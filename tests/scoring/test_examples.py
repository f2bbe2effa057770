"""The specification's own examples, line by line: every field they give must come out the same."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scoring import evaluate

REPOSITORY = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("BAREME_SPEC", REPOSITORY.parent / "shared" / "spec"))
EXAMPLES = FOLDER / "examples.jsonl"
WHOLE = ("criteria", "measures", "exact_flip_amount")  # objects whose keys an example gives in full


def lines() -> list[str]:
    return EXAMPLES.read_text(encoding="utf-8").splitlines() if EXAMPLES.is_file() else []


def differences(expected: Any, found: Any, place: str = "", *, whole: bool = False) -> Iterator[str]:
    """Where what was found is not what was expected; keys that are not given are free unless `whole`."""
    if isinstance(expected, dict) and isinstance(found, dict):
        missing = expected.keys() ^ found.keys() if whole else expected.keys() - found.keys()
        yield from (f"{place}/{key}: on one side only" for key in missing)
        for key in expected.keys() & found.keys():
            yield from differences(expected[key], found[key], f"{place}/{key}", whole=key in WHOLE)
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for index, (one, other) in enumerate(zip(expected, found, strict=True)):
            yield from differences(one, other, f"{place}/{index}")
    elif expected != found or type(expected) is not type(found):
        yield f"{place}: {expected!r} expected, {found!r} found"


@pytest.mark.skipif(not EXAMPLES.is_file(), reason=f"no examples.jsonl in {FOLDER} (set BAREME_SPEC)")
def test_there_are_examples() -> None:
    assert lines()


@pytest.mark.parametrize("line", [pytest.param(line, id=str(index)) for index, line in enumerate(lines())])
def test_the_example_comes_out_digit_by_digit(line: str) -> None:
    example = json.loads(line)
    sheet = evaluate(example["case"])
    sheet["alerts"] = [alert["bid"] for alert in sheet["alerts"]]
    assert list(differences(example["expect"], sheet)) == []
