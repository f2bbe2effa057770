"""Small case and policy documents, valid as they come; a test changes the one thing it is about."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]


def price(weight: str = "40", formula: str = "lowest_ratio", **more: Any) -> Document:
    """The price criterion."""
    return {"id": "price", "kind": "price", "weight": weight, "formula": formula, **more}


def quality(weight: str = "60", formula: str = "proportional", **more: Any) -> Document:
    """A quality criterion marked out of 100."""
    return {"id": "quality", "kind": "quality", "weight": weight, "formula": formula, "scale": "100", **more}


def offer(name: str, amount: str = "100", mark: str | None = "60", **more: Any) -> Document:
    """An admissible bid of a French operator at a price, with a mark on quality unless it is None."""
    marks = {} if mark is None else {"quality": mark}
    supplier = {"name": name, "country": "FR"}
    return {"id": name, "supplier": supplier, "status": "admissible", "price": amount, "marks": marks, **more}


def from_countries(value: str, *origins: tuple[str, ...]) -> Document:
    """One line worth `value`; origins are (country, share) or (country, share, assurance)."""
    names = ("country", "share", "assurance")
    made = [dict(zip(names, origin, strict=False)) for origin in origins]
    return {"lines": [{"id": "1", "quantity": "1", "unit_price": value, "origins": made}]}


def effect(name: str, kind: str = "add_points", **more: Any) -> Document:
    """A measure of up to 5 times the European share, unless told otherwise."""
    return {"id": name, "kind": kind, "driver": "european_share", "amount": "5", **more}


def preference(*measures: Document, **more: Any) -> Document:
    """A proposed policy of two areas, without indicators."""
    return {
        "schema": "bareme-policy/1",
        "id": "preference",
        "version": 1,
        "status": "proposed",
        "content_basis": "ucc_origin",
        "areas": {"EU": ["FR", "DE"], "CN": ["CN"]},
        "european_area": "EU",
        "indicators": [],
        "measures": list(measures),
        **more,
    }


def scheme(**more: Any) -> Document:
    """A cash-back of 2 % of the European value from half, 4 % from eight tenths."""
    return {"id": "scheme", "base": "european_value", "tiers": [["0.5", "0.02"], ["0.8", "0.04"]], **more}


def lot(
    *bids: Document, criteria: list[Document] | None = None, policy: Document | None = None, **more: Any
) -> Document:
    """A case: price 40 by the lowest ratio, quality 60 by the mark, unless told otherwise."""
    return {
        "schema": "bareme-case/1",
        "tender": {"id": "T", "currency": "EUR"},
        "criteria": criteria or [price(), quality()],
        "bids": list(bids),
        "policy": policy,
        **more,
    }


def placed(sheet: Document, bid: str) -> Document:
    """The row of a ranked bid."""
    return next(row for row in sheet["ranking"] if row["bid"] == bid)


def totals(sheet: Document) -> dict[str, str]:
    """The total of each ranked bid, best first."""
    return {row["bid"]: row["total"] for row in sheet["ranking"]}
