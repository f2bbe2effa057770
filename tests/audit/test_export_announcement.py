"""What a lot announced in words goes with its decision: in both kinds of bundle, bound by the record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from procurement.evaluation.models import Decision
from procurement.tenders import services as tenders
from procurement.tenders.models import Announcement
from scoring.canonical import sha256
from tests.audit import portal
from tests.audit.bundles import KINDS, Story
from tests.audit.conftest import Told
from tests.audit.portal import World, world
from tests.audit.test_export import contents, exported
from tests.conftest import triggers_lifted
from tests.tenders import documents

pytestmark = pytest.mark.django_db


@pytest.fixture
def the(anchored: Path) -> World:
    return world()


def name_of(decision: Decision) -> str:
    return f"decisions/{decision.pk}/announcement.json"


@pytest.mark.parametrize("kind", KINDS)
def test_the_text_of_the_lot_is_in_the_bundle_whole_in_both_languages(the: World, kind: str) -> None:
    decision = portal.awarded(the, "2026-1")

    files = contents(exported(the, decision, kind=kind))

    kept = Announcement.objects.get(lot=decision.lot)
    told = json.loads(files[name_of(decision)])
    assert (told, sha256(told)) == (kept.document, kept.sha256)
    assert set(told["texts"]) == {"en", "fr"}
    tender = json.loads(files[f"decisions/{decision.pk}/tender.json"])
    assert tender["announced"] == {str(decision.lot.number): kept.sha256}


def test_each_lot_of_a_procedure_has_its_own_text_and_the_hashes_of_all(the: World, told: Told) -> None:
    lots = [documents.lot(title="Masks"), documents.lot(title="Gloves")]
    document = documents.tender(reference="2026-1", lots=lots)
    tender = tenders.draft_tender(document=document, by=the.buyer, at=portal.NOW)
    tenders.publish(tender=tender, by=the.buyer, at=portal.NOW)
    decisions = [portal.ended(the, lot, "without_follow_up") for lot in tender.lots.all()]

    bundle = exported(the, *decisions)

    files = contents(bundle)
    assert told(bundle.content)[0] == 0
    assert len({files[name_of(decision)] for decision in decisions}) == 2
    assert [len(json.loads(files[f"decisions/{d.pk}/tender.json"])["announced"]) for d in decisions] == [2, 2]


def test_a_text_taken_out_of_the_database_is_missed(the: World, told: Told) -> None:
    decision = portal.awarded(the, "2026-1")
    with triggers_lifted():
        Announcement.objects.all().delete()

    bundle = exported(the, decision)

    assert name_of(decision) not in contents(bundle)
    status, said = told(bundle.content)
    assert (status, "a line of the record says that criteria were announced" in said) == (1, True)


@pytest.mark.parametrize("kind", KINDS)
def test_a_lot_published_before_lots_announced_anything_verifies_without(told: Told, kind: str) -> None:
    story = Story()
    story.announcement = None
    files = story.files(kind)

    assert "decisions/7/announcement.json" not in files
    assert told(files)[0] == 0


def test_a_text_changed_in_the_database_is_seen(the: World, told: Told) -> None:
    decision = portal.awarded(the, "2026-1")
    kept = Announcement.objects.get(lot=decision.lot)
    kept.document["texts"]["fr"]["title"] = "Autres critères"
    with triggers_lifted():
        Announcement.objects.filter(pk=kept.pk).update(document=kept.document)

    for kind in KINDS:
        status, said = told(exported(the, decision, kind=kind).content)
        assert (status, "this is not the text that was announced for the lot" in said) == (1, True)
