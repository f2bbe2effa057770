"""What was asked of tenderers, and the versions of bids, in bundles: vouched for in full ones, in no others."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from procurement.audit.dossier import OF_BIDS
from procurement.evaluation import services
from procurement.evaluation.models import BidVersion, Decision
from procurement.evaluation.versions import digest
from scoring.canonical import sha256
from tests.audit import portal
from tests.audit.bundles import KINDS
from tests.audit.conftest import Told
from tests.audit.portal import NOW, World, world
from tests.audit.test_export import contents, exported
from tests.evaluation.examination import answer, ask, conclude, negotiate, offer

pytestmark = pytest.mark.django_db
SECRET = "271.82"  # a unit price of a version that was replaced


@pytest.fixture
def the(anchored: Path) -> World:
    return world()


def examined(the: World) -> Decision:
    """An award after two rounds of negotiation, a regularisation and an exclusion for want of one."""
    lot = portal.opened(the, "2026-014", procedure="negotiated")
    beta, gamma = lot.bids.get(key="beta"), lot.bids.get(key="gamma")
    told = {"lines": {"gloves": "9999.99"}}
    negotiate(beta, the.buyer, document=offer(SECRET, stated=told), at=NOW - timedelta(hours=3))
    negotiate(beta, the.buyer, 2, document=offer("1.75"), at=NOW - timedelta(hours=2))
    request = ask(gamma, the.buyer)
    answer(request, the.buyer)
    conclude(request, the.buyer, False, reason="The sample was not sent.")
    services.score(lot=lot, by=the.buyer, at=NOW)
    return portal.award(the, lot)


@pytest.mark.parametrize("kind", KINDS)
def test_a_bundle_after_versions_and_a_regularisation_is_verified(the: World, told: Told, kind: str) -> None:
    status, said = told(exported(the, examined(the), kind=kind).content)

    assert status == 0, said


def test_a_full_bundle_vouches_for_every_version_by_its_hash(the: World) -> None:
    decision = examined(the)
    beta = decision.lot.bids.get(key="beta")

    lines = json.loads(contents(exported(the, decision))["ledger/lines.json"])

    changed = [(line["before"], line["after"]) for line in lines if line["action"] == "bid.version_entered"]
    first, second = BidVersion.objects.filter(bid=beta)
    assert changed == [(first.sha256, second.sha256), (second.sha256, digest(beta))]
    assert [sha256(version.document) for version in (first, second)] == [first.sha256, second.sha256]
    asked = [line["action"] for line in lines if "regularisation" in line["action"]]
    assert asked == ["bid.regularisation_requested", "bid.regularisation_answered", "bid.regularisation_concluded"]


def test_a_communicable_bundle_tells_neither_versions_nor_their_hashes(the: World) -> None:
    decision = examined(the)
    hashes = [version.sha256 for version in BidVersion.objects.all()]

    whole = b"".join(contents(exported(the, decision, kind="communicable")).values()).decode()

    assert not [action for action in OF_BIDS if f'"{action}"' in whole]
    for secret in (SECRET, "9999.99", *hashes):
        assert secret not in whole
