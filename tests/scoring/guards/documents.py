"""Small case documents for the guards: a tender of syringes that is in order, changed in one place by each test."""

from __future__ import annotations

from typing import Any

from scoring import evaluate
from scoring.guards import GUARDS

Document = dict[str, Any]

EU = [
    *("AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE"),
    *("IT", "LV", "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE"),
]
EEA = [*EU, "IS", "LI", "NO"]
GPA = [
    *("AM", "AU", "CA", "HK", "IS", "IL", "JP", "KR", "LI", "MD"),
    *("ME", "AW", "NZ", "NO", "SG", "CH", "TW", "UA", "GB", "US"),
]
RECALLED = ["MK", "VN", "MX", "CL", "CO", "PE", "EC", "CR", "GT", "HN", "NI", "PA", "SV", "GE", "KZ"]

FACTS: Document = {
    "purpose": "award",
    "published_policy": None,
    "buyer_category": "sub_central",
    "ipi_announced": True,
    "ipi_exception": None,
    "evidence_counted_twice": False,
    "self_assessed_marks": [],
    "abnormally_low_explanations": [],
}

PRICE: Document = {
    "id": "price", "title": "Price", "kind": "price", "weight": "60", "formula": "lowest_ratio", "params": {},
}  # fmt: skip
GREEN: Document = {
    "id": "green", "title": "Packaging", "kind": "environment", "weight": "40", "formula": "proportional",
    "params": {}, "scale": "10",
}  # fmt: skip


def criterion(given: Document, **changes: Any) -> Document:
    """A criterion with some members changed; None removes one."""
    return {key: value for key, value in {**given, **changes}.items() if value is not None}


def bid(name: str, price: str = "100", *, country: str | None = "FR", **more: Any) -> Document:
    """An admissible bid with a mark of 5 out of 10 on the criterion `green`."""
    return {
        "id": name,
        "supplier": {"name": name, "country": country},
        "status": "admissible",
        "price": price,
        "marks": {"green": "5"},
        **more,
    }


def goods(price: str, **shares: str) -> Document:
    """One line at the price, its origin by country: goods("100", CN="0.6")."""
    origins = [{"country": country, "share": share} for country, share in shares.items()]
    return {"lines": [{"id": "1", "quantity": "1", "unit_price": price, "origins": origins}]}


def measure(name: str = "european", kind: str = "add_points", **more: Any) -> Document:
    """Up to 5 points with the European share, unless told otherwise."""
    return {"id": name, "kind": kind, "driver": "european_share", "amount": "5", **more}


def policy(*measures: Document, areas: dict[str, list[str]] | None = None, **more: Any) -> Document:
    """A policy in force; the area EU is the European Economic Area, CN is China, unless told otherwise."""
    return {
        "schema": "bareme-policy/1",
        "id": "preference",
        "version": 2,
        "title": "Preference",
        "status": "in_force",
        "content_basis": "ucc_origin",
        "areas": {"EU": EEA, "CN": ["CN"], **(areas or {})},
        "european_area": "EU",
        "indicators": [],
        "measures": list(measures),
        "bonus_cap": None,
        "cashback": None,
        **more,
    }


def case(
    *,
    tender: Document | None = None,
    facts: Document | None = None,
    without: tuple[str, ...] = (),
    **more: Any,
) -> Document:
    """The case in order, with some members changed; `without` names facts that are left out."""
    document = {
        "schema": "bareme-case/1",
        "tender": {
            "id": "syringes",
            "launched_on": "2026-10-01",
            "cpv": "33141310",
            "estimated_value": "300000",
            "currency": "EUR",
            **(tender or {}),
        },
        "assessed_on": "2026-11-20",
        "facts": {k: v for k, v in {**FACTS, **(facts or {})}.items() if k not in without},
        "criteria": [PRICE, GREEN],
        "bids": [bid("A", "100"), bid("B", "130")],
        "policy": None,
        **more,
    }
    return {key: value for key, value in document.items() if value != "omit"}


def found(document: Document, code: str) -> list[Document]:
    """The findings of one guard, in order."""
    assert code in {guard.code for guard in GUARDS}
    return [finding for finding in evaluate(document)["findings"] if finding["code"] == code]


def severities(document: Document, code: str) -> list[str]:
    """The severities of one guard's findings, in order."""
    return [finding["severity"] for finding in found(document, code)]


def missing(document: Document, code: str) -> list[str]:
    """What the guard says it lacks; fails when it assessed its condition."""
    *_, last = found(document, code)
    assert last["severity"] == "not_assessed"
    return list(last["values"]["missing"])
