"""A bid by spreadsheet, as a buyer does it: the empty schedule downloaded, a filled one sent, read and entered."""

import io
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from bin.pages import Visitor
from tests.browser.conftest import NARROW, WIDE
from tests.tenders.filled import altered, part_of, with_cell

pytestmark = pytest.mark.browser
OPENED = "GHT-2026-026"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def filled(empty: bytes) -> bytes:
    """The French schedule with a price for every item, of a tenderer that no register has."""
    with CalamineWorkbook.from_filelike(io.BytesIO(empty)) as book:
        rows = book.get_sheet_by_name("Prix").to_python(skip_empty_area=False)
    items = [number for number, row in enumerate(rows, 1) if number > 4 and row[0] and not str(row[0]).startswith("(")]
    cells = {"Soumissionnaire!B5": "Manufacture du Layon"} | {f"Prix!F{row}": 12.5 for row in items}
    for place, value in cells.items():
        sheet, _mark, cell = place.partition("!")
        empty = altered(empty, part_of(empty, sheet), lambda xml, c=cell, v=value: with_cell(xml, c, v))
    return empty


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_schedule_is_filled_in_and_entered_without_javascript(
    visit: Callable[..., Visitor], viewport: dict[str, int]
) -> None:
    visitor = visit("buyer", viewport=viewport, java_script_enabled=False)
    tab = visitor.tab
    tab.goto(f"{visitor.address}/tenders/?search={OPENED}")
    tab.locator("main table tbody a", has_text=OPENED).first.click()
    tab.locator("main table tbody a").first.click()
    tab.locator("main a[href$='/schedule/']").first.click()
    with tab.expect_download() as download:
        tab.locator("a[href$='.fr.xlsx']").click()
    content = filled(download.value.path().read_bytes())

    tab.locator("input[type=file]").set_input_files(
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"12,50 euros"}
    )
    tab.locator("main form .btn-primary").click()
    expect(tab.locator("[role=alert]")).to_contain_text("n'est pas une feuille de calcul")
    tab.locator("input[type=file]").set_input_files({"name": "offre.xlsx", "mimeType": XLSX, "buffer": content})
    tab.locator("main form .btn-primary").click()

    expect(tab.locator("main")).to_contain_text("12,5")
    if viewport == NARROW:  # looked at, and left: one tenderer has one bid
        wider: bool = tab.locator("body").bounding_box()["width"] > NARROW["width"]
        assert not wider
        return
    tab.locator("[name=submitted_at]").fill("2026-10-20T12:00")  # before the deadline
    tab.locator("main form .btn-primary").click()
    expect(tab.locator("h1")).to_contain_text("Manufacture du Layon")
