"""What the markup of a workbook says beside its values: formulas, what is hidden or merged, how far it reaches.

The reader of spreadsheets gives values alone, and lays a sheet out as one block however far apart its cells are:
this goes over the markup before it, refuses what reaches too far, and expands nothing.
"""

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext as _

from procurement.people.refusals import Invalid
from procurement.tenders.schedules.container import Container, Kind
from procurement.tenders.schedules.layout import place
from procurement.tenders.schedules.number_formats import Styles

MOST_ROWS, MOST_COLUMNS = 5_000, 64
CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
Attributes = dict[str, str]


@dataclass
class Markup:
    """Of one sheet: where formulas, errors and percentages stand as (row, column) from 1, what is hidden or merged.

    An error (#DIV/0!) has no value: the reader of spreadsheets gives it as an empty cell. Of a percentage (70 %) it
    gives the number that the cell holds (0.7).
    """

    formulas: set[tuple[int, int]] = field(default_factory=set)
    errors: set[tuple[int, int]] = field(default_factory=set)
    percentages: set[tuple[int, int]] = field(default_factory=set)
    hidden: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)


def markups(container: Container) -> dict[str, Markup]:
    """The markup of every sheet by its name. Raises Invalid for entities, for damage, and for what reaches too far."""
    return _xlsx(container.entries) if container.kind == Kind.XLSX else _ods(container.entries)


def _xlsx(entries: dict[str, bytes]) -> dict[str, Markup]:
    """Every part is gone over, whether a sheet names it or not: the reader may find others than this does."""
    styles = Styles()
    _walk(entries.get("xl/styles.xml", b"<none/>"), styles.start)
    named = [name for name in entries if name.casefold().endswith((".xml", ".rels", ".vml"))]
    parts = {name: _Part(styles.percentages) for name in named}
    for name, part in parts.items():
        _walk(entries[name], part.start)
    targets = parts["xl/_rels/workbook.xml.rels"].targets if "xl/_rels/workbook.xml.rels" in parts else {}
    found: dict[str, Markup] = {}
    for name, relation, visible in parts["xl/workbook.xml"].sheets:
        target = posixpath.normpath(posixpath.join("/xl", targets.get(relation, ""))).lstrip("/")
        found[name] = parts[target].markup if target in parts else Markup()
        if not visible:
            found[name].hidden.append("")
    return found


class _Part:
    """One part of an XLSX while it is walked through."""

    def __init__(self, percentages: set[str]) -> None:
        self.markup, self.percentages = Markup(), percentages
        self.style = ""
        self.sheets: list[tuple[str, str, bool]] = []
        self.targets: dict[str, str] = {}
        self.row = self.column = 0

    def start(self, tag: str, given: Attributes) -> None:
        if tag == "row":
            self.row, self.column = _position(given.get("r"), self.row), 0
            if _is_set(given.get("hidden")):
                self.markup.hidden.append(str(self.row))
        elif tag == "c":
            self._cell(given)
        elif tag in ("v", "is", "f"):
            self._filled(tag)
        elif tag == "col" and _is_set(given.get("hidden")):
            self.markup.hidden.append(place(_position(given.get("min"), 0), 0)[:-1])
        elif tag == "mergeCell":
            self.markup.merged.append(given.get("ref", ""))
        elif tag == "sheet":
            relation = next((value for name, value in given.items() if name.endswith(" id")), "")
            self.sheets.append((given.get("name", ""), relation, given.get("state", "visible") == "visible"))
        elif tag == "Relationship":
            self.targets[given.get("Id", "")] = given.get("Target", "")

    def _filled(self, tag: str) -> None:
        """A cell has something in it: empty ones are written far below and beside, and reach nowhere."""
        _bound(self.row, self.column)
        if tag == "f":
            self.markup.formulas.add((self.row, self.column))
        if self.style in self.percentages:
            self.markup.percentages.add((self.row, self.column))

    def _cell(self, given: Attributes) -> None:
        self.column += 1
        self.style = given.get("s", "0")
        if "r" in given:
            cell = CELL.fullmatch(given["r"])
            if cell is None:
                raise _damaged()
            self.column, self.row = _number(cell[1]), int(cell[2])
        if given.get("t") == "e":
            self.markup.errors.add((self.row, self.column))


