"""Past lots of invented hospitals, so that a policy can be tried on an archive at once: nothing in it is real.

They are the same at each loading, and so is the snapshot made of them.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.utils.translation import gettext_noop

from procurement.simulation.sources.content import Provenance, Row, row_of

LOTS = 400
SEED = 2020
FIRST_DAY, DAYS = date(2023, 1, 2), 1090  # of award
HOSPITALS = [f"Établissement inventé {number}" for number in range(1, 13)]
Tenderer = tuple[str, dict[str, int]]
# Country of the tenderer, and where its goods come from, in percent.
TENDERERS: list[Tenderer] = [
    ("FR", {"FR": 80, "DE": 15, "CN": 5}),
    ("FR", {"FR": 30, "CN": 70}),
    ("DE", {"DE": 90, "US": 10}),
    ("DE", {"DE": 45, "MY": 55}),
    ("IT", {"IT": 100}),
    ("SE", {"SE": 60, "CN": 30}),
    ("US", {"US": 85, "MX": 15}),
    ("CN", {"CN": 100}),
    ("MY", {"MY": 95, "CN": 5}),
]
# CPV code, what a lot of it usually costs, and how much dearer European goods usually are.
FAMILIES = [
    ("33140000", 90_000, 0.06),
    ("33190000", 240_000, 0.04),
    ("33600000", 600_000, 0.02),
    ("39830000", 40_000, 0.08),
    ("18424300", 60_000, 0.15),
]
SILENT = {"MY"}  # countries of tenderers that state no kilograms of CO2e
KILOGRAMS = "co2e-kilograms"  # of the whole bid; the ratio beside it compares with a reference product
KILOGRAMS_PER_EURO = Decimal("0.3")  # of what a lot usually costs, for a bid as good as the reference product
EUROPEAN = {"FR", "DE", "IT", "SE"}
CRITERIA = [
    {"id": "price", "kind": "price", "weight": "50", "formula": "lowest_ratio"},
    {"id": "quality", "kind": "quality", "weight": "35", "formula": "proportional", "scale": "10"},
    {"id": "delivery", "kind": "delivery", "weight": "15", "formula": "proportional", "scale": "10"},
]
PROVENANCE: Provenance = {
    "title": gettext_noop("Invented past lots"),
    "source": gettext_noop("Barème, invented for the demonstration: prices, marks, origins and CO2e alike"),
    "licence": "CC0-1.0",
    "origin_of": "goods",
    "marks": "simulated",
    "weights": "simulated",
}


def past_lots() -> Iterator[Row]:
    """The rows of the snapshot."""
    random = Random(SEED)  # noqa: S311 – invented figures, not secrets
    for number in range(1, LOTS + 1):
        family, usual, dearer = random.choice(FAMILIES)
        size = Decimal(round(usual * random.lognormvariate(0, 0.6)))
        bids = [
            _bid(random, f"b{place}", tenderer, size, dearer)
            for place, tenderer in enumerate(random.sample(TENDERERS, random.randint(1, 6)), start=1)
        ]
        yield row_of(
            {
                "schema": "bareme-case/1",
                "tender": {"id": f"inv-{number:03}", "currency": "EUR", "cpv": family},
                "criteria": CRITERIA,
                "bids": bids,
                "policy": None,
            },
            id=f"inv-{number:03}",
            buyer=random.choice(HOSPITALS),
            country="FR",
            awarded_on=FIRST_DAY + timedelta(days=random.randrange(DAYS)),
            pseudonym=str,
        )


def _bid(
    random: Random, key: str, tenderer: tuple[str, dict[str, int]], size: Decimal, dearer: float
) -> dict[str, Any]:
    country, goods = tenderer
    european = sum(part for origin, part in goods.items() if origin in EUROPEAN) / 100
    usual = Decimal(str(round((1 + dearer * european) * random.uniform(0.9, 1.12), 4)))
    price = (size * usual).quantize(Decimal("0.01"))
    footprint = round(random.uniform(0.5, 1.1) - 0.15 * european, 2)
    return {
        "id": key,
        "supplier": {"name": f"Inv-{TENDERERS.index(tenderer) + 1:02}", "country": country},
        "status": "admissible",
        "price": str(price),
        "marks": {"quality": _mark(random, 6.2), "delivery": _mark(random, 6.0 + 1.2 * european)},
        "lines": [
            {
                "id": "1",
                "quantity": "1",
                "unit_price": str(price),
                "origins": [
                    {"country": origin, "share": str(Decimal(part) / 100), "assurance": "documented"}
                    for origin, part in goods.items()
                ],
            }
        ],
        "environment": _environment(size, footprint, silent=country in SILENT),
    }


def _environment(size: Decimal, footprint: float, *, silent: bool) -> dict[str, dict[str, str]]:
    """The footprint as a ratio, and the kilograms of the whole bid unless it states none."""
    ratio = {"carbon-footprint-ratio": {"value": str(footprint), "assurance": "documented"}}
    if silent:
        return ratio
    kilograms = (size * KILOGRAMS_PER_EURO * Decimal(str(footprint))).quantize(Decimal("0.1"))
    return {**ratio, KILOGRAMS: {"value": str(kilograms), "assurance": "declared"}}


def _mark(random: Random, usual: float) -> str:
    """A mark out of 10, in halves."""
    return str(min(max(round(2 * random.gauss(usual, 1.4)), 0), 20) / 2)
