"""Price schedules as tenderers fill them in: the portal's own file with values written into its cells; as ODS too."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from python_calamine import CalamineWorkbook

from procurement.tenders.models import Lot
from procurement.tenders.schedules import empty_schedule

Cells = Mapping[str, Any]  # by place: "Prices!F5"
# What documents.bid() says, as cells of the English schedule; GLOVES comes first, by its key.
OFFER: dict[str, Any] = {
    "Tenderer!B5": "MedTech Loire",
    "Tenderer!B6": "26440013600471",
    "Tenderer!B7": "FR",
    "Tenderer!B8": "fr",
    "Prices!F5": 5.1,
    "Prices!F6": 2.005,
    "Origins!A5": "masks-2r",
    "Origins!B5": "FR",
    "Origins!C5": 70,
    "Origins!D5": "documented",
}


def entries(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def packed(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def altered(content: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """The workbook with one of its parts changed; the change must change it."""
    files = entries(content)
    before = files[name].decode()
    files[name] = change(before).encode()
    assert files[name].decode() != before
    return packed(files)


def part_of(content: bytes, sheet: str) -> str:
    """The part that holds a sheet; the portal writes them in the order of the book."""
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        return f"xl/worksheets/sheet{book.sheet_names.index(sheet) + 1}.xml"


def filled(lot: Lot, cells: Cells | None = None, *, language: str = "en") -> bytes:
    """The schedule of ``lot`` with ``cells`` written into it (`OFFER` where none are given)."""
    content = empty_schedule(lot, language)
    for place, value in (OFFER if cells is None else cells).items():
        sheet, _mark, cell = place.partition("!")
        if value is not None:  # the cell is left as it is
            content = altered(content, part_of(content, sheet), lambda xml, c=cell, v=value: with_cell(xml, c, v))
    return content


def with_cell(xml: str, cell: str, value: Any) -> str:
    """The sheet with a cell replaced, or added at the end of its row; "=…" is a formula."""
    kept = re.search(rf'<c r="{cell}"( s="[0-9]+")?', xml)
    style = (kept and kept[1]) or ""
    new = f'<c r="{cell}"{style}{_content(value)}'
    if kept:
        return re.sub(rf'<c r="{cell}"[^>]*?(/>|>.*?</c>)', lambda found: new, xml, count=1)
    row = re.sub("[A-Z]", "", cell)
    if re.search(rf'<row r="{row}"', xml):
        return re.sub(rf'(<row r="{row}"[^>]*>.*?)</row>', lambda found: f"{found[1]}{new}</row>", xml, count=1)
    return xml.replace("</sheetData>", f'<row r="{row}">{new}</row></sheetData>')


def _content(value: Any) -> str:
    if isinstance(value, bool):
        return f' t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f"><v>{value!r}</v></c>"
    if value.startswith("="):
        return f"><f>{escape(value[1:])}</f><v>7</v></c>"
    return f' t="inlineStr"><is><t>{escape(value)}</t></is></c>'


ODS = "application/vnd.oasis.opendocument.spreadsheet"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content office:version="1.2"'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
)
FOOT = "</office:spreadsheet></office:body></office:document-content>"
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS}"/></manifest:manifest>'
)
# As a program ends a sheet: the rest of a million rows, all of them empty.
REST = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/>'


def as_ods(content: bytes) -> bytes:
    """The same values as an ODS, the least that a program writes."""
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    tables = "".join(_table(name, rows) for name, rows in sheets.items())
    files = {"mimetype": ODS, "META-INF/manifest.xml": MANIFEST, "content.xml": HEAD + tables + FOOT}
    return packed({name: text.encode() for name, text in files.items()})


def _table(name: str, rows: list[list[Any]]) -> str:
    written = "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in rows)
    return f"<table:table table:name={quoteattr(name)}>{written}{REST}</table:table-row></table:table>"


def _cell(value: Any) -> str:
    if value == "":
        return "<table:table-cell/>"
    if isinstance(value, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value!r}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
