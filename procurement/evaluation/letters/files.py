"""Letters as files: one as a text document (DOCX), all of a lot as one archive. The same letters, the same bytes."""

from collections.abc import Iterable
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from procurement.evaluation.french import LANGUAGE
from procurement.evaluation.letters.composition import Letter
from procurement.evaluation.letters.texts import say
from procurement.tenders.models import Lot
from procurement.tenders.regulation.word import ALWAYS, in_word
from scoring.canonical import sha256


def file_name(lot: Lot, letter: Letter) -> str:
    """In ASCII, whatever the names: `lot-12-letter-beta.docx`."""
    return f"lot-{lot.pk}-letter-{letter['bid']}.docx"


def in_docx(lot: Lot, letter: Letter, *, sent: bool) -> bytes:
    """One letter, with its hash at its foot, or that it is a draft."""
    known = f"SHA-256 {sha256(letter)}" if sent else say("draft")
    return in_word(letter, f"{lot.tender.reference}/{lot.number} – {known}", LANGUAGE)


def in_archive(lot: Lot, letters: Iterable[Letter], *, sent: bool) -> bytes:
    """Every letter of a lot; each is compressed already."""
    written = BytesIO()
    with ZipFile(written, "w", ZIP_STORED) as archive:
        for letter in letters:
            archive.writestr(ZipInfo(file_name(lot, letter), ALWAYS), in_docx(lot, letter, sent=sent))
    return written.getvalue()
