"""The file somebody sent as a schedule: what it is, by its content, and that it is safe to look into.

It is opened here in pure Python within stated bounds, and written anew for the reader of spreadsheets, which
therefore never sees a size, a name or a compression that somebody made up.
"""

import io
import zipfile
import zlib
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from procurement.parsing import LONGEST_FILE
from procurement.people.refusals import Invalid

LONGEST = LONGEST_FILE  # a schedule of a thousand items has some 100 kB
MOST_ENTRIES = 300
LONGEST_UNPACKED = 32 * 1024**2  # bytes of all entries together
MOST_RATIO = 200  # unpacked to packed, of a file that is not small; XML of a spreadsheet shrinks 10 to 40 times
SMALL = 1024**2  # bytes unpacked, below which the ratio does not matter
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # begins every .xls, and the wrapping of an encrypted .xlsx
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
MACROS = ("vbaproject.bin", "vbadata.xml")
MACRO_FOLDERS = ("basic/", "scripts/", "xl/macrosheets/", "xl/dialogsheets/")
ENCRYPTED = 0x1  # of the flags of an entry


class Kind(StrEnum):
    XLSX = "xlsx"
    ODS = "ods"


@dataclass(frozen=True, slots=True)
class Container:
    """A workbook that was looked over: its entries by name, unpacked."""

    kind: Kind
    entries: dict[str, bytes]

    def clean(self) -> bytes:
        """The same workbook in a fresh container."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as fresh:
            for name, content in self.entries.items():
                fresh.writestr(name, content)
        return packed.getvalue()


def unpack(content: bytes) -> Container:
    """Look into the bytes of a file. Raises Invalid, with one sentence, for whatever is no plain XLSX or ODS."""
    if len(content) > LONGEST:
        _refuse(_("The file is larger than %(most)s: a schedule never is.") % {"most": filesizeformat(LONGEST)})
    if content.startswith(OLE):
        _refuse(_("The file is encrypted or an old .xls: save it without a password as XLSX or ODS."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _check_entries(packed.infolist())
            entries = {entry.filename: packed.read(entry) for entry in packed.infolist() if not entry.is_dir()}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError):
        _refuse(_("The file is no spreadsheet, or it is damaged: send an XLSX or an ODS."))
    kind = _kind(entries)
    _check_macros(entries)
    if b"encryption-data" in entries.get("META-INF/manifest.xml", b""):
        _refuse_encrypted()
    return Container(kind, entries)


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    """Bounds of what unpacking may cost, before anything is unpacked; `zipfile` unpacks no more than is stated."""
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        _refuse_encrypted()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    too_dense = unpacked > SMALL and unpacked > MOST_RATIO * packed
    names = {entry.filename.casefold() for entry in entries}
    if len(entries) > MOST_ENTRIES or unpacked > LONGEST_UNPACKED or too_dense or len(names) < len(entries):
        _refuse(_("The file unpacks to far more than a schedule holds: it is not opened."))


def _kind(entries: dict[str, bytes]) -> Kind:
    if "xl/workbook.xml" in entries:
        return Kind.XLSX
    if entries.get("mimetype", b"").strip() == ODS_TYPE and "content.xml" in entries:
        return Kind.ODS
    raise Invalid(_("The file is no XLSX and no ODS, whatever its name says: save the schedule as one of them."))


def _check_macros(entries: dict[str, bytes]) -> None:
    named = (name.casefold() for name in entries)
    inside = any(name.endswith(MACROS) or name.startswith(MACRO_FOLDERS) for name in named)
    if inside or b"macroEnabled" in entries.get("[Content_Types].xml", b""):
        _refuse(_("The file holds macros: save it as a workbook without them (XLSX or ODS)."))


def _refuse_encrypted() -> NoReturn:
    _refuse(_("The file is protected by a password: save it without one."))


def _refuse(sentence: str) -> NoReturn:
    raise Invalid(sentence)
