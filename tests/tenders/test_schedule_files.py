"""Files that are no schedule, or that mean harm: one sentence each, and nothing of them is kept."""

import io
import struct
import zipfile
from typing import Any

import pytest
from xlsxwriter import Workbook

from procurement.people.refusals import Invalid
from procurement.tenders.models import Lot
from procurement.tenders.schedules import container, read_schedule
from tests.tenders.conftest import problems
from tests.tenders.filled import HEAD, OFFER, REST, altered, as_ods, entries, filled, packed, part_of

BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'


def refused(content: bytes, lot: Lot) -> str:
    with pytest.raises(Invalid) as refusal:
        read_schedule(content, lot)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no spreadsheet, or it is damaged"),
        (b"item;price\r\ngloves;5", "no spreadsheet, or it is damaged"),
        (b"%PDF-1.7 %%EOF", "no spreadsheet, or it is damaged"),
        (b"PK\x03\x04" + b"\x00" * 100, "no spreadsheet, or it is damaged"),
        (packed({"word/document.xml": b"<a/>", "[Content_Types].xml": b"<a/>"}), "no XLSX and no ODS"),
        (packed({"xl/workbook.bin": b"\x00"}), "no XLSX and no ODS"),
        (
            packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"}),
            "no XLSX and no ODS",
        ),
        (packed({"xl/workbook.xml": b"<a"}), "no spreadsheet, or it is damaged"),
        (packed({"xl/workbook.xml": b"<a/>"}), "no spreadsheet, or it is damaged"),
        (container.OLE + b"\x00" * 600, "encrypted or an old .xls"),
        (b"\x00" * (container.LONGEST + 1), "larger than"),
    ],
)
def test_what_is_no_workbook_is_refused_by_its_content(lot: Lot, content: bytes, sentence: str) -> None:
    assert sentence in refused(content, lot)


def test_another_workbook_is_no_schedule(lot: Lot) -> None:
    made = io.BytesIO()
    with Workbook(made) as book:
        book.add_worksheet("Prices").write(0, 0, "gloves")

    assert "no price schedule of the portal" in refused(made.getvalue(), lot)


@pytest.mark.parametrize("name", ["xl/vbaProject.bin", "xl/VBAPROJECT.BIN", "xl/macrosheets/sheet1.xml"])
def test_macros_are_refused_wherever_they_stand(lot: Lot, name: str) -> None:
    assert "holds macros" in refused(packed(entries(filled(lot)) | {name: b"<a/>"}), lot)


def test_a_workbook_that_calls_itself_macro_enabled_is_refused(lot: Lot) -> None:
    plain, enabled = "spreadsheetml.sheet.main+xml", "ms-excel.sheet.macroEnabled.main+xml"
    content = altered(filled(lot), "[Content_Types].xml", lambda xml: xml.replace(plain, enabled))

    assert "holds macros" in refused(content, lot)


def test_macros_of_an_ods_are_refused(lot: Lot) -> None:
    assert "holds macros" in refused(
        packed(entries(as_ods(filled(lot))) | {"Basic/Standard/Module1.xml": b"<a/>"}), lot
    )


def test_an_encrypted_ods_is_refused(lot: Lot) -> None:
    content = altered(
        as_ods(filled(lot)),
        "META-INF/manifest.xml",
        lambda xml: xml.replace("/></", "><manifest:encryption-data/></manifest:file-entry></"),
    )

    assert "protected by a password" in refused(content, lot)


def test_an_encrypted_entry_is_refused(lot: Lot) -> None:
    content = bytearray(filled(lot))
    start = content.index(b"PK\x01\x02")
    content[start + 8] |= 1

    assert "protected by a password" in refused(bytes(content), lot)


@pytest.mark.parametrize(
    "bomb",
    [
        packed({"xl/workbook.xml": b"<a/>", "xl/media.bin": b"\x00" * 20_000_000}),  # a thousand to one
        packed({f"xl/{number}.xml": b"" for number in range(301)}),
        packed({"xl/workbook.xml": b"<a/>", "XL/Workbook.xml": b"<b/>"}),
    ],
    ids=["ratio", "entries", "twice"],
)
def test_a_zip_bomb_is_not_opened(lot: Lot, bomb: bytes) -> None:
    assert "unpacks to far more" in refused(bomb, lot)


def test_many_dense_entries_together_are_not_opened(lot: Lot) -> None:
    # each within the ratio: 34 entries of a megabyte, a hundredth of it noise
    noise = bytes(range(256)) * 40
    content = packed({"xl/workbook.xml": b"<a/>"} | {f"{n}.bin": noise * 100 for n in range(34)})

    assert "unpacks to far more" in refused(content, lot)


def test_a_size_that_is_made_up_unpacks_no_further(lot: Lot) -> None:
    content = bytearray(packed({"xl/workbook.xml": b" " * 3_000_000}))
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = content.index(mark) + offset
        content[start : start + 4] = struct.pack("<I", 100)

    assert "damaged" in refused(bytes(content), lot)


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/worksheets/sheet3.xml", "docProps/app.xml"])
def test_entities_are_refused_in_every_part(lot: Lot, part: str) -> None:
    assert "declares XML entities" in refused(packed(entries(filled(lot)) | {part: BOMB}), lot)


def test_entities_are_refused_in_another_encoding_too(lot: Lot) -> None:
    wide = BOMB.decode().replace('"1.0"', '"1.0" encoding="utf-16"').encode("utf-16")

    assert "declares XML entities" in refused(packed(entries(filled(lot)) | {"xl/styles.xml": wide}), lot)


