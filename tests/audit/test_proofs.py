"""Proof documents in a bundle: which files they are, whole in a full one, without words in a communicable one."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from procurement.evaluation.models import Decision
from procurement.ledger.models import Line
from procurement.tenders import services as tenders
from procurement.tenders.models import ProofDocument
from scoring.canonical import sha256
from tests.audit import portal
from tests.audit.bundles import KINDS
from tests.audit.conftest import Told
from tests.audit.test_export import contents, exported
from tests.tenders.proofs.conftest import GIVEN
from tests.tenders.proofs.files import pdf

SAID = {"about", "title", "original_name"}


@pytest.fixture
def the(anchored: Path, db: None) -> portal.World:
    return portal.world()


def proved(the: portal.World) -> Decision:
    """Awarded, with a document of the winner and a withdrawn one of a bid that lost."""
    lot = portal.opened(the, "2026-1")
    for key, title in (("alpha", "EUR.1 of MedTech Loire"), ("gamma", "EUR.1 of Pacific Care")):
        given = {**GIVEN, "title": title, "about": "origin", "content": pdf(title.encode())}
        tenders.add_proof(bid=lot.bids.get(key=key), **given, by=the.buyer, at=portal.NOW)
    tenders.withdraw_proof(
        proof=ProofDocument.objects.latest("pk"), reason="Issued for Pacific Care Ltd.", by=the.buyer, at=portal.NOW
    )
    return portal.award(the, portal.scored(the, lot))


def test_a_full_bundle_says_all_of_a_document_and_the_record_vouches_for_it(the: portal.World) -> None:
    decision = proved(the)
    listed = json.loads(contents(exported(the, decision))["documents.json"])

    first, second = ProofDocument.objects.order_by("pk")
    assert [entry["name"] for entry in listed] == [
        f"decisions/{decision.pk}/bids/alpha/proof-{first.pk}.pdf",
        f"decisions/{decision.pk}/bids/gamma/proof-{second.pk}.pdf",
    ]
    assert [entry["withdrawn"] for entry in listed] == [False, True]
    assert listed[0]["sha256"] == first.sha256
    assert (listed[0]["kind"], listed[0]["expires_on"]) == ("origin_certificate", "2026-12-31")
    stated = {sha256({k: v for k, v in entry.items() if k not in ("name", "withdrawn")}) for entry in listed}
    assert stated == set(Line.objects.filter(action="bid.proof_added").values_list("after", flat=True))


def test_a_communicable_bundle_gives_no_word_of_a_document_and_no_file(the: portal.World) -> None:
    files = contents(exported(the, proved(the), kind="communicable"))

    for entry in json.loads(files["documents.json"]):
        assert not SAID & set(entry)
        assert set(entry) >= {"sha256", "kind", "issued_on", "expires_on", "size"}
    for name, content in files.items():
        assert b"EUR.1" not in content, name
        assert b"Pacific Care" not in content, name
        assert not content.startswith(b"%PDF"), name
    assert not [line for line in json.loads(files["ledger/lines.json"]) if "proof" in line["action"]]


@pytest.mark.parametrize("kind", KINDS)
def test_the_bundle_verifies_alone(the: portal.World, kind: str, told: Told) -> None:
    status, said = told(exported(the, proved(the), kind=kind).content)
    assert status == 0, said


def test_the_documents_of_all_bids_are_read_in_one_query(
    the: portal.World, queries: Callable[[Callable[[], object]], int]
) -> None:
    decision = proved(the)
    exported(the, decision)
    few = queries(lambda: exported(the, decision))
    for number in range(5):
        ProofDocument.objects.create(
            **{name: value for name, value in GIVEN.items() if name not in ("content", "name")},
            bid=decision.bid, original_name="a.pdf", media_type="application/pdf", size=1, sha256=f"{number:064x}",
            added_by=the.buyer, added_at=portal.NOW,
        )  # fmt: skip
    assert queries(lambda: exported(the, decision)) == few
