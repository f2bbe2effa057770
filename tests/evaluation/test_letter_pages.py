"""The page of the letters of a lot: when they come, their draft, what was sent, and the files."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document

from procurement.evaluation import services
from procurement.evaluation.models import Decision, SentLetters
from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.tenders.models import Lot
from tests.evaluation.conftest import LATER

DAY = timezone.localdate(LATER)


def as_(person: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def page(person: User, decision: Decision, **asked: str) -> str:
    answer = as_(person).get(reverse("evaluation:letters", args=[decision.lot_id]), asked)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def test_before_the_decision_the_page_says_when_letters_come(lot: Lot, buyer: User) -> None:
    client = as_(buyer)
    assert "come after the decision" in client.get(reverse("evaluation:letters", args=[lot.pk])).content.decode()
    assert client.get(reverse("evaluation:letters_zip", args=[lot.pk])).status_code == 404
    for address in (
        reverse("evaluation:record_letters", args=[lot.pk]),
        reverse("evaluation:letter_paragraph", args=[lot.pk, "beta"]),
    ):
        assert "come after the decision" in client.get(address).content.decode()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_letters_are_french_whatever_the_language_of_the_page(language: str, decision: Decision, buyer: User) -> None:
    buyer.language = language
    buyer.save()
    shown = page(buyer, decision)
    assert ("Draft: nothing is recorded as sent." in shown) is (language == "en")
    assert "Votre offre est classée au rang" in shown
    assert '<div lang="fr">' in shown


def test_a_draft_is_dated_as_the_buyer_asks(decision: Decision, buyer: User) -> None:
    assert "signed from 19 November 2026 on" in page(buyer, decision, sent_on="2026-11-03", way="other")
    assert "signed from 14 November 2026 on" in page(buyer, decision, sent_on="2026-11-03", way="electronic")
    assert "signed from" in page(buyer, decision, sent_on="no day", way="pigeon")


def test_a_buyer_records_the_sending_in_two_steps_and_the_decision_shows_the_standstill(
    decision: Decision, buyer: User
) -> None:
    client, address = as_(buyer), reverse("evaluation:record_letters", args=[decision.lot_id])
    filled = {"sent_on": DAY.isoformat(), "way": "electronic"}
    again = client.post(address, filled).content.decode()
    assert "Read it once more" in again
    assert SentLetters.objects.count() == 0
    assert client.post(address, {**filled, "confirmed": "yes"}).status_code == 302

    shown = client.get(reverse("evaluation:decision", args=[decision.pk])).content.decode()
    assert "The contract may be signed from 14 November 2026 on." in shown
    sent = page(buyer, decision)
    assert "Sent electronically on 3 November 2026" in sent
    assert "Prepare a correction" in sent
    assert "Draft of a correction" in page(buyer, decision, draft="")
    refused = client.post(address, {**filled, "confirmed": "yes"}).content.decode()
    assert SentLetters.objects.count() == 1
    assert "Reason for the correction" in refused


def test_a_paragraph_stands_in_the_draft_and_not_in_what_was_sent(decision: Decision, buyer: User) -> None:
    services.record_letters(lot=decision.lot, way="electronic", sent_on=DAY, by=buyer, at=LATER)
    address = reverse("evaluation:letter_paragraph", args=[decision.lot_id, "beta"])
    assert as_(buyer).post(address, {"text": "Une précision utile."}).status_code == 302
    assert "Une précision utile." in page(buyer, decision, draft="")
    assert "Une précision utile." not in page(buyer, decision)
    assert "Une précision utile." in as_(buyer).get(address).content.decode()


def test_the_files_are_of_what_the_page_shows_and_leave_a_line(decision: Decision, buyer: User) -> None:
    client = as_(buyer)
    draft = client.get(reverse("evaluation:letter_docx", args=[decision.lot_id, "beta"]), {"sent_on": "2026-11-03"})
    read = Document(BytesIO(draft.content))
    assert any("14 novembre 2026" in paragraph.text for paragraph in read.paragraphs)
    assert "PROJET" in read.sections[0].footer.paragraphs[0].text
    assert Line.objects.last().action == "file.exported"

    services.record_letters(lot=decision.lot, way="other", sent_on=DAY, by=buyer, at=LATER)
    archive = client.get(reverse("evaluation:letters_zip", args=[decision.lot_id]))
    with ZipFile(BytesIO(archive.content)) as files:
        beta = Document(BytesIO(files.read(f"lot-{decision.lot_id}-letter-beta.docx")))
    assert any("19 novembre 2026" in paragraph.text for paragraph in beta.paragraphs)
    assert "PROJET" not in beta.sections[0].footer.paragraphs[0].text
    assert client.get(reverse("evaluation:letter_docx", args=[decision.lot_id, "nobody"])).status_code == 404


def test_an_auditor_reads_the_letters_and_writes_none(decision: Decision, auditor: User) -> None:
    shown = page(auditor, decision)
    assert "Votre offre est classée au rang" in shown
    assert "Record the letters as sent" not in shown
    assert "Add a paragraph" not in shown
    assert Line.objects.last().action == "lot.read"


def test_the_day_of_signature_is_counted_from_the_day_they_left(decision: Decision, buyer: User) -> None:
    sent = services.record_letters(lot=decision.lot, way="other", sent_on=DAY, by=buyer, at=LATER)
    assert sent.signable_on == date(2026, 11, 19)
