"""Bundles exported while the lot is simulated and others export it: each verifies, as of the moment it was read."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.db import connection

from procurement.audit import verify
from procurement.audit.services import export_bundle
from procurement.ledger.models import Line
from tests.audit import portal
from tests.audit.bundles import FINGERPRINT, KINDS
from tests.evaluation.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_everybody_gets_a_bundle_that_verifies(anchored: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite writers queue at the start of a transaction: nothing happens at once")
    the = portal.world()
    decisions = [portal.awarded(the, "2026-1"), portal.simulated_afterwards(the, "2026-2")]
    made: list[bytes] = []

    def export(kind: str) -> None:
        bundle = export_bundle(decisions=decisions, kind=kind, by=the.buyer, at=portal.EXPORTED)
        made.append(bundle.content)

    def simulate() -> None:
        for _ in range(5):
            portal.services.simulate(lot=decisions[0].lot, policy_version=None, by=the.buyer, at=portal.LATER)

    calls = [simulate, *[lambda kind=kind: export(kind) for kind in (*KINDS, *KINDS)]]
    assert at_once(*calls) == ["done"] * 5
    assert len(made) == 4
    for content in made:
        _said, report = verify.verify(io.BytesIO(content), FINGERPRINT)
        assert report.differences == []
    sequences = list(Line.objects.values_list("sequence", flat=True))
    assert sequences == list(range(1, len(sequences) + 1))
