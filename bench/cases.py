"""Cases to time: documents of any size, the same at every run, with what a real lot makes the engine work for."""

from __future__ import annotations

import random
from typing import Any

EU = ["AT", "BE", "CZ", "DE", "DK", "ES", "FI", "FR", "GR", "IE", "IT", "NL", "PL", "PT", "RO", "SE"]
ELSEWHERE = ["CN", "US", "CH", "IN", "GB", "MY"]
MARK_KINDS = ["quality", "environment", "delivery", "social"]
LINES = 6


def case(*, bids: int, criteria: int, policy: dict[str, Any] | None, formula: str = "lowest_ratio") -> dict[str, Any]:
    """A case document of that many bids and criteria, from a seed made of its size.

    Under a policy each bid has lines with origins and environmental evidence; without one, a price.
    """
    chance = random.Random(f"{bids} × {criteria}")
    weights = _weights(criteria, chance)
    price: dict[str, Any] = {"id": "price", "kind": "price", "weight": weights[0], "formula": formula}
    if formula == "absolute_linear":
        price["params"] = {"ceiling": "90000", "floor_price": "1000"}
    others = [
        {
            "id": f"c{index}",
            "kind": MARK_KINDS[index % len(MARK_KINDS)],
            "weight": weight,
            "formula": "best_ratio" if index % 2 else "proportional",
            "scale": "20",
        }
        for index, weight in enumerate(weights[1:])
    ]
    return {
        "schema": "bareme-case/1",
        "tender": {"id": f"{bids}x{criteria}", "currency": "EUR", "cpv": "33157400", "launched_on": "2026-09-01"},
        "criteria": [price, *others],
        "bids": [_bid(index, [c["id"] for c in others], chance, lines=policy is not None) for index in range(bids)],
        "policy": policy,
    }


def policy() -> dict[str, Any]:
    """A policy whose measures touch prices, bonuses, totals and exclusions, all read from the European share."""
    return {
        "schema": "bareme-policy/1",
        "id": "bench",
        "version": 1,
        "title": "Every effect at once",
        "status": "proposed",
        "content_basis": "ucc_origin",
        "areas": {"EU": EU, "CN": ["CN"]},
        "european_area": "EU",
        "assurance_factors": {"declared": "0.5", "documented": "0.8"},
        "indicators": [{"id": "carbon", "kind": "number", "weight": "1", "curve": [["2", "1"], ["10", "0"]]}],
        "measures": [
            {"id": "price", "kind": "deduct_from_price", "driver": "european_share", "amount": "0.1"},
            {"id": "europe", "kind": "add_points", "driver": "european_share", "amount": "5"},
            {"id": "quality", "kind": "add_points", "driver": "environment", "amount": "5"},
            {"id": "score", "kind": "scale_score", "driver": "share:CN", "amount": "0.2"},
            {"id": "content", "kind": "floor", "driver": "european_share", "amount": "0.05"},
        ],
        "bonus_cap": "10",
        "cashback": {"id": "scheme", "base": "european_value", "tiers": [["0.5", "0.02"], ["0.8", "0.04"]]},
    }


def _weights(criteria: int, chance: random.Random) -> list[str]:
    cuts = sorted(chance.sample(range(1, 1000), criteria - 1))
    tenths = [after - before for before, after in zip([0, *cuts], [*cuts, 1000], strict=True)]
    return [f"{weight // 10}.{weight % 10}" for weight in tenths]


def _bid(index: int, marked: list[str], chance: random.Random, *, lines: bool) -> dict[str, Any]:
    bid = {
        "id": f"B{index:02}",
        "supplier": {"name": f"Supplier {index}", "country": chance.choice(EU + ELSEWHERE)},
        "status": "admissible",
        "submitted_at": f"2026-09-{1 + index % 28:02}T10:00:00Z",
        "marks": {key: f"{chance.randrange(200, 2001) / 100:.2f}" for key in marked},
    }
    if not lines:
        return {**bid, "price": f"{chance.randrange(100_000, 9_000_000) / 100:.2f}"}
    evidence = {"value": f"{chance.randrange(20, 120) / 10:.1f}", "assurance": "documented"}
    return {**bid, "lines": [_line(line, chance) for line in range(LINES)], "environment": {"carbon": evidence}}


def _line(index: int, chance: random.Random) -> dict[str, Any]:
    european = chance.randrange(30, 101)
    origins = [{"country": chance.choice(EU), "share": f"{european / 100:.2f}", "assurance": "verified"}]
    if european < 80:
        origins.append({"country": chance.choice(ELSEWHERE), "share": "0.15", "assurance": "declared"})
    return {
        "id": f"L{index}",
        "quantity": str(chance.randrange(1, 50)),
        "unit_price": f"{chance.randrange(1000, 90000) / 100:.2f}",
        "origins": origins,
    }
