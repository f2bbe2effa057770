"""Every kernel compiled ahead of the first question: tiny archives replayed under each kind of policy.

Compiling takes about a minute, once for each version of the software on a machine; what was compiled is kept in
`NUMBA_CACHE_DIR` and loaded in a second by every later process.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scoring.portfolio.look import look
from scoring.portfolio.rows import lot_of
from scoring.portfolio.scenario import Scenario
from scoring.portfolio.snapshot import Provenance, Snapshot
from scoring.portfolio.sweep import Study
from scoring.portfolio.switches import switches

Document = dict[str, Any]
PROVENANCE = Provenance("For warming up", "made up", "none", "goods", "simulated", "simulated")
AMOUNT = "measures.european.amount"
KINDS = ("add_points", "add_to_price", "deduct_from_price", "deflate_price", "scale_score")
POLICY: Document = {
    "schema": "bareme-policy/1",
    "id": "warming-up",
    "version": 1,
    "title": "Warming up",
    "status": "proposed",
    "content_basis": "ucc_origin",
    "areas": {"EU": ["FR"]},
    "european_area": "EU",
    "indicators": [],
    "bonus_cap": "8",
    "cashback": {"id": "warming-up", "base": "european_value", "tiers": [["0.5", "0.02"]]},
}
# What kernels are compiled for apart: codes of a share in one byte or two; totals in 16 bits, in 32, or in floats;
# scenarios one by one or side by side.
SHARES = {
    "few": [f"0.{place % 10}" for place in range(40)],
    "many": [f"0.{2 * place:03}000000001" for place in range(400)],
}
AMOUNTS = [
    ["0.1", "0.2"],
    [f"0.{place:02}" for place in range(32)],
    [str(100 + place) for place in range(32)],
    ["0.333333333332", "0.333333333333"],
]
CRITERIA = [
    {"id": "price", "kind": "price", "weight": "40", "formula": "lowest_ratio"},
    {"id": "quality", "kind": "quality", "weight": "60", "formula": "proportional", "scale": "100"},
]


def warm() -> None:
    """Replay archives of few and of many shares, with amounts of every size, and look closely at a scenario."""
    with TemporaryDirectory() as folder:
        for name, shares in SHARES.items():
            path = Path(folder) / f"{name}.parquet"
            Snapshot.write(map(_lot, range(len(shares) // 2), shares[::2], shares[1::2]), PROVENANCE, path)
            for kind in KINDS:
                _replay(Study(Snapshot.read(path), _policy(kind)), points=kind == "add_points")


def _replay(study: Study, *, points: bool) -> None:
    for amounts in AMOUNTS if points else AMOUNTS[:1]:
        scenarios = [Scenario({AMOUNT: amount}) for amount in amounts]
        study.run(scenarios)
        if points:
            switches(study, scenarios, AMOUNT).document()
    seen = look(study, Scenario())
    seen.document()
    seen.table()


def _policy(kind: str) -> Document:
    effect = {"id": "european", "kind": kind, "driver": "european_share", "amount": "0.5"}
    return {**POLICY, "measures": [effect]}


def _lot(number: int, *shares: str) -> Document:
    """A lot of a bid for each share and, in every third lot, one more."""
    bids = [_bid(place, share) for place, share in enumerate(shares + shares[: number % 3 == 0])]
    document = {
        "schema": "bareme-case/1",
        "tender": {"id": "T", "currency": "EUR"},
        "criteria": CRITERIA,
        "bids": bids,
        "policy": None,
        "rounding": {"decimals": 2},
    }
    return lot_of(document, id=str(number), hospital="A", country="FR", awarded_on=None, pseudonym=str)


def _bid(place: int, share: str) -> Document:
    price = "100"  # the bids of a lot are alike but for their shares: no bound settles who wins
    origins = [{"country": "FR", "share": share}]
    return {
        "id": f"bid {place}",
        "supplier": {"name": f"supplier {place}", "country": "FR"},
        "status": "admissible",
        "price": price,
        "marks": {"quality": "60"},
        "lines": [{"id": "1", "quantity": "1", "unit_price": price, "origins": origins}],
    }
