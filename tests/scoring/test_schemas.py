"""The JSON Schemas: fresh, sound, and in agreement with what the engine reads and writes."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from scoring import evaluate, schemas, validate

from .documents import Document, effect, from_countries, lot, offer, preference, price, quality, scheme


@pytest.mark.parametrize("name", schemas.DOCUMENTS)
def test_the_file_is_the_one_the_shapes_write(name: str) -> None:
    path = schemas.FOLDER / f"{name}.json"
    assert path.read_text(encoding="utf-8") == schemas.written(name), "run python -m scoring schemas --write"


@pytest.mark.parametrize("name", schemas.DOCUMENTS)
def test_the_schema_is_sound(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schemas.schema(name))


def accepts(name: str, document: Any) -> bool:
    return bool(jsonschema.Draft202012Validator(schemas.schema(name)).is_valid(document))


POLICY = preference(
    effect("m", curve=[["0", "0"], ["0.5", "1"]], when={"driver_from": ["one", "1"], "cpv_from": "33100000"}),
    effect("s", "scale_score", amount="0.5"),
    effect("r", "right_to_match", params={"margin": "0.2"}),
    effect("c", "execution_cap"),
    {"id": "g", "kind": "gate", "amount": ["ignored"], "when": {"supplier_in": "CN"}},
    indicators=[
        {"id": "carbon", "kind": "number", "weight": "1", "curve": [["0", "1"]]},
        {"id": "label", "kind": "label", "weight": "1", "labels": {"epd": "1"}},
    ],
    bonus_cap=None,
    cashback=scheme(cap_per_contract="10"),
)
CASE = lot(
    offer("A", environment={"carbon": {"value": "3"}}) | from_countries("100", ("FR", "0.5")),
    offer("B", "120", submitted_at="2026-09-15T15:00:00Z"),
    criteria=[price(formula="absolute_linear", params={"ceiling": "200", "floor_price": "50"}), quality()],
    policy=POLICY,
)


def test_valid_documents_and_their_sheet_are_accepted() -> None:
    assert validate(CASE).errors == validate(POLICY).errors == ()
    assert accepts("case", CASE)
    assert accepts("policy", POLICY)
    sheet = evaluate(CASE)
    assert accepts("sheet", sheet)
    assert accepts("sheet", json.loads(json.dumps(sheet)))


@pytest.mark.parametrize(
    "change",
    [
        {"colour": "red"},
        {"schema": "bareme-case/2"},
        {"rounding": {"decimals": "2"}},
        {"criteria": []},
        {"criteria": [price("100", formula="proportional")]},
        {"tie_break": ["luck"]},
        {"bids": [{**offer("A"), "price": 100}]},
        {"bids": [{**offer("A"), "price": "1.234"}]},
        {"policy": preference(effect("m", "gift"))},
    ],
)
def test_a_document_of_the_wrong_form_is_refused_by_both(change: dict[str, Any]) -> None:
    document = {**CASE, **change}
    assert not accepts("case", document)
    assert validate(document).errors != ()


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("awards", {"amount": "5.00"}),
        ("realised", {"invoiced": "5.00", "verified_share": "0.5", "paid": "0"}),
    ],
)
def test_rows_that_share_a_scheme_fit_their_schema(name: str, row: Document) -> None:
    named = {"id": "a", "hospital": "H", "year": 2026, "awarded_on": "2026-01-01", **row}
    assert accepts("scheme", scheme(envelope_year="2"))
    assert accepts(name, [named])
    assert not accepts(name, [{**named, "year": "2026"}])
    assert not accepts(name, named)
