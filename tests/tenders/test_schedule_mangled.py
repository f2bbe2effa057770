"""Schedules mangled as no program writes them: each is refused in one sentence, and nothing is laid down."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from procurement.people.models import User
from procurement.tenders.models import Bid, Lot
from procurement.tenders.schedules import waiting
from tests.tenders.filled import OFFER, altered, as_ods, entries, filled, packed, part_of
from tests.tenders.test_schedule_pages import client_of, send
from tests.tenders.test_schedule_percentages import with_percentages

Mangle = Callable[[bytes], bytes]
SHARE, PRICE = "Origins!C5", "Prices!F5"


def cell(place: str, new: str) -> Mangle:
    """The cell written as ``new`` stands, whatever that means."""
    sheet, _mark, address = place.partition("!")

    def change(content: bytes) -> bytes:
        kept = f'<c r="{address}"'
        return altered(content, part_of(content, sheet), lambda xml: mangled(xml, kept, new))

    return change


def mangled(xml: str, start: str, new: str) -> str:
    before, _start, after = xml.partition(start)
    return before + new + after[after.index("</c>") + len("</c>") :]


def part(name: str, before: str, after: str) -> Mangle:
    return lambda content: altered(content, name, lambda xml: xml.replace(before, after, 1))


def percentage(value: str) -> Mangle:
    """A share that shows a percentage, its value as ``value`` stands."""
    return lambda content: altered(
        with_percentages(content, SHARE),
        part_of(content, "Origins"),
        lambda xml: xml.replace("<v>70</v>", f"<v>{value}</v>"),
    )


def ods(before: str, after: str) -> Mangle:
    return lambda content: altered(as_ods(content), "content.xml", lambda xml: xml.replace(before, after, 1))


def with_entry(name: str, inside: bytes) -> Mangle:
    return lambda content: packed(entries(content) | {name: inside})


def cut(name: str, content: bytes) -> bytes:
    files = entries(content)
    return packed(files | {name: files[name][: len(files[name]) // 2]})


TYPE = 'office:value-type="float" office:value="70.0"'
SHEET = "xl/worksheets/sheet5.xml"
MANGLED: dict[str, Mangle] = {
    "a percentage beyond every number": percentage("1e308"),
    "a percentage of infinity": percentage("1e400"),
    "a percentage that is no number": percentage("NaN"),
    "a negative percentage": percentage("-0.7"),
    "a percentage of 150": percentage("1.5"),
    "a percentage of fifteen decimals": percentage("0.123456789012345"),
    "a percentage as a formula": percentage("0.7</v><f>1-0.3</f><v>0.7"),
    "a price that is a truth value": cell(PRICE, '<c r="F5" t="b"><v>1</v></c>'),
    "a price that is an error": cell(PRICE, '<c r="F5" t="e"><v>#REF!</v></c>'),
    "a price that is a text never written": cell(PRICE, '<c r="F5" t="s"><v>99999999</v></c>'),
    "a price of a million characters": cell(PRICE, f'<c r="F5" t="inlineStr"><is><t>{"9" * 10**6}</t></is></c>'),
    "a price with a style of nothing": cell(PRICE, '<c r="F5" s="-1"><v>-5</v></c>'),
    "a price in a column beyond the last": cell(PRICE, '<c r="ZZZZ5"><v>5</v></c>'),
    "a price in a row below the first": cell(PRICE, '<c r="F-5"><v>5</v></c>'),
    "styles that declare an entity": part("xl/styles.xml", "<styleSheet", '<!DOCTYPE a [<!ENTITY b "ha">]><styleSheet'),
    "styles that end in the middle": partial(cut, "xl/styles.xml"),
    "a sheet that ends in the middle": partial(cut, SHEET),
    "relations that end in the middle": partial(cut, "xl/_rels/workbook.xml.rels"),
    "a hundred thousand elements in each other": with_entry("xl/deep.xml", b"<a>" * 10**5),
    "a part of zeros": with_entry("xl/zeros.xml", b"\0" * 5000),
    "a part in an encoding there is not": with_entry("xl/a.xml", b'<?xml version="1.0" encoding="klingon"?><a/>'),
    "a workbook inside that brings macros": with_entry("XL/vbaProject.BIN", b"\xcc"),
    "an ODS percentage of infinity": ods(TYPE, 'office:value-type="percentage" office:value="1e999"'),
    "an ODS percentage of 7000": ods(TYPE, 'office:value-type="percentage" office:value="70"'),
    "an ODS percentage in words": ods(TYPE, 'office:value-type="percentage" office:value="seventy"'),
    "an ODS percentage a million times": ods(
        f"<table:table-cell {TYPE}/>",
        '<table:table-cell office:value-type="percentage" office:value="0.7" table:number-columns-repeated="1000000"/>',
    ),
    "an ODS percentage that is computed": ods(
        TYPE, 'table:formula="of:=0.7" office:value-type="percentage" office:value="0.7"'
    ),
    "an ODS sheet without an end": ods("</table:table>", ""),
}


@pytest.mark.parametrize("mangle", MANGLED.values(), ids=MANGLED.keys())
def test_what_no_program_writes_is_refused_and_nothing_is_laid_down(
    mangle: Mangle, lot: Lot, buyer: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "FOLDER", tmp_path / "uploads")

    shown = send(client_of(buyer), lot, mangle(filled(lot, OFFER)))

    refusal = shown.split('role="alert"')[1].split("</div>")[0]
    assert any(said in refusal for said in ("The schedule is not read", "The file", "A sheet of the file")), refusal
    assert not list(tmp_path.glob("uploads/*"))
    assert not Bid.objects.exists()
