"""The values of a filled schedule, sheet by sheet, each read as what is due in its cell or told what would be right."""

import io
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from procurement.fields import plain
from procurement.people.refusals import Invalid
from procurement.tenders.schedules import layout
from procurement.tenders.schedules.container import unpack
from procurement.tenders.schedules.layout import Sheet, place
from procurement.tenders.schedules.scan import MOST_ROWS, Markup, markups

READ: tuple[Sheet, ...] = tuple(sheet for sheet in Sheet if sheet != Sheet.LISTS)
SHOWN = 60  # characters of a cell that a sentence quotes
DIGITS = ".15g"  # what a spreadsheet shows of a number: 2.005 is kept as 2.00499999999999989…
NUMBER_AS_TEXT = re.compile(r"-?[0-9][0-9.,\s\u00a0\u202f]*")
Problem = dict[str, str]


class Book:
    """A filled schedule. `problems` gathers every sentence with the place it is about: `Prices!F6`."""

    def __init__(self, pages: Mapping[Sheet, "Page"], problems: list[Problem]) -> None:
        self.pages, self.problems = pages, problems

    def page(self, sheet: Sheet) -> "Page":
        """A sheet; one that is missing says so once and is empty."""
        if sheet in self.pages:
            return self.pages[sheet]
        tell(self.problems, str(layout.NAMES[sheet]), _("This sheet of the schedule is missing."))
        return Page(str(layout.NAMES[sheet]), [], Markup(), self.problems)


class Page:
    """The values of one sheet by column and row, from 1."""

    def __init__(self, name: str, rows: list[list[Any]], markup: Markup, problems: list[Problem]) -> None:
        self.name, self.rows, self.markup, self.problems = name, rows, markup, problems

    def numbers_of_rows(self) -> range:
        return range(layout.FIRST, len(self.rows) + 1)

    def at(self, column: int, row: int) -> str:
        """The address of a cell in the whole file."""
        return f"{self.name}!{place(column, row)}"

    def value(self, column: int, row: int) -> Any:
        """What the cell holds; "" for nothing."""
        values = self.rows[row - 1] if row <= len(self.rows) else []
        value = values[column - 1] if column <= len(values) else ""
        return value.strip() if isinstance(value, str) else value

    def filled(self, columns: range, row: int) -> bool:
        return any(self.value(column, row) != "" or (row, column) in self.markup.errors for column in columns)

    def refuse(self, column: int, row: int, sentence: str) -> None:
        tell(self.problems, self.at(column, row), sentence)

    def text(self, column: int, row: int, most: int) -> str:
        """Text, "" for none; a whole number counts as the text it shows (a SIRET typed into a number cell)."""
        value = self._typed(column, row)
        if isinstance(value, float | int) and not isinstance(value, bool):
            value = shown(value)
        if not isinstance(value, str):
            self.refuse(column, row, _("Text is due here, not %(found)s.") % {"found": shown(value)})
            return ""
        if len(value) > most:
            self.refuse(column, row, _("At most %(most)d characters fit here.") % {"most": most})
            return ""
        return " ".join(value.replace("\0", "").split())

    def number(self, column: int, row: int) -> Decimal | None:
        """A number of at least 0, exactly as shown; None for an empty cell and for what is told."""
        number = self._number(column, row, self._typed(column, row))
        if number is not None and self.shows_percentage(column, row):
            found = {"found": format((number * 100).normalize(), "f")}
            self.refuse(column, row, _("A number is due here, not the percentage %(found)s%%.") % found)
            return None
        return number

    def percent(self, column: int, row: int) -> Decimal | None:
        """As `number`, in percent: 70 for 70, and for 70 % in a cell that shows a percentage and holds 0.7."""
        if self.shows_percentage(column, row):
            return self._number(column, row, self._typed(column, row), hundredfold=True)
        return self.number(column, row)

    def shows_percentage(self, column: int, row: int) -> bool:
        return (row, column) in self.markup.percentages

    def day(self, column: int, row: int) -> date | None:
        """A date, as a cell of dates or as 2027-01-31; None for an empty cell and for what is told."""
        value = self._typed(column, row)
        if value == "":
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if isinstance(value, str) and (read := _date(value)):
            return read
        self.refuse(column, row, _("A date is due here (2027-01-31), not %(found)s.") % {"found": shown(value)})
        return None

    def stated(self, column: int, row: int) -> Decimal | None:
        """As `number`, of a cell that is computed by its formula; None where the program has not computed it."""
        value = self.value(column, row)
        return None if isinstance(value, str) else self._number(column, row, value)

    def _typed(self, column: int, row: int) -> Any:
        if (row, column) in self.markup.formulas:
            self.refuse(column, row, _("A formula stands here: write the value itself."))
            return ""
        if (row, column) in self.markup.errors:
            self.refuse(
                column,
                row,
                _("An error of the spreadsheet stands here (as of a division by zero): write the value itself."),
            )
            return ""
        return self.value(column, row)

    def _number(self, column: int, row: int, value: Any, *, hundredfold: bool = False) -> Decimal | None:
        if value == "" or value is None:
            return None
        if sentence := _no_number(value):
            self.refuse(column, row, sentence)
            return None
        number = Decimal(format(value, DIGITS)).scaleb(2 if hundredfold else 0)
        try:
            return Decimal(plain(number))
        except ValidationError:
            self.refuse(column, row, _("The number is too large or has more than 12 decimals."))
            return None


