"""Archives for the benches, made column by column: nothing real, seeded, the size of a country's."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from scoring.portfolio.snapshot import BID, GROUP, LOT, SCHEMA, TEXTS, Provenance

EU = [
    "AT",
    "BE",
    "BG",
    "HR",
    "CY",
    "CZ",
    "DK",
    "EE",
    "FI",
    "FR",
    "DE",
    "GR",
    "HU",
    "IE",
    "IT",
    "LV",
    "LT",
    "LU",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SK",
    "SI",
    "ES",
    "SE",
]
POLICY: dict[str, Any] = {
    "schema": "bareme-policy/1",
    "id": "bench",
    "version": 1,
    "title": "Points for Europe and for the environment",
    "status": "proposed",
    "content_basis": "ucc_origin",
    "areas": {"EU": EU},
    "european_area": "EU",
    "indicators": [{"id": "co2e", "kind": "number", "weight": "1", "curve": [["0", "1"], ["100", "0"]]}],
    "measures": [
        {"id": "european", "kind": "add_points", "driver": "european_share", "amount": "5"},
        {"id": "green", "kind": "add_points", "driver": "environment", "amount": "5"},
    ],
    "bonus_cap": "8",
    "cashback": {
        "id": "cashback",
        "base": "european_value",
        "tiers": [["0.5", "0.02"]],
        "cap_per_hospital_year": "200000",
        "envelope_year": "50000000",
    },
}
CRITERIA = [
    {"id": "price", "kind": "price", "weight": "40", "formula": "lowest_ratio"},
    *(
        {"id": f"quality-{place}", "kind": "quality", "weight": "12", "formula": "proportional", "scale": "10"}
        for place in range(5)
    ),
]
PROVENANCE = Provenance("A bench", "made up", "none", "goods", "simulated", "simulated")
PART_ALONE = 0.3  # of the lots have one bid


def write(path: Path, lots: int, bids: int, *, seed: int, tied: bool = False) -> None:
    """An archive of so many lots and about so many bids; `tied`: the bids of a lot are alike but for their shares."""
    random = np.random.default_rng(seed)
    alone = random.random(lots) < PART_ALONE
    several = (bids / lots - PART_ALONE) / (1 - PART_ALONE)
    counts = np.where(alone, 1, np.clip(random.poisson(several, lots), 2, 20))
    total, lot_of = int(counts.sum()), np.repeat(np.arange(lots), counts)
    offsets = np.concatenate([[0], np.cumsum(counts)])
    usual = np.exp(random.normal(11, 1.2, lots))
    spread = np.zeros(total) if tied else random.normal(0, 0.15, total)
    cents = np.maximum(np.round(usual[lot_of] * np.exp(spread) * 100), 100).astype(np.int64)
    marks = random.integers(0, 41, (total, 5))
    if tied:
        marks[:] = 20
    percent, grams = random.integers(0, 101, total), random.integers(0, 101, total)
    columns = {
        "id": pa.array([f"b{place}" for place in (np.arange(total) - offsets[lot_of]).tolist()]),
        "supplier": pa.array(random.integers(0, 20_000, total).astype(str)),
        "country": pa.array(np.where(percent > 50, "FR", "CN")),
        "admissible": pa.array(np.ones(total, dtype=bool)),
        "submitted_at": pa.nulls(total, BID.field("submitted_at").type),
        "price": _decimals(cents, 20, 2),
        "cost": pa.nulls(total, BID.field("cost").type),
        "marks": _lists(_decimals(marks.ravel().astype(np.int64) * 250_000_000_000, 30, 12), 5),
        "origins": _lists(_origins(percent), 2),
        "evidence": _lists(
            pa.StructArray.from_arrays(
                [_same("co2e", total), pa.array(grams.astype(str)), _same(np.int8(0), total)],
                ["indicator", "value", "assurance"],
            ),
            1,
        ),
        "rank": pa.nulls(total, pa.int32()),
    }
    of_bids = pa.StructArray.from_arrays([columns[field.name] for field in BID], fields=list(BID))
    lots_columns = {
        "id": pa.array([f"lot {lot}" for lot in range(lots)]),
        "hospital": pa.array(random.integers(0, 300, lots).astype(str)),
        "country": _same("FR", lots),
        "awarded_on": pa.array((19_700 + random.integers(0, 1_000, lots)).astype(np.int32), pa.date32()),
        "launched_on": pa.array(np.full(lots, 19_500, dtype=np.int32), pa.date32()),
        "cpv": pa.array(random.choice(["33140000", "33600000", "39143110"], lots)),
        "estimated_value": pa.nulls(lots, pa.string()),
        "currency": _same("EUR", lots),
        "decimals": _same(np.int8(2), lots),
        "criteria": _same(json.dumps(CRITERIA), lots),
        "tie_break": _same("lower_price higher_environment", lots),
        "policy": pa.nulls(lots, pa.string()),
        "bids": pa.ListArray.from_arrays(pa.array(offsets.astype(np.int32)), of_bids),
    }
    metadata = {"schema": SCHEMA, "provenance": json.dumps(asdict(PROVENANCE))}
    table = pa.Table.from_arrays([lots_columns[field.name] for field in LOT], schema=LOT.with_metadata(metadata))
    pq.write_table(table, path, compression="none", use_dictionary=TEXTS, row_group_size=GROUP)


def _origins(percent: Any) -> pa.Array:
    """So many hundredths from France, the others from China."""
    parts = np.stack([percent, 100 - percent], axis=1).ravel()
    countries = np.tile(["FR", "CN"], len(percent))
    return pa.StructArray.from_arrays(
        [pa.array(countries), _same(np.int8(0), len(parts)), pa.array(parts.astype(str))],
        ["country", "assurance", "part"],
    )


def _decimals(units: Any, precision: int, scale: int) -> pa.Array:
    words = np.stack([units, units >> 63], axis=1).astype("<i8")
    return pa.Array.from_buffers(
        pa.decimal128(precision, scale), len(units), [None, pa.py_buffer(np.ascontiguousarray(words).tobytes())]
    )


def _lists(values: pa.Array, each: int) -> pa.Array:
    return pa.ListArray.from_arrays(pa.array(np.arange(0, len(values) + 1, each), pa.int32()), values)


def _same(value: Any, count: int) -> pa.Array:
    return pa.array(np.full(count, value))
