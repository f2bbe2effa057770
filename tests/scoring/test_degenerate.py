"""Every registered formula and every kind of measure on the fields where formulas usually break."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import scoring
from scoring.formulas import FORMULAS
from scoring.measures import KINDS as REGISTERED

from . import twin
from .test_twin import comparable

Document = dict[str, Any]

MARK_FORMULAS = {"proportional", "best_ratio"}
PARAMS = {"absolute_linear": {"ceiling": "200", "floor_price": "100"}}
KINDS = [
    *("gate", "floor", "add_to_price", "deduct_from_price", "deflate_price"),
    *("add_points", "scale_score", "right_to_match", "execution_cap"),
]
FIELDS: dict[str, list[tuple[str, str, str]]] = {
    "zero bids": [],
    "one bid": [("A", "150", "60")],
    "twins": [("A", "150", "60"), ("B", "150", "60")],
    "equal prices": [("A", "150", "60"), ("B", "150", "70"), ("C", "150", "80")],
    "all marks 0": [("A", "150", "0"), ("B", "180", "0"), ("C", "190", "0")],
    "a cent beside a fortune": [("A", "0.01", "100"), ("B", "999999999999999999.99", "100"), ("C", "1", "0")],
}


def bid(key: str, price: str, mark: str, status: str = "admissible") -> Document:
    return {
        "id": key,
        "supplier": {"name": key, "country": "CN"},
        "status": status,
        "price": price,
        "marks": {"quality": mark},
    }


def case_of(bids: list[Document], formula: str = "lowest_ratio", policy: Document | None = None) -> Document:
    marked = {"id": "quality", "kind": "quality", "weight": "60", "scale": "100", "formula": "proportional"}
    price = {"id": "price", "kind": "price", "weight": "40", "formula": "lowest_ratio"}
    (marked if formula in MARK_FORMULAS else price).update(formula=formula, params=PARAMS.get(formula, {}))
    return {
        "schema": "bareme-case/1",
        "tender": {"id": "T", "currency": "EUR"},
        "criteria": [price, marked],
        "bids": bids,
        "policy": policy,
    }


def policy_of(kind: str) -> Document:
    measure: Document = {"id": "m", "kind": kind, "when": {"supplier_in": "CN"}}
    if kind != "gate":
        measure.update(driver="european_share", amount="0.5", curve=[["0", "1"], ["1", "0"]])
    return {
        "schema": "bareme-policy/1",
        "id": "p",
        "version": 1,
        "status": "proposed",
        "content_basis": "ucc_origin",
        "areas": {"EU": ["FR"], "CN": ["CN"]},
        "european_area": "EU",
        "indicators": [],
        "measures": [measure],
    }


def agreed(case: Document) -> Document:
    """The engine's sheet, once the twin has written the same."""
    sheet = scoring.evaluate(case)
    assert comparable(sheet) == twin.sheet(case)
    return sheet


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("formula", FORMULAS)
def test_every_formula_stands_every_field(formula: str, field: str) -> None:
    sheet = agreed(case_of([bid(*row) for row in FIELDS[field]], formula))
    assert len(sheet["ranking"]) == len(FIELDS[field])
    for row in sheet["ranking"]:
        for key, weight in (("price", 40), ("quality", 60)):
            assert 0 <= Decimal(row["criteria"][key]["points"]) <= weight


@pytest.mark.parametrize("formula", FORMULAS)
def test_every_formula_stands_a_field_where_all_are_excluded(formula: str) -> None:
    sheet = agreed(case_of([bid("A", "150", "60", "excluded"), bid("B", "160", "60", "excluded")], formula))
    assert (sheet["winner"], sheet["tied"], sheet["ranking"]) == (None, False, [])


@pytest.mark.parametrize("formula", FORMULAS)
def test_twins_share_the_first_rank_and_nobody_wins(formula: str) -> None:
    sheet = agreed(case_of([bid(*row) for row in FIELDS["twins"]], formula))
    assert (sheet["winner"], sheet["tied"]) == (None, True)
    assert [(row["bid"], row["rank"]) for row in sheet["ranking"]] == [("A", 1), ("B", 1)]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_measure_stands_every_field(kind: str, field: str) -> None:
    sheet = agreed(case_of([bid(*row) for row in FIELDS[field]], policy=policy_of(kind)))
    stays = kind not in ("gate", "floor")
    assert len(sheet["ranking"]) == (len(FIELDS[field]) if stays else 0)
    assert len(sheet["excluded"]) == (0 if stays else len(FIELDS[field]))


@pytest.mark.parametrize("kind", KINDS)
def test_every_measure_stands_a_field_where_all_are_excluded(kind: str) -> None:
    sheet = agreed(case_of([bid("A", "150", "60", "excluded")], policy=policy_of(kind)))
    assert sheet["excluded"] == [{"bid": "A", "reason": "excluded"}]
    assert (sheet["winner"], sheet["obligations"], sheet["right_to_match"]) == (None, [], [])


def test_the_measures_tried_are_the_registered_ones() -> None:
    assert set(KINDS) == set(REGISTERED)
