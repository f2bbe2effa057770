"""Archives for the tests: snapshots made of case documents, and what the engine says of each of their lots."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import scoring
from scoring.portfolio.rows import lot_of
from scoring.portfolio.snapshot import Provenance, Snapshot
from tests.scoring.documents import from_countries, offer

Document = dict[str, Any]
PROVENANCE = Provenance("An archive", "the tests", "none", "goods", "simulated", "simulated")
AWARDED = [date(2025, 3, 1), date(2025, 9, 1), date(2026, 1, 31), None]


def archive(cases: Sequence[Document], buyers: Sequence[str | None] = ()) -> Snapshot:
    """The snapshot of these cases, lot 0, 1, …, of two hospitals; `buyers` are their countries, else France."""
    rows = [row(case, number) for number, case in enumerate(cases)]
    for each, country in zip(rows, buyers, strict=False):
        each["country"] = country
    with TemporaryDirectory() as folder:
        path = Path(folder) / "archive.parquet"
        return Snapshot.read(path, sha256=Snapshot.write(rows, PROVENANCE, path))


def row(case: Document, number: int) -> Document:
    """The row of a case in an archive of the tests."""
    return lot_of(
        case,
        id=str(number),
        hospital=f"hospital {number % 2}",
        country="FR",
        awarded_on=AWARDED[number % len(AWARDED)],
        pseudonym=lambda name: f"S-{len(name)}",
    )


def winner(case: Document, policy: Document | None) -> str | None:
    """The winner `scoring.evaluate` names under another policy."""
    found: str | None = scoring.evaluate({**case, "policy": policy})["winner"]
    return found


def won(snapshot: Snapshot, winners: Any) -> list[str | None]:
    """The ids of winners by number."""
    ids = snapshot.bid("id").to_pylist()
    return [None if bid < 0 else ids[bid] for bid in winners.tolist()]


def with_amount(policy: Document, measure: str, amount: str) -> Document:
    """The policy with another amount of a measure."""
    changed = copy.deepcopy(policy)
    next(each for each in changed["measures"] if each["id"] == measure)["amount"] = amount
    return changed


def goods(name: str, amount: str, share: str = "1", country: str = "FR") -> Document:
    """A bid of 60 marks in 100 whose goods come, for a share of their value, from a country."""
    return offer(name, amount, "60", **from_countries(amount, (country, share)))