def _ods(entries: dict[str, bytes]) -> dict[str, Markup]:
    for name, content in entries.items():
        if name.endswith((".xml", ".rdf")) and name != "content.xml":
            _walk(content, lambda tag, given: None)
    document = _Document()
    _walk(entries["content.xml"], document.start)
    return document.markups


class _Document:
    """The content of an ODS while it is walked through. Trailing rows and cells without content reach nowhere."""

    def __init__(self) -> None:
        self.markups: dict[str, Markup] = {}
        self.markup = Markup()
        self.row = self.rows_above = self.column = self.width = self.repeated = 0

    def start(self, tag: str, given: Attributes) -> None:
        local = {name.rpartition(" ")[2]: value for name, value in given.items()}
        if tag == "table":
            self.markup = self.markups[local.get("name", "")] = Markup()
            self.row = self.rows_above = self.repeated = self.width = 0
        elif tag == "table-column":
            self._column(local)
        elif tag == "table-row":
            self._row(local)
        elif tag in ("table-cell", "covered-table-cell"):
            self._cell(tag, local)
        elif tag == "p":
            _bound(self.row, self.column)

    def _column(self, local: Attributes) -> None:
        if local.get("visibility", "visible") != "visible" and self.width < MOST_COLUMNS:
            self.markup.hidden.append(place(self.width + 1, 0)[:-1])
        self.width += _position(local.get("number-columns-repeated"), 0)

    def _row(self, local: Attributes) -> None:
        self.rows_above += self.repeated
        self.repeated = _position(local.get("number-rows-repeated"), 0)
        self.row, self.column = self.rows_above + self.repeated, 0
        if local.get("visibility", "visible") != "visible" and self.rows_above < MOST_ROWS:
            self.markup.hidden.append(str(self.rows_above + 1))

    def _cell(self, tag: str, local: Attributes) -> None:
        first = self.column + 1
        self.column += _position(local.get("number-columns-repeated"), 0)
        if "value-type" in local or "formula" in local:
            _bound(self.row, self.column)
        rows, columns = range(self.rows_above + 1, self.row + 1), range(first, self.column + 1)
        if "formula" in local:
            self.markup.formulas |= {(row, column) for row in rows for column in columns}
        if local.get("value-type") == "percentage":
            self.markup.percentages |= {(row, column) for row in rows for column in columns}
        if tag == "covered-table-cell" and self.row <= MOST_ROWS and first <= MOST_COLUMNS:
            self.markup.merged.append(place(first, self.rows_above + 1))


def _walk(content: bytes, start: Callable[[str, Attributes], None]) -> None:
    """Call ``start`` with the local name and the attributes of every element. Raises Invalid for a DTD or damage."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse_entities
    parser.StartElementHandler = lambda tag, given: start(tag.rpartition(" ")[2], given)
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise _damaged() from error


def _refuse_entities(*_declared: Any) -> None:
    raise Invalid(_("The file declares XML entities, which no spreadsheet program does: it is not read."))


def _bound(row: int, column: int) -> None:
    if row > MOST_ROWS or column > MOST_COLUMNS:
        known = {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
        raise Invalid(
            _("A sheet of the file reaches beyond %(rows)d rows or %(columns)d columns, as no schedule does.") % known
        )


def _position(text: str | None, before: int) -> int:
    """A number of an attribute; where there is none, the one after ``before``."""
    if text is None:
        return before + 1
    if not re.fullmatch("[0-9]{1,9}", text):
        raise _damaged()
    return int(text)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def _is_set(text: str | None) -> bool:
    return text in ("1", "true")


def _damaged() -> Invalid:
    return Invalid(_("The file is no spreadsheet, or it is damaged: send an XLSX or an ODS."))