def open_book(content: bytes) -> Book:
    """The sheets of an uploaded file. Raises Invalid, with one sentence, when it is no workbook to be looked into."""
    container = unpack(content)
    marked = markups(container)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(container.clean())) as workbook:
            names = {sheet: _named(sheet, workbook.sheet_names) for sheet in READ}
            values = {sheet: _values(workbook.get_sheet_by_name(name)) for sheet, name in names.items() if name}
    except (CalamineError, ValueError, OSError) as error:
        raise Invalid(_("The file is no spreadsheet, or it is damaged: send an XLSX or an ODS.")) from error
    problems: list[Problem] = []
    pages: dict[Sheet, Page] = {
        sheet: Page(names[sheet], rows, marked.get(names[sheet], Markup()), problems) for sheet, rows in values.items()
    }
    for page in pages.values():
        _check_markup(page)
    return Book(pages, problems)


def tell(problems: list[Problem], where: str, sentence: str) -> None:
    """Note a problem, and where it stands in the file."""
    problems.append({"pointer": where, "message": sentence})


def shown(value: Any) -> str:
    """A value as a sentence quotes it."""
    if isinstance(value, str):
        return _("“%(text)s”") % {"text": f"{value[:SHOWN]}…" if len(value) > SHOWN else value}
    if isinstance(value, date | datetime | time | timedelta):
        return _("a date")
    if isinstance(value, bool):
        return _("a truth value")
    return format(Decimal(format(value, DIGITS)), "f")


def _named(sheet: Sheet, names: list[str]) -> str:
    """The name that a file has for a sheet; "" when it has none."""
    return next((name for name in layout.known_as(sheet) if name in names), "")


def _values(sheet: CalamineSheet) -> list[list[Any]]:
    return sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS)


def _check_markup(page: Page) -> None:
    """Nothing is read that who looks at the sheet does not see in its place."""
    for place_hidden in page.markup.hidden[:1]:
        where = f"{page.name}!{place_hidden}" if place_hidden else page.name
        tell(page.problems, where, _("This is hidden: show every sheet, row and column."))
    for merged in page.markup.merged[:1]:
        tell(page.problems, f"{page.name}!{merged}", _("These cells are merged: split them again."))


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2027-01-31") else None
    except ValueError:
        return None


def _no_number(value: Any) -> str:
    """Why a value is no number of at least 0; "" when it is one."""
    if isinstance(value, str):
        if NUMBER_AS_TEXT.fullmatch(value):
            template = _("%(found)s is a text that looks like a number: type it again as a number.")
        else:
            template = _("A number is due here, not %(found)s.")
        return template % {"found": shown(value)}
    if isinstance(value, bool | date | datetime | time | timedelta):
        return _("A number is due here, not %(found)s.") % {"found": shown(value)}
    if not isfinite(value):
        return _("This is not a number that can be computed with.")
    return _("The number must not be negative.") if value < 0 else ""
