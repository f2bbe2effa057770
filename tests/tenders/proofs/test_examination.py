"""Files of proof documents: what is taken, and what is refused, each in one sentence."""

import random
import time
import zlib

import pytest

from procurement.people.refusals import Invalid
from procurement.tenders.proofs.examination import LONGEST, LONGEST_NAME, MediaType, examine, shown_name
from tests.tenders.proofs.files import CATALOGUE, chunk, jpeg, objects, pdf, png, segment, stream

SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


def refused(content: bytes, name: str = "proof.pdf") -> str:
    with pytest.raises(Invalid) as refusal:
        examine(content, name)
    assert refusal.value.details == []
    return refusal.value.sentence


@pytest.mark.parametrize(
    ("content", "name", "found"),
    [
        (pdf(), "EUR.1.pdf", MediaType.PDF),
        (pdf(), "CERTIFICAT.PDF", MediaType.PDF),
        (pdf(stream(b"BT /F1 12 Tf (Origine) Tj ET")), "a.pdf", MediaType.PDF),
        (pdf(objects(b"<< /Type /Annot >>")), "a.pdf", MediaType.PDF),
        (pdf(stream(b"", b"/Filter /CCITTFaxDecode", packed=b"\x78\x9c an image by chance")), "a.pdf", MediaType.PDF),
        (pdf(b"<< /S /URI /URI (https://example.org) >>"), "a.pdf", MediaType.PDF),
        (pdf() + b"\n", "a.pdf", MediaType.PDF),
        (pdf(objects(CATALOGUE), catalogue=b"null"), "a.pdf", MediaType.PDF),
        (png(), "scan.png", MediaType.PNG),
        (jpeg(), "photo.jpg", MediaType.JPEG),
        (jpeg() + b"\0\0", "photo.JPEG", MediaType.JPEG),
    ],
)
def test_a_plain_document_is_known_by_its_content(content: bytes, name: str, found: MediaType) -> None:
    assert examine(content, name) == found


def test_a_file_of_nothing_and_one_that_is_too_long_say_so() -> None:
    assert "is empty" in refused(b"")
    assert "larger than 20" in refused(pdf() + b" " * LONGEST)


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00",
        b"PK\x03\x04",
        b"<html></html>",
        b"<svg onload='x'/>",
        b"GIF89a",
        b"\n" + pdf(),
        b"%!PS-Adobe",
        b"\0",
    ],
)
def test_what_is_neither_pdf_nor_image_is_refused_whatever_its_name(content: bytes) -> None:
    assert "no PDF, PNG or JPEG, whatever its name says" in refused(content)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (pdf(), "proof.png", "The content of the file is PDF, but it is called “proof.png”"),
        (png(), "proof.pdf", "The content of the file is PNG"),
        (jpeg(), "proof.exe", "The content of the file is JPEG, but it is called “proof.exe”"),
        (pdf(), "proof.pdf.exe", "“proof.pdf.exe”"),
        (pdf(), "", "“–”"),
        (pdf(), "..", "give it the ending it is"),
    ],
)
def test_the_name_has_to_say_what_the_content_is(content: bytes, name: str, said: str) -> None:
    assert said in refused(content, name)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (pdf(SCRIPT), "a script"),
        (pdf(b"<< /S /J#61va#53cript /JS (x) >>"), "a script"),
        (pdf(objects(SCRIPT)), "a script"),
        (pdf(objects(b"<< /S /J#61vaScript >>")), "a script"),
        (pdf(stream(SCRIPT)), "a script"),
        (pdf(b"<< /Hidden " + stream(b"", b"/Filter /DCTDecode", packed=b"\xff\xd8" + SCRIPT) + b" >>"), "a script"),
        (pdf(b"<< /S /Launch /F (cmd.exe) >>"), "opens a program"),
        (pdf(b"<< /S /GoToR /F (//elsewhere/share/a.pdf) >>"), "opens a program or another file"),
        (pdf(catalogue=b"<< /Type /Catalog /Names << /EmbeddedFiles 4 0 R >> >>"), "attached files"),
        (pdf(stream(b"MZ", b"/Type /EmbeddedFile /Filter /FlateDecode")), "attached files"),
        (pdf(b"<< /Subtype /RichMedia >>"), "embedded media"),
        (pdf(b"<< /XFA [(template) 5 0 R] >>"), "a form"),
        (pdf(b"<< /S /SubmitForm /F (https://example.org) >>"), "a form"),
    ],
)
def test_a_pdf_that_acts_by_itself_is_refused_wherever_that_stands(content: bytes, what: str) -> None:
    sentence = refused(content)
    assert sentence.startswith("The PDF holds ")
    assert what in sentence
    assert "print it to a plain PDF" in sentence


