"""The text of a lot's announcement as a DOCX: whole, in its language, escaped, the same bytes every time."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.policies.models import PolicyVersion
from procurement.tenders.models import Announcement, Tender
from procurement.tenders.regulation.word import text_document
from procurement.tenders.services import draft_tender, publish
from tests.ledger.told import reason_of
from tests.tenders import documents
from tests.tenders.conftest import NOW


def announced(buyer: User, **lot: Any) -> Announcement:
    tender = draft_tender(document=documents.tender(lots=[documents.lot(**lot)]), by=buyer, at=NOW)
    publish(tender=tender, by=buyer, at=NOW)
    return Announcement.objects.get(lot__tender=tender)


def read(content: bytes) -> Any:
    return Document(BytesIO(content))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_paragraph_and_every_table_of_the_document_stands_in_the_file(
    buyer: User, policy: PolicyVersion, language: str
) -> None:
    kept = announced(buyer, policy={"id": "environment-2026", "version": 1})
    text = kept.document["texts"][language]
    blocks = [block for section in text["sections"] for block in section["blocks"]]
    made = read(text_document(kept, language))

    written = [paragraph.text for paragraph in made.paragraphs]
    assert written[:2] == [text["title"], text["subtitle"]]
    assert [p.text for p in made.paragraphs if p.style.name == "Heading 1"] == [s["title"] for s in text["sections"]]
    assert {block["paragraph"] for block in blocks if "paragraph" in block} <= set(written)
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in made.tables]
    assert tables == [[block["table"]["head"], *block["table"]["rows"]] for block in blocks if "table" in block]


def test_no_tag_of_the_template_is_left(buyer: User) -> None:
    with ZipFile(BytesIO(text_document(announced(buyer), "fr"))) as parts:
        for name in ("word/document.xml", "word/footer1.xml"):
            assert b"{%" not in parts.read(name)
            assert b"{{" not in parts.read(name)


def test_language_title_and_page_numbers_are_set(buyer: User) -> None:
    kept = announced(buyer)
    for language, locale in (("fr", "fr-FR"), ("en", "en-GB")):
        content = text_document(kept, language)
        assert read(content).core_properties.title == kept.document["texts"][language]["title"]
        with ZipFile(BytesIO(content)) as parts:
            assert f'w:val="{locale}"'.encode() in parts.read("word/styles.xml")
            foot = parts.read("word/footer1.xml").decode()
        assert 'w:instr="PAGE"' in foot
        assert 'w:instr="NUMPAGES"' in foot
        assert kept.sha256 in foot


def test_the_heading_row_of_a_table_is_repeated_on_every_page(buyer: User) -> None:
    with ZipFile(BytesIO(text_document(announced(buyer), "en"))) as parts:
        document = parts.read("word/document.xml").decode()
    assert document.count("<w:tblHeader/>") == document.count("<w:tbl>") > 0


def test_titles_are_text_whatever_they_look_like(buyer: User) -> None:
    hostile = "=1+1 <w:p/> & {{ title }} {% raw %} \x0b\ufffe ]]> é"
    criteria = documents.criteria()
    criteria[0]["title"] = hostile
    made = read(text_document(announced(buyer, title=hostile, criteria=criteria), "en"))
    assert "=1+1 <w:p/> & {{ title }} {% raw %}  ]]> é" in made.paragraphs[1].text
    assert made.tables[0].rows[1].cells[0].text == "=1+1 <w:p/> & {{ title }} {% raw %}  ]]> é"


def test_the_same_announcement_gives_the_same_bytes(buyer: User) -> None:
    kept = announced(buyer)
    assert text_document(kept, "fr") == text_document(kept, "fr")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_file_is_downloaded_and_leaves_its_line(
    client: Client, buyer: User, published: Tender, language: str
) -> None:
    client.force_login(buyer)
    lot = published.lots.get()
    answer = client.get(reverse("tenders:regulation_text", args=[lot.pk, language]))
    name = f"lot-{lot.pk}-regulation-{language}.docx"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.content == text_document(Announcement.objects.get(), language)
    line = Line.objects.get(action="file.exported")
    assert (line.object, reason_of(line)) == (f"tenders.Lot:{lot.pk}", name)


def test_there_is_no_file_of_a_draft_nor_in_another_language(client: Client, buyer: User, published: Tender) -> None:
    client.force_login(buyer)
    other = draft_tender(document=documents.tender(reference="draft"), by=buyer, at=NOW)
    assert client.get(reverse("tenders:regulation_text", args=[other.lots.get().pk, "fr"])).status_code == 404
    assert client.get(reverse("tenders:regulation_text", args=[published.lots.get().pk, "de"])).status_code == 404
