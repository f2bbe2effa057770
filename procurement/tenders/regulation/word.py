"""An announcement, and any text of the same shape, as a text document (DOCX), made of the frozen document alone."""

import re
from collections.abc import Sequence
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate

from procurement.tenders.models import Announcement

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEMPLATE = Path(__file__).parent / "template.docx"
LOCALES = {"fr": "fr-FR", "en": "en-GB"}
ACROSS = 80  # characters of a table that a page takes side by side
LONGEST, AROUND = 60, 3  # characters beyond which a column grows no wider; those the edges of a cell take
AFTER_A_TABLE = Pt(8)
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ALWAYS = (1980, 1, 1, 0, 0, 0)  # the same text gives the same bytes


def file_name(announcement: Announcement, language: str) -> str:
    """In ASCII, whatever the reference: `lot-12-regulation-fr.docx`."""
    return f"lot-{announcement.lot_id}-regulation-{language}.docx"


def text_document(announcement: Announcement, language: str) -> bytes:
    """The text in ``language``, a key of the announcement's texts, with the hash of the announcement at its foot."""
    document = announcement.document
    foot = f"{document['tender']}/{document['lot']} – SHA-256 {announcement.sha256}"
    return in_word(document["texts"][language], foot, language)


def in_word(text: dict[str, Any], foot: str, language: str) -> bytes:
    """A text of title, subtitle and sections (`blocks`) with ``foot`` on every page; the same text, the same bytes."""
    text = _printable(text)
    template = DocxTemplate(TEMPLATE)
    template.render({**text, "foot": _printable(foot)}, autoescape=True)
    for table in template.docx.tables:
        _lay_out(table, template.docx)
    _describe(template.docx, text["title"], LOCALES.get(language, language))
    written = BytesIO()
    template.save(written)
    return _undated(written)


def _printable(part: Any) -> Any:
    """Without the few characters that no XML document can hold."""
    if isinstance(part, dict):
        return {key: _printable(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_printable(value) for value in part]
    return NOT_XML.sub("", part) if isinstance(part, str) else part


def _describe(document: Document, title: str, locale: str) -> None:
    """The title of the file and the language of every word: what a screen reader and a spelling checker go by."""
    document.core_properties.title = title[:255]
    document.core_properties.language = locale
    document.core_properties.author = "Barème"
    document.core_properties.comments = ""
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), locale)


def _lay_out(table: Table, document: Document) -> None:
    """Columns as wide as what stands in them, rows that no page break cuts, and room below."""
    page = document.sections[0]
    margins = (page.left_margin or 0) + (page.right_margin or 0)
    whole = (page.page_width or 0) - margins  # the template says all three
    shares = _shares([[cell.text for cell in column.cells] for column in table.columns])
    for column, share in zip(table.columns, shares, strict=True):
        column.width = width = Emu(int(whole * share))
        for cell in column.cells:
            cell.width = width
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    below = table._tbl.getnext()
    if below is not None and below.tag == qn("w:p"):
        paragraph = Paragraph(below, document)
        if paragraph.style == document.styles["Normal"]:  # the others have their own
            paragraph.paragraph_format.space_before = AFTER_A_TABLE


def _shares(columns: Sequence[Sequence[str]]) -> list[Fraction]:
    """What part of the width each column takes: the room of its longest word, and of what is left by its length."""
    least = [max(len(word) for text in column for word in text.split() or [""]) + AROUND for column in columns]
    lengths = [min(max(map(len, column)), LONGEST) for column in columns]
    more = [max(length - needed, 0) for length, needed in zip(lengths, least, strict=True)]
    left = max(ACROSS - sum(least), 0)
    wanted = [needed + Fraction(left * each, sum(more) or 1) for needed, each in zip(least, more, strict=True)]
    return [each / sum(wanted) for each in wanted]


def _undated(written: BytesIO) -> bytes:
    undated = BytesIO()
    with ZipFile(written) as source, ZipFile(undated, "w") as target:
        for name in source.namelist():
            entry = ZipInfo(name, ALWAYS)
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return undated.getvalue()
