"""A small tender and its bids as people hand them in; tests change one thing in them."""

from typing import Any

MASKS = "masks-2r"
GLOVES = "gloves"


def criteria() -> list[dict[str, Any]]:
    return [
        {"id": "price", "title": "Price", "kind": "price", "weight": "60", "formula": "lowest_ratio"},
        {
            "id": "quality",
            "title": "Technical value",
            "kind": "quality",
            "weight": "30",
            "formula": "proportional",
            "scale": "10",
            "minimum": "2",
            "parent": "Offer",
        },
        {
            "id": "carbon",
            "title": "Carbon per unit",
            "kind": "environment",
            "weight": "10",
            "formula": "proportional",
            "scale": "5",
        },
    ]


def lot(**changes: Any) -> dict[str, Any]:
    return {
        "title": "Masks and gloves",
        "criteria": criteria(),
        "items": [
            {"id": MASKS, "designation": "Surgical mask, type IIR", "unit": "box of 50", "needs": {"000000001": "100"}},
            {
                "id": GLOVES,
                "designation": "Nitrile glove",
                "unit": "box of 100",
                "needs": {"000000001": "40.5", "000000002": "9.5"},
            },
        ],
        **changes,
    }


def tender(**changes: Any) -> dict[str, Any]:
    return {
        "reference": "2026-014",
        "title": "Protective equipment",
        "contracting_body": "000000001",
        "procedure": "open",
        "technique": "framework",
        "framework": {"maximum": "800000.50", "months": 48, "holders": 1},
        "launched_on": "2026-09-01",
        "cpv": "33140000",
        "estimated_value": "600000",
        "ipi_announced": False,
        "lots": [lot()],
        **changes,
    }


def bid(**changes: Any) -> dict[str, Any]:
    return {
        "id": "B1",
        "supplier": {"name": "MedTech Loire"},
        "submitted_at": "2026-10-01T09:30:00Z",
        "lines": [
            {
                "id": MASKS,
                "unit_price": "2.005",
                "origins": [{"country": "FR", "share": "0.7", "assurance": "documented"}],
            },
            {"id": GLOVES, "unit_price": "5.10"},
        ],
        "environment": {"carbon": {"value": "2.5", "assurance": "verified"}},
        **changes,
    }