def test_an_encrypted_pdf_is_refused_first() -> None:
    assert "protected by a password" in refused(pdf(SCRIPT, trailer=b"/Encrypt 9 0 R"))
    assert "protected by a password" in refused(pdf(trailer=b"/#45ncrypt 9 0 R"))


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-",
        b"%PDF-9.9 " + pdf(),
        pdf()[:-20],
        pdf().replace(b"startxref", b"startxxxx"),
        pdf(catalogue=b"null"),
        pdf() + b"PK" + b"\0" * 2000,
        pdf(stream(b"", packed=zlib.compress(bytes(range(256)))[:-20])),
    ],
    ids=["beginning", "version", "cut", "no table", "no catalogue", "something behind", "broken stream"],
)
def test_a_damaged_pdf_is_refused(content: bytes) -> None:
    assert refused(content).startswith("The PDF is ")


def test_objects_that_cannot_be_looked_into_are_refused() -> None:
    assert "cannot be looked into" in refused(pdf(objects(b"", b"/Filter /ASCIIHexDecode", packed=b"3c3c>")))
    cut = zlib.compress(SCRIPT * 50, 0)[:-10] + b"endstream"
    assert "cannot be looked into" in refused(pdf(objects(b"", packed=cut)))
    assert "cannot be looked into" in refused(pdf(objects(b"\0" * (9 * 1024**2))))


def test_a_pdf_bomb_is_refused_before_it_fills_the_memory() -> None:
    bomb = stream(b"\0" * (9 * 1024**2))
    started = time.monotonic()
    assert "unpacks to far more" in refused(pdf(*[bomb] * 40))
    assert time.monotonic() - started < 20


def test_streams_laid_over_each_other_are_refused_in_time() -> None:
    """Each beginning would be unpacked to the same end: the work of a file squared."""
    started = time.monotonic()
    assert refused(pdf(b"stream\n" + b"stream\n\x78\x9c" * 200_000 + b"endstream")).startswith("The PDF ")
    assert refused(pdf(b"stream\n" * 500_000 + SCRIPT)).startswith("The PDF holds a script")
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (png()[:40], "a.png", "damaged or cut off"),
        (png()[:-1], "a.png", "damaged or cut off"),
        (png().replace(b"IDAT", b"iDAT"), "a.png", "damaged or cut off"),
        (png(body=b""), "a.png", "damaged or cut off"),
        (b"\x89PNG\r\n\x1a\n" + chunk(b"IDAT", b"") + chunk(b"IEND", b""), "a.png", "damaged or cut off"),
        (png(0, 5), "a.png", "damaged or cut off"),
        (png(2**31 - 1, 2**31 - 1), "a.png", "more than a page ever needs"),
        (png() + b"PK\x03\x04", "a.png", "behind the end of the image"),
        (jpeg()[:30], "a.jpg", "damaged or cut off"),
        (jpeg()[:-2], "a.jpg", "damaged or cut off"),
        (b"\xff\xd8\xff", "a.jpg", "damaged or cut off"),
        (b"\xff\xd8" + segment(0xE0, b"") + b"\xff\xd9", "a.jpg", "damaged or cut off"),
        (b"\xff\xd8" + segment(0xC0, b"\x08") + segment(0xDA, b"") + b"\xff\xd9", "a.jpg", "damaged or cut off"),
        (b"\xff\xd8" + segment(0xDA, b"") + b"\xff\xd9", "a.jpg", "damaged or cut off"),
        (jpeg(65_535, 65_535), "a.jpg", "more than a page ever needs"),
        (jpeg() + b"PK\x03\x04", "a.jpg", "behind the end of the image"),
    ],
)
def test_an_image_is_whole_bounded_and_ends_where_it_ends(content: bytes, name: str, said: str) -> None:
    assert said in refused(content, name)


def test_no_mangled_file_does_anything_but_pass_or_be_refused() -> None:
    chance = random.Random(2026)
    originals = [(pdf(objects(SCRIPT), stream(b"x")), "a.pdf"), (png(), "a.png"), (jpeg(), "a.jpg")]
    outcomes = set()
    for _time in range(1500):
        content, name = chance.choice(originals)
        mangled = bytearray(content)
        for _byte in range(chance.randint(1, 4)):
            mangled[chance.randrange(len(mangled))] = chance.randrange(256)
        cut = bytes(mangled[: chance.choice([len(mangled), chance.randint(0, len(mangled))])])
        try:
            outcomes.add(examine(cut, name))
        except Invalid:
            outcomes.add("refused")
    assert outcomes == {"refused", MediaType.JPEG}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        (r"C:\Users\dupont\EUR 1.pdf", "EUR 1.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie: x.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("  déclaration   d’origine.pdf ", "déclaration d’origine.pdf"),
        ("folder/", ""),
    ],
)
def test_a_name_is_shown_without_its_folder_and_without_tricks(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def test_a_long_name_keeps_its_ending() -> None:
    short = shown_name("n" * 500 + ".pdf")
    assert len(short) == LONGEST_NAME
    assert short.endswith("….pdf")
