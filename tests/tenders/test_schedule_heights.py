"""Nothing in a price schedule is written over what stands below it, where a program leaves the rows as they are."""

import re
from xml.etree import ElementTree

import pytest

from procurement.tenders.models import Lot
from procurement.tenders.schedules import empty_schedule
from procurement.tenders.schedules.heights import LINE, lines
from procurement.tenders.schedules.layout import HEAD
from tests.tenders.filled import entries

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
INSTRUCTIONS, TENDERER, MEMBERS, PRICES = (f"xl/worksheets/sheet{number}.xml" for number in range(1, 5))


@pytest.fixture(params=["fr", "en"])
def parts(lot: Lot, request: pytest.FixtureRequest) -> dict[str, bytes]:
    return entries(empty_schedule(lot, request.param))


def heights(parts: dict[str, bytes], sheet: str) -> dict[int, float]:
    """In points, by the number of the row; a row that leaves it to the program is not there."""
    rows = ElementTree.fromstring(parts[sheet]).iter(f"{SPACE}row")
    return {int(row.attrib["r"]): float(row.attrib["ht"]) for row in rows if row.get("customHeight") == "1"}


def words(parts: dict[str, bytes], sheet: str, column: str) -> dict[int, str]:
    """What stands in a column, by the number of its row."""
    shared = ["".join(each.itertext()) for each in ElementTree.fromstring(parts["xl/sharedStrings.xml"])]
    cells = re.findall(rf'<c r="{column}(\d+)"[^>]* t="s"><v>(\d+)</v>', parts[sheet].decode())
    return {int(row): shared[int(number)] for row, number in cells}


def test_a_long_instruction_does_not_run_over_the_next_one(parts: dict[str, bytes]) -> None:
    long = {row: text for row, text in words(parts, INSTRUCTIONS, "B").items() if len(text) > 100}
    assert len(long) >= 5
    for row, text in long.items():
        assert heights(parts, INSTRUCTIONS)[row] * 100 > len(text) * LINE * 0.9, text


def test_the_heads_of_the_columns_are_shown_whole(parts: dict[str, bytes]) -> None:
    assert heights(parts, MEMBERS)[HEAD] >= 3 * LINE
    assert heights(parts, PRICES)[HEAD] >= 2 * LINE


def test_a_row_is_as_high_as_its_words_fill_lines() -> None:
    assert lines("", 30) == 1
    assert lines("a word", 30) == 1
    assert lines("word " * 20, 30) == 4
    assert lines("x" * 60, 30) == 3
