"""JSON Schemas (draft 2020-12) of the documents, written from the shapes that read them.

The files beside this one are what `python -m scoring schemas --write` writes; a test keeps them fresh. They say the
form of each key; rules across keys (weights of 100, references, prices and lines) are in the specification alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scoring.case_shape import CASE
from scoring.policy_shape import CASHBACK, POLICY
from scoring.rationing import AWARDS, REALISED
from scoring.shapes import Shape
from scoring.sheet_shape import SHEET

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = Path(__file__).parent
DOCUMENTS: Mapping[str, tuple[str, Shape]] = {
    "case": ("A tender, its bids and the policy they are scored under", CASE),
    "policy": ("A preference policy", POLICY),
    "sheet": ("A score sheet", SHEET),
    "scheme": ("A cash-back scheme", CASHBACK),
    "awards": ("Awards that share a cash-back's caps and envelope", AWARDS),
    "realised": ("What was invoiced under a cash-back, by contract and calendar year", REALISED),
}


def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of a document, by its name in DOCUMENTS."""
    title, shape = DOCUMENTS[name]
    return {"$schema": DIALECT, "title": title, **shape.schema()}


def written(name: str) -> str:
    """The text of the schema's file."""
    return json.dumps(schema(name), ensure_ascii=False, indent=1) + "\n"


def write_schemas() -> list[str]:
    """Writes each schema beside this module and returns the paths."""
    paths = [FOLDER / f"{name}.json" for name in DOCUMENTS]
    for path in paths:
        path.write_text(written(path.stem), encoding="utf-8")
    return [str(path) for path in paths]
