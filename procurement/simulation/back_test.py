"""The archive scored plain and with a price preference for the bidders of the contract's own country."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from procurement.simulation.models import ArchiveCase
from scoring import evaluate

HOME = "HOME"


def preference(country: str, amount: Decimal) -> dict[str, Any]:
    """A policy that raises the evaluated price of every operator not originating in `country` by `amount` (0.1 = 10 %).

    *Non-domestic* depends on the contract, so there is one policy per contract country.
    """
    return {
        "schema": "bareme-policy/1",
        "id": f"non-domestic-{country.lower()}",
        "version": 1,
        "title": f"Price preference for operators of {country}",
        "status": "proposed",
        "content_basis": "ucc_origin",
        "areas": {HOME: [country]},
        "european_area": HOME,
        "indicators": [],
        "measures": [
            {
                "id": "non-domestic",
                "kind": "add_to_price",
                "driver": "one",
                "amount": format(amount, "f"),
                "when": {"supplier_not_in": HOME},
                "reference": "simulation on the archive",
            }
        ],
        "bonus_cap": None,
        "cashback": None,
    }


@dataclass(slots=True)
class Count:
    """What a preference changes over a set of cases; `changed` lists the keys of the cases whose winner changes."""

    cases: int = 0
    lowest_was_awarded: int = 0
    awarded_known: int = 0
    with_domestic_and_foreign: int = 0
    changed: tuple[str, ...] = ()


def count(cases: Iterable[ArchiveCase], amount: Decimal) -> Count:
    """Score every case plain, and the ones with domestic and foreign bidders under the preference too."""
    result = Count()
    for case in cases:
        plain = evaluate({**case.document, "policy": None})["winner"]
        result.cases += 1
        if case.awarded_bid:
            result.awarded_known += 1
            result.lowest_was_awarded += plain == case.awarded_bid
        if case.domestic_and_foreign:
            result.with_domestic_and_foreign += 1
            preferred = evaluate({**case.document, "policy": preference(case.country, amount)})["winner"]
            if preferred != plain:
                result.changed += (case.key,)
    return result


def archived(source: str) -> Iterator[ArchiveCase]:
    """The cases of a source in the order of their keys, without holding them all in memory."""
    return ArchiveCase.objects.filter(source=source).order_by("key").iterator(chunk_size=500)
