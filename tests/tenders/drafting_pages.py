"""What a browser posts from the pages of a draft."""

from typing import Any


def terms(**changes: Any) -> dict[str, Any]:
    return {
        "reference": "2026-030",
        "title": "Dressings",
        "contracting_body": "000000001",
        "procedure": "open",
        "technique": "framework",
        "maximum": "1\u202f234\u202f567,50",
        "months": "48",
        "holders": "3",
        "cpv": "33141110",
        "estimated_value": "1 200 000",
        "currency": "EUR",
        "price_basis": "excl_vat",
        "launched_on": "2026-09-01",
        "ipi_announced": "false",
        **changes,
    }


def lot(**changes: Any) -> dict[str, Any]:
    """A lot of two criteria and one item, as a French reader types it."""
    return {
        "number": "1",
        "title": "Pansements",
        "decimals": "2",
        "tie_1": "lower_price",
        "tie_2": "higher_environment",
        "plausible_low": "1 100",
        "plausible_high": "1 900,50",
        "two_envelopes": "on",
        "criteria-TOTAL_FORMS": "2",
        "criteria-INITIAL_FORMS": "0",
        "criteria-0-title": "Prix",
        "criteria-0-kind": "price",
        "criteria-0-weight": "54,5",
        "criteria-0-formula": "absolute_linear",
        "criteria-0-floor_price": "1 000,5",
        "criteria-0-ceiling": "2 000",
        "criteria-1-title": "Qualité des pansements",
        "criteria-1-parent": "Valeur technique",
        "criteria-1-kind": "quality",
        "criteria-1-weight": "45,5",
        "criteria-1-formula": "proportional",
        "criteria-1-scale": "10",
        "criteria-1-minimum": "2,5",
        "criteria-1-steps": "0 : rien\r\n2,5: peu\r\n10: tout",
        "items-TOTAL_FORMS": "1",
        "items-INITIAL_FORMS": "0",
        "items-0-designation": "Pansement hydrocolloïde",
        "items-0-unit": "boîte de 10",
        "items-0-vat_rate": "5,5",
        "items-0-need_000000001": "1 000",
        "items-0-need_000000002": "0,5",
        **changes,
    }
