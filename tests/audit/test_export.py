"""Bundles exported by the portal from decisions its services made: each verifies, in both kinds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from procurement.audit.services import export_bundle
from procurement.evaluation.models import Decision
from tests.audit.bundles import FINGERPRINT, KINDS
from tests.audit.conftest import Told
from tests.audit.portal import EXPORTED, STORIES, World, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def the(anchored: Path) -> World:
    return world()


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_a_bundle_of_every_kind_of_decision_is_verified(
    the: World, told: Told, story: Callable[[World, str], Decision]
) -> None:
    decision = story(the, "2026-014")
    for kind in KINDS:
        bundle = export_bundle(decisions=[decision], kind=kind, by=the.buyer, at=EXPORTED)
        status, said = told(bundle.content)
        assert status == 0, said
        assert f"Decision {decision.pk} (tenders.Lot:{decision.lot_id}): same." in said
        assert said.splitlines()[-1].startswith("VERIFIED")
        assert bundle.fingerprint == FINGERPRINT
