"""Operators that bid together, and the documents that name them."""

from typing import Any

import pytest

from procurement.people.models import User
from procurement.registry.models import Supplier
from procurement.registry.services import register_supplier
from procurement.tenders.models import Bid, Lot
from procurement.tenders.services import enter_bid
from tests.tenders import documents
from tests.tenders.conftest import NOW


@pytest.fixture
def others(buyer: User) -> dict[str, Supplier]:
    """By name: an operator from China, one from Germany, and one nobody looked into."""
    found = {"Huaxia Imaging": "CN", "Nordmed": "DE", "Obscura": ""}
    return {
        name: register_supplier(
            name=name,
            operator_country=country,
            operator_origin_basis="constitution" if country else "",
            evidence=f"Extract of {name}." if country else "",
            by=buyer,
        )
        for name, country in found.items()
    }


def member(name: str, role: str = "member", share: str | None = None, **supplier: Any) -> dict[str, Any]:
    return {"supplier": {"name": name, **supplier}, "role": role, "share": share}


def together(*members: dict[str, Any], form: str | None = None) -> dict[str, Any]:
    return {"form": form, "members": list(members)}


def entered(lot: Lot, by: User, *members: dict[str, Any], form: str | None = None) -> Bid:
    return enter_bid(lot=lot, document=documents.bid(consortium=together(*members, form=form)), by=by, at=NOW)
