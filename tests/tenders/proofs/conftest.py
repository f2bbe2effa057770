"""A bid, a folder of its own for documents, and a way to add one."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from procurement.people.models import User
from procurement.tenders import services
from procurement.tenders.models import Bid, ProofDocument
from procurement.tenders.proofs import files
from tests.tenders.conftest import NOW
from tests.tenders.proofs.files import pdf

GIVEN: dict[str, Any] = {
    "content": pdf(),
    "name": "EUR.1 Loire.pdf",
    "kind": "origin_certificate",
    "about": "origin/masks-2r",
    "title": "EUR.1 of the masks",
    "issued_on": date(2026, 9, 1),
    "expires_on": date(2026, 12, 31),
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(files, "FOLDER", tmp_path / "documents")
    return tmp_path / "documents"


@pytest.fixture
def add(bid: Bid, buyer: User) -> Callable[..., ProofDocument]:
    """Add a proof to the bid; any argument may be changed."""
    return lambda **changes: services.add_proof(**{"bid": bid, **GIVEN, "by": buyer, "at": NOW, **changes})
