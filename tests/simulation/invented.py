"""An invented archive as a snapshot of the portal, and a policy to try on it."""

from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from bench import archive
from procurement.policies.models import PolicyVersion
from procurement.simulation.bindings import file_sha256
from procurement.simulation.models import ArchiveSnapshot
from tests.cashback.conftest import approved

EUROPEAN, GREEN = "measures.european.amount", "measures.green.amount"


def axis(path: str, *values: str) -> dict[str, Any]:
    return {"path": path, "values": list(values)}


def snapshot(lots: int = 200, *, seed: int = 1) -> ArchiveSnapshot:
    """Its file and its row; five bids a lot, all of them of the year 2026, all in euros."""
    folder = Path(settings.ARCHIVES)
    folder.mkdir(parents=True, exist_ok=True)
    unnamed = folder / f".{uuid4().hex}"
    archive.write(unnamed, lots, 5 * lots, seed=seed)
    sha256 = file_sha256(unnamed)
    unnamed.rename(folder / f"{sha256}.parquet")
    return ArchiveSnapshot.objects.create(
        sha256=sha256,
        source=ArchiveSnapshot.Source.PORTAL,
        title=f"An invented archive of {lots} lots",
        provenance={
            "title": "A bench", "source": "made up", "licence": "none", "origin_of": "goods", "marks": "simulated",
            "weights": "simulated",
        },
        lots=lots,
        bids=5 * lots,
        currencies=["EUR"],
        countries=["FR"],
        made_at=timezone.now(),
    )  # fmt: skip


def policy(**changed: Any) -> PolicyVersion:
    """Points for Europe and for the environment under a cap, with a cash-back, approved as a proposal."""
    return approved({**archive.POLICY, **changed})
