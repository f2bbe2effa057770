"""What lots of the demonstration announce, whole and in both languages, against texts that a reader has approved."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

from procurement.interchange.demonstration.load import load
from procurement.tenders.models import Announcement, Lot, Stage
from procurement.tenders.regulation.texts import LANGUAGES
from scoring.canonical import sha256
from tests.standing import standing
from tests.tenders.announced.words import text_of

pytestmark = pytest.mark.django_db

APPROVED = Path(__file__).parent / "announced"
LOTS = (("GHT-2026-007", 1), ("GHT-2026-022", 1), ("GHT-2026-024", 1))  # sub-criteria; cost and a policy; the IPI


@pytest.fixture(scope="module")
def demonstration(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with standing(django_db_blocker):
        load()
        yield


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("reference", "number"), LOTS)
def test_the_text_of_a_lot_is_the_approved_one(demonstration: None, reference: str, number: int, language: str) -> None:
    kept = Announcement.objects.get(lot__tender__reference=reference, lot__number=number)
    approved = (APPROVED / f"{reference}-{number}.{language}.txt").read_text("utf-8")
    assert text_of(kept.document, language) == approved


def test_every_lot_that_was_published_here_announces_its_criteria(demonstration: None) -> None:
    published = Lot.objects.exclude(stage=Stage.DRAFT).filter(tender__copied_from=None)
    assert published.filter(announcement=None).count() == 0
    for kept in Announcement.objects.select_related("lot"):
        assert kept.sha256 == sha256(kept.document)
        assert kept.document["rules_sha256"] == kept.lot.rules_sha256
