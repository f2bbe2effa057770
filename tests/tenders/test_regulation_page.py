"""The page of what a lot announces: a preview of the draft, then the frozen text, or why there is none."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.tenders.models import Announcement, Tender
from procurement.tenders.regulation.word import DOCX, text_document
from procurement.tenders.services import copy_for_training, draft_tender, publish
from scoring.canonical import sha256
from tests.conftest import triggers_lifted
from tests.tenders import documents
from tests.tenders.conftest import NOW, auditor_of

FROZEN = "These rules are frozen."


@pytest.fixture
def reader(client: Client, buyer: User) -> Client:
    client.force_login(buyer)
    return client


def page(client: Client, tender: Tender) -> str:
    answer = client.get(reverse("tenders:regulation", args=[tender.lots.get().pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_draft_shows_what_it_would_announce_and_freezes_nothing(reader: Client, draft: Tender) -> None:
    shown = page(reader, draft)
    assert "nothing is announced yet" in shown
    assert "W × Pmin ÷ P" in shown
    assert FROZEN not in shown
    assert not Announcement.objects.exists()


def test_a_draft_says_which_texts_have_one_language(reader: Client, draft: Tender, buyer: User) -> None:
    shown = page(reader, draft)
    assert "stand alike in the French and in the English version" in shown
    publish(tender=draft, by=buyer, at=NOW)
    assert "stand alike" not in page(reader, draft)


def test_a_published_lot_shows_the_frozen_text_with_its_hash(reader: Client, published: Tender) -> None:
    shown = page(reader, published)
    kept = Announcement.objects.get()
    assert FROZEN in shown
    assert kept.sha256 in shown
    assert kept.document["rules_sha256"] in shown
    assert "Nothing on this page is a simulation." in shown, "the strip has its own sentence"


def test_the_text_is_shown_from_the_document_alone(
    reader: Client, published: Tender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever later versions of the portal would write, what was announced stands."""
    before = page(reader, published)
    published.lots.get().criteria.update(title="Renamed since")
    monkeypatch.setattr("procurement.tenders.regulation.texts.sentences", dict)
    after = page(reader, published)
    assert body(after) == body(before)
    assert "Renamed since" not in after


def body(shown: str) -> str:
    return shown[shown.index("<section") : shown.rindex("</section>")]


@pytest.mark.parametrize(("language", "words"), [("fr", "Critères de jugement des offres"), ("en", "Award criteria")])
def test_it_is_read_in_the_reader_s_language(
    reader: Client, buyer: User, published: Tender, language: str, words: str
) -> None:
    User.objects.filter(pk=buyer.pk).update(language=language)
    assert words in page(reader, published)


def test_a_training_copy_says_that_it_announces_nothing(reader: Client, published: Tender, buyer: User) -> None:
    copy = copy_for_training(tender=published, by=buyer, at=NOW)
    assert "This training copy announces nothing" in page(reader, copy)


def test_a_lot_published_before_announcements_says_so(reader: Client, draft: Tender) -> None:
    """Published by what stood before: its stage and its rules alone."""
    draft.lots.update(stage="published", rules={}, rules_sha256="0" * 64)
    assert "before the portal kept what is announced" in page(reader, draft)


def test_titles_are_escaped(reader: Client, buyer: User) -> None:
    lot = documents.lot(title="<script>alert(1)</script>")
    lot["criteria"][0]["title"] = "<b>Price</b>"
    tender = draft_tender(document=documents.tender(lots=[lot]), by=buyer, at=NOW)
    shown = page(reader, tender)
    assert "&lt;b&gt;Price&lt;/b&gt;" in shown
    assert "<b>Price" not in shown
    assert "<script>alert" not in shown


def test_an_auditor_reads_it_once_the_bids_are_opened(client: Client, opened: Tender) -> None:
    client.force_login(auditor_of(opened.contracting_body))
    assert "W × Pmin ÷ P" in page(client, opened)


def test_the_same_queries_whatever_the_number_of_criteria(
    reader: Client, buyer: User, django_assert_max_num_queries: Any
) -> None:
    counted = {}
    for number in (2, 10):
        criteria = [
            {**documents.criteria()[1], "id": f"q{n}", "title": f"Q{n}", "weight": str(100 // number)}
            for n in range(number)
        ]
        tender = draft_tender(
            document=documents.tender(reference=f"R{number}", lots=[documents.lot(criteria=criteria)]), by=buyer, at=NOW
        )
        with django_assert_max_num_queries(40) as queries:
            page(reader, tender)
        counted[number] = len(queries)
    assert counted[2] == counted[10]


def test_the_api_gives_the_frozen_document_whole(reader: Client, published: Tender) -> None:
    answer = reader.get(f"/api/v1/lots/{published.lots.get().pk}/announcement/").json()
    assert sha256(answer["document"]) == answer["sha256"] == Announcement.objects.get().sha256


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_api_gives_the_text_as_a_file_that_is_recorded(reader: Client, published: Tender, language: str) -> None:
    lot = published.lots.get()
    answer = reader.get(f"/api/v1/lots/{lot.pk}/announcement/{language}/")

    assert (answer.status_code, answer["Content-Type"]) == (200, DOCX)
    assert answer.content == text_document(Announcement.objects.get(), language)
    assert Line.objects.filter(action="file.exported", object=f"tenders.Lot:{lot.pk}").count() == 1


def test_the_api_gives_no_file_of_a_draft(reader: Client, draft: Tender) -> None:
    assert reader.get(f"/api/v1/lots/{draft.lots.get().pk}/announcement/fr/").status_code == 404


def test_the_api_gives_no_file_in_another_language(reader: Client, published: Tender) -> None:
    assert reader.get(f"/api/v1/lots/{published.lots.get().pk}/announcement/de/").status_code == 404


def test_the_api_gives_a_draft_as_it_would_be_announced_without_a_hash(reader: Client, draft: Tender) -> None:
    answer = reader.get(f"/api/v1/lots/{draft.lots.get().pk}/announcement/").json()

    assert (answer["sha256"], answer["document"]["rules_sha256"]) == ("", "")
    assert set(answer["document"]["texts"]) == {"en", "fr"}
    assert not Announcement.objects.exists()


def test_the_api_says_that_a_lot_published_before_there_were_texts_has_none(reader: Client, published: Tender) -> None:
    with triggers_lifted():
        Announcement.objects.all().delete()

    answer = reader.get(f"/api/v1/lots/{published.lots.get().pk}/announcement/")

    assert answer.status_code == 404
    assert "once its rules are published" in answer.json()["detail"]
