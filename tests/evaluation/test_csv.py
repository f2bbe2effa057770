"""CSV that a spreadsheet opens as it stands and never runs."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from procurement.evaluation import services
from procurement.evaluation.exports.csv_tables import attachment, content
from procurement.evaluation.exports.lots import decision_table
from procurement.evaluation.models import ScoreSheet
from procurement.people.models import User
from procurement.tenders.models import Lot
from tests.evaluation.conftest import LATER, REASON, with_findings


@pytest.mark.parametrize(
    "text", ["=1+1", "+33 1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1+1", "＝1", "-", "-12"]
)
def test_a_text_that_would_be_a_formula_is_written_as_text(text: str) -> None:
    [[cell]] = csv.reader(io.StringIO(content([[text]]).removeprefix("\ufeff"), newline=""))

    assert cell.startswith("'")
    assert cell.replace("'", "") == text


@pytest.mark.parametrize("text", ["a,=1+1", "a;=1+1", 'a; "=1+1', "x\n@SUM(A1)", "a|+33", "He said \",'-1", "a\t＝1"])
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_no_text_is_a_formula_however_a_spreadsheet_divides_the_line(text: str, language: str, separator: str) -> None:
    with translation.override(language):
        written = content([["before", text, "after"]]).removeprefix("\ufeff")
    cells = [cell for line in csv.reader(io.StringIO(written, newline=""), delimiter=separator) for cell in line]
    assert [cell for cell in cells if cell.lstrip(' "\t\r\n').startswith(tuple("=+-@＝＋－＠"))] == []


@pytest.mark.parametrize("text", ["Delivery in 2-3 days, no more", "a@b.example; c", "1+1", "x = y", "A, B; C\nD"])
def test_any_other_text_stays_as_it_is(text: str) -> None:
    [[cell]] = csv.reader(io.StringIO(content([[text]]).removeprefix("\ufeff"), newline=""))
    assert cell == text


def test_a_negative_number_stays_a_number() -> None:
    assert content([[Decimal("-12.50"), -3, Decimal("1E+3")]]) == "\ufeff-12.50,-3,1000\r\n"


def test_french_spreadsheets_get_semicolons_and_decimal_commas() -> None:
    with translation.override("fr"):
        assert content([["a;b", Decimal("-12.50")]]) == '\ufeff"a;b";-12,50\r\n'


def test_dates_are_iso_and_nothing_is_empty() -> None:
    moment = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

    assert content([[date(2026, 11, 2), moment, None]]) == "\ufeff2026-11-02,2026-11-02T10:00:00+01:00,\r\n"


def test_quotes_and_line_ends_inside_a_text_stay_in_their_cell() -> None:
    written = content([['He said "no"\nand left', "x"]]).removeprefix("\ufeff")

    assert list(csv.reader(io.StringIO(written, newline=""))) == [['He said "no"\nand left', "x"]]


def test_a_file_is_named_and_never_shown_as_a_page() -> None:
    response = attachment("decision-1", [["a"]])

    assert response["Content-Disposition"] == 'attachment; filename="decision-1.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"


def test_the_findings_of_a_decision_say_their_severity_in_words_and_a_lifted_block_as_lifted(
    lot: Lot, sheet: ScoreSheet, buyer: User, second: User
) -> None:
    blocked = with_findings(sheet, "ipi-2025-1197")
    services.lift_block(lot=lot, code="ipi-2025-1197", reason="No other bid complies.", by=second, at=LATER)
    winner = lot.bids.get(key=blocked.sheet["winner"])
    decision = services.award(lot=lot, bid=winner, sheet=blocked, reason=REASON, by=buyer, at=LATER)

    findings = [line for line in decision_table(decision, lot) if line and line[0] == "ipi-2025-1197"]

    assert [line[1] for line in findings] == ["block lifted"]
    assert findings[0][4] == "Secondary source", "how surely the article was read"
    assert findings[0][-2:] == ["Sacha Second", "No other bid complies."]
