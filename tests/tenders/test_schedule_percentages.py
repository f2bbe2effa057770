"""A share is in percent, whether somebody types 70 or 70 %; one that looks like a part of one is doubted."""

import re
import shutil
import subprocess
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from procurement.people.models import User
from procurement.people.refusals import Invalid
from procurement.tenders.models import Lot
from procurement.tenders.schedules import XLSX, Offered, read_schedule, waiting
from procurement.tenders.schedules.number_formats import is_percentage
from tests.tenders.conftest import problems
from tests.tenders.filled import OFFER, altered, as_ods, entries, filled, packed, part_of
from tests.tenders.test_api import of
from tests.tenders.test_schedule_pages import client_of, send

SOFFICE = shutil.which("soffice")
SECOND = {"Origins!A6": "masks-2r", "Origins!B6": "DE"}


def with_percentages(content: bytes, *places: str, code: str = "") -> bytes:
    """The workbook with cells that show percentages: in the built-in format 0 %, or in one of their own."""
    number = "200" if code else "9"
    if code:
        form = f'<numFmt numFmtId="{number}" formatCode="{code}"/>'
        content = altered(content, "xl/styles.xml", lambda xml: xml.replace("</numFmts>", f"{form}</numFmts>"))
    styles = entries(content)["xl/styles.xml"].decode()
    known = styles[styles.index("<cellXfs") : styles.index("</cellXfs>")].count("<xf ")
    style = f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    content = altered(content, "xl/styles.xml", lambda xml: xml.replace("</cellXfs>", style))
    for place in places:
        sheet, _mark, cell = place.partition("!")
        before, after = rf'(<c r="{cell}")(?: s="[0-9]+")?', rf'\g<1> s="{known}"'
        content = altered(content, part_of(content, sheet), partial(re.sub, before, after))
    return content


def shares(offered: Offered) -> list[str]:
    return [origin["share"] for line in offered.document["lines"] for origin in line.get("origins", [])]


def told(lot: Lot, content: bytes) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        read_schedule(content, lot)
    return problems(refusal)


@pytest.mark.parametrize("code", ["", "0.00%", "0.0\\ %;[Red]-0.0\\ %", "#,##0.## %"])
def test_70_percent_typed_with_its_sign_is_70_percent(lot: Lot, code: str) -> None:
    content = with_percentages(filled(lot, OFFER | {"Origins!C5": 0.7}), "Origins!C5", code=code)

    offered = read_schedule(content, lot)

    assert shares(offered) == ["0.7"]
    assert offered.doubtful == []


@pytest.mark.parametrize(("held", "share"), [(0.07, "0.07"), (0.285, "0.285"), (1.1e-7, "0.00000011"), (1, "1")])
def test_a_percentage_is_read_exactly(lot: Lot, held: float, share: str) -> None:
    content = with_percentages(filled(lot, OFFER | {"Origins!C5": held}), "Origins!C5")

    assert shares(read_schedule(content, lot)) == [share]


@pytest.mark.parametrize(
    ("code", "percentage"),
    [
        ("0%", True),
        ("0.00 %", True),
        ("0.##", False),
        ('0.## "%"', False),
        ("0.##\\%", False),
        ("0;-0%", False),
        ("[Color10]0%", True),
        ("_%0", False),
    ],
)
def test_a_sign_that_is_only_written_beside_a_number_makes_no_percentage(code: str, percentage: bool) -> None:
    assert is_percentage(code) is percentage


def test_a_percentage_of_more_than_100_or_where_a_number_is_due_is_told_at_its_cell(lot: Lot) -> None:
    content = with_percentages(filled(lot, OFFER | {"Prices!F5": 0.051}), "Origins!C5", "Prices!F5")

    said = told(lot, content)

    assert said["Prices!F5"] == "A number is due here, not the percentage 5.1%."
    assert "Origins!C5" in told(lot, with_percentages(filled(lot), "Origins!C5")), "70 in the cell shows 7000 %"


@pytest.mark.parametrize("parts", [(0.7, 0.3), (0.25, 0.75), (1, None)])
def test_parts_of_one_are_refused_with_what_would_be_right(lot: Lot, parts: tuple[float, float | None]) -> None:
    cells = OFFER | (SECOND if parts[1] else {}) | {"Origins!C5": parts[0], "Origins!C6": parts[1]}

    said = told(lot, filled(lot, cells))

    assert list(said) == ["Origins!C5"]
    assert "write them in percent, 70 for 70%" in said["Origins!C5"]


def test_1_percent_typed_as_a_percentage_is_1_percent(lot: Lot) -> None:
    content = with_percentages(filled(lot, OFFER | {"Origins!C5": 0.01}), "Origins!C5")

    assert shares(read_schedule(content, lot)) == ["0.01"]


def test_a_small_share_is_doubted_before_the_bid_is_entered(lot: Lot, buyer: User) -> None:
    offered = read_schedule(filled(lot, OFFER | {"Origins!C5": 0.7}), lot)

    sentence = "This share is read as 0.7%; where 70% is meant, the file is to be corrected."
    assert offered.doubtful == [{"pointer": "Origins!C5", "message": sentence}]
    assert shares(offered) == ["0.007"]


def test_the_page_and_the_api_say_what_is_doubted(
    lot: Lot, buyer: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "FOLDER", tmp_path / "uploads")
    content = filled(lot, OFFER | {"Origins!C5": 0.7})

    said: dict[str, Any] = of(buyer).post(f"/api/v1/lots/{lot.pk}/schedule/", content, content_type=XLSX).json()

    assert [doubt["pointer"] for doubt in said["doubtful"]] == ["Origins!C5"]
    assert "Origins!C5: This share is read as 0.7%" in send(client_of(buyer), lot, content)


def test_shares_of_members_are_read_alike(lot: Lot) -> None:
    members = {"Members!A5": "Nordmed", "Members!E5": 0.3}
    offered = read_schedule(with_percentages(filled(lot, OFFER | members), "Members!E5"), lot)
    assert [member.share for member in offered.members] == ["0.3"]

    offered = read_schedule(filled(lot, OFFER | members), lot)
    assert [doubt["pointer"] for doubt in offered.doubtful] == ["Members!E5"]


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_writes_percentages_that_are_read(lot: Lot, tmp_path: Path) -> None:
    cells = OFFER | SECOND | {"Origins!C5": 0.285, "Origins!C6": 0.07}
    (tmp_path / "offer.xlsx").write_bytes(with_percentages(filled(lot, cells), "Origins!C5", "Origins!C6"))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    for source, target in (("offer.xlsx", "ods"), ("offer.ods", "xlsx:Calc MS Excel 2007 XML")):
        command = [str(SOFFICE), profile, "--headless", "--convert-to", target, "--outdir", str(tmp_path)]
        subprocess.run([*command, str(tmp_path / source)], check=True, capture_output=True, timeout=120)

        content = (tmp_path / f"offer.{target[:4].strip(':')}").read_bytes()
        assert shares(read_schedule(content, lot)) == ["0.285", "0.07"]


def test_an_ods_says_of_each_cell_whether_it_is_a_percentage(lot: Lot) -> None:
    content = as_ods(filled(lot, OFFER | {"Origins!C5": 0.7}))
    files = entries(content)
    cell = 'office:value-type="float" office:value="0.7"'
    files["content.xml"] = files["content.xml"].decode().replace(cell, cell.replace("float", "percentage")).encode()

    offered = read_schedule(packed(files), lot)

    assert Decimal(shares(offered)[0]) == Decimal("0.7")
