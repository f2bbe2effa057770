"""What the file of a proof document is, by its content, and that nothing in it acts by itself.

The portal never renders such a file; it hands it over as an attachment. What is refused here protects who opens it.
"""

import unicodedata
from pathlib import PurePosixPath
from typing import NoReturn

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from procurement.people.refusals import Invalid
from procurement.tenders.models import ProofDocument
from procurement.tenders.proofs import images, pdf

LONGEST = 20 * 1024**2  # bytes; a certificate has some 200 kB, a technical file with photographs some MB
LONGEST_NAME = 200  # characters, of the column
MediaType = ProofDocument.MediaType
ENDINGS = {".pdf": MediaType.PDF, ".png": MediaType.PNG, ".jpg": MediaType.JPEG, ".jpeg": MediaType.JPEG}
BEGINNINGS = {b"%PDF-": MediaType.PDF, b"\x89PNG\r\n\x1a\n": MediaType.PNG, b"\xff\xd8\xff": MediaType.JPEG}
CHECKS = {MediaType.PDF: pdf.check, MediaType.PNG: images.check_png, MediaType.JPEG: images.check_jpeg}


def examine(content: bytes, name: str) -> ProofDocument.MediaType:
    """The type of a file called ``name``. Raises Invalid, with one sentence, for whatever is no plain document."""
    if not content:
        _refuse(_("The file is empty: choose the document itself."))
    if len(content) > LONGEST:
        most = {"most": filesizeformat(LONGEST)}
        _refuse(_("The file is larger than %(most)s: send it in a lower resolution, or in parts.") % most)
    found = next((kind for beginning, kind in BEGINNINGS.items() if content.startswith(beginning)), None)
    if found is None:
        _refuse(_("The file is no PDF, PNG or JPEG, whatever its name says: send the document as one of these."))
    ending = PurePosixPath(shown_name(name)).suffix.lower()
    if ENDINGS.get(ending) != found:
        told = {"name": shown_name(name) or "–", "found": found.label}
        _refuse(
            _("The content of the file is %(found)s, but it is called “%(name)s”: give it the ending it is.") % told
        )
    CHECKS[found](content)
    return found


def shown_name(name: str) -> str:
    """The name of a file as it may be shown: its last part, without what is invisible or turns the writing round."""
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(" " if letter.isspace() else letter for letter in last if letter.isspace() or _visible(letter))
    short = " ".join(visible.split())
    if len(short) <= LONGEST_NAME:
        return short
    ending = PurePosixPath(short).suffix[:10]
    return short[: LONGEST_NAME - len(ending) - 1] + "…" + ending


def _visible(letter: str) -> bool:
    return not unicodedata.category(letter).startswith("C")


def _refuse(sentence: str) -> NoReturn:
    raise Invalid(sentence)