def test_entities_of_an_ods_are_refused(lot: Lot) -> None:
    assert "declares XML entities" in refused(packed(entries(as_ods(filled(lot))) | {"content.xml": BOMB}), lot)


ONE = 'office:value-type="float" office:value="1"/>'
COLLAPSED = '<table:table-row table:visibility="collapse">'


def row(number: int, cell: str) -> str:
    return f'<row r="{number}"><c r="{cell}"><v>1</v></c></row></sheetData>'


@pytest.mark.parametrize(
    "added",
    [
        row(100_000, "A100000"),
        row(1_048_576, "XFD1048576"),
        row(9, "ZZ9"),
        "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(20, 5_020)) + "</sheetData>",
    ],
)
@pytest.mark.parametrize("sheet", ["Prices", "Lists"])
def test_a_sheet_that_reaches_too_far_is_not_laid_out(lot: Lot, sheet: str, added: str) -> None:
    content = filled(lot)
    content = altered(content, part_of(content, sheet), lambda xml: xml.replace("</sheetData>", added))

    assert "reaches beyond 5000 rows or 64 columns" in refused(content, lot)


def test_empty_cells_far_away_reach_nowhere(lot: Lot) -> None:
    content = filled(lot)
    far = '<row r="1048576" ht="12.8"><c r="XFD1048576" s="0"/></row></sheetData>'
    content = altered(content, part_of(content, "Prices"), lambda xml: xml.replace("</sheetData>", far))

    assert read_schedule(content, lot).document["lines"]


@pytest.mark.parametrize(
    "added",
    [
        f'<table:table-row table:number-rows-repeated="100000"><table:table-cell {ONE}',
        f'<table:table-row><table:table-cell table:number-columns-repeated="9999" {ONE}',
        f"{REST}</table:table-row><table:table-row><table:table-cell {ONE}",
    ],
)
def test_an_ods_that_repeats_itself_too_far_is_not_laid_out(lot: Lot, added: str) -> None:
    content = altered(as_ods(filled(lot)), "content.xml", lambda xml: xml.replace(REST, added, 1))

    assert "reaches beyond" in refused(content, lot)


def told(content: bytes, lot: Lot) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        read_schedule(content, lot)
    return problems(refusal)


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ('<row r="6"', '<row hidden="1" r="6"', "Prices!6"),
        ('<col min="2"', '<col hidden="1" min="2"', "Prices!B"),
    ],
)
def test_what_is_hidden_is_told(lot: Lot, before: str, after: str, place: str) -> None:
    content = filled(lot)
    content = altered(content, part_of(content, "Prices"), lambda xml: xml.replace(before, after, 1))

    assert told(content, lot) == {place: "This is hidden: show every sheet, row and column."}


def test_a_hidden_sheet_is_told(lot: Lot) -> None:
    content = altered(
        filled(lot),
        "xl/workbook.xml",
        lambda xml: xml.replace('<sheet name="Origins"', '<sheet state="hidden" name="Origins"'),
    )

    assert told(content, lot) == {"Origins": "This is hidden: show every sheet, row and column."}


def test_merged_cells_are_told(lot: Lot) -> None:
    content = filled(lot)
    merged = '</sheetData><mergeCells count="1"><mergeCell ref="A5:A6"/></mergeCells>'
    content = altered(content, part_of(content, "Prices"), lambda xml: xml.replace("</sheetData>", merged))

    assert told(content, lot) == {"Prices!A5:A6": "These cells are merged: split them again."}


@pytest.mark.parametrize(
    ("change", "place", "sentence"),
    [
        (
            (
                '<table:table-row><table:table-cell office:value-type="string"><text:p>gloves',
                COLLAPSED + '<table:table-cell office:value-type="string"><text:p>gloves',
            ),
            "Prices!5",
            "This is hidden",
        ),
        (
            (
                '<table:table-cell office:value-type="float" office:value="5.1"/>',
                '<table:table-cell table:formula="of:=5.1" office:value-type="float" office:value="5.1"/>',
            ),
            "Prices!F5",
            "A formula stands here",
        ),
    ],
)
def test_an_ods_is_looked_over_as_an_xlsx(lot: Lot, change: tuple[str, str], place: str, sentence: str) -> None:
    content = altered(as_ods(filled(lot)), "content.xml", lambda xml: xml.replace(*change, 1))

    assert sentence in told(content, lot)[place]


def test_a_missing_sheet_is_told(lot: Lot) -> None:
    content = altered(filled(lot), "xl/workbook.xml", lambda xml: xml.replace('name="Origins"', 'name="Origin"'))

    assert told(content, lot) == {"Origins": "This sheet of the schedule is missing."}


def test_text_that_would_be_markup_or_a_formula_stays_text(lot: Lot) -> None:
    lot.items.filter(key="gloves").update(designation='=HYPERLINK("http://x","<b>&')
    content = filled(lot)

    [page] = [xml for name, xml in entries(content).items() if name == part_of(content, "Prices")]
    assert b"HYPERLINK" not in page, "no formula: a shared text"
    assert read_schedule(content, lot).document["lines"]


def test_the_cells_to_fill_in_are_the_only_ones_that_are_not_protected(lot: Lot) -> None:
    content = filled(lot, {})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        pages = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(pages) == 6
    assert all("<sheetProtection " in page for page in pages)


def test_a_workbook_of_nothing_at_all_is_damaged(lot: Lot) -> None:
    assert "damaged" in refused(
        packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": HEAD.encode()}), lot
    )


def test_nothing_of_a_refused_file_is_kept(lot: Lot, tmp_path: Any) -> None:
    refused(filled(lot, OFFER | {"Prices!F5": "x"}), lot)

    assert not lot.bids.exists()
