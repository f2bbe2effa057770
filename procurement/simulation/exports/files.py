"""A table as CSV, XLSX or Parquet, or its document as JSON; each one says that it is a simulation."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from procurement.evaluation.exports.csv_tables import Cell, content
from procurement.people.refusals import Refused
from procurement.people.templatetags.reading import points
from procurement.simulation.exports.tables import Kind, Table

MOST_ROWS = 100_000  # of a workbook: a longer one takes a spreadsheet, and the portal, too long
WIDTH = 18  # of a column, in characters
NUMBERS: dict[Kind, str] = {"whole": "#,##0", "number": "#,##0.############", "money": "#,##0.00", "text": "@"}


@dataclass(frozen=True, slots=True)
class Format:
    """How a table, with the document it was made of, becomes a file."""

    media_type: str
    write: Callable[[Table, dict[str, Any]], bytes]


def _csv(table: Table, document: dict[str, Any]) -> bytes:
    titles: list[Cell] = [column.title for column in table.columns]
    return content([*map(list, table.head), [], titles, *table.rows]).encode()


def _xlsx(table: Table, document: dict[str, Any]) -> bytes:
    """Two sheets: what the figures rest on, and the figures. Raises Refused for a table that is too long."""
    if table.length > MOST_ROWS:
        raise Refused(
            _("A workbook takes %(most)s rows, and there are %(count)s: take the CSV or the Parquet file.")
            % {"most": points(str(MOST_ROWS)), "count": points(str(table.length))}
        )
    written = io.BytesIO()
    with Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        about, rows = book.add_worksheet(_("About")), book.add_worksheet(_("Figures"))
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        formats = {kind: book.add_format({"num_format": form}) for kind, form in NUMBERS.items()}
        about.set_column(0, 0, 2 * WIDTH)
        about.set_column(1, 1, 6 * WIDTH, book.add_format({"text_wrap": True}))
        for place, (title, value) in enumerate(table.head):
            about.write_string(place, 0, title, bold)
            about.write_string(place, 1, _text(value))
        rows.set_column(0, len(table.columns) - 1, WIDTH)
        rows.freeze_panes(2, 1)
        rows.write_string(0, 0, f"{table.head[0][1]}. {table.head[1][1]}")
        rows.write_row(1, 0, [column.title for column in table.columns], bold)
        for place, line in enumerate(table.rows, start=2):
            for at, (cell, column) in enumerate(zip(line, table.columns, strict=True)):
                if isinstance(cell, str):
                    rows.write_string(place, at, cell)
                elif cell is not None:
                    rows.write_number(place, at, cell, formats[column.kind])
    return written.getvalue()


def _parquet(table: Table, document: dict[str, Any]) -> bytes:
    """Columns under their keys, money as exact decimals; the head and the document stand in the file's metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {"whole": pa.int64(), "number": pa.decimal128(30, 12), "money": pa.decimal128(20, 2), "text": pa.string()}
    schema = pa.schema([(column.key, types[column.kind]) for column in table.columns])
    lines = list(table.rows)
    columns = [
        pa.array([line[at] for line in lines], type=field.type, from_pandas=False) for at, field in enumerate(schema)
    ]
    head = json.dumps([[title, _text(value)] for title, value in table.head], ensure_ascii=False)
    about = {"bareme": head, "document": json.dumps(document, ensure_ascii=False, sort_keys=True)}
    written = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(columns, schema=schema.with_metadata(about)), written)
    return written.getvalue()


def _json(table: Table, document: dict[str, Any]) -> bytes:
    """The head, the document as the worker left it, and the lines under their keys; numbers of lines as texts."""
    keys = [column.key for column in table.columns]
    lines = [dict(zip(keys, map(_plain, line), strict=True)) for line in table.rows]
    about = [{"title": title, "value": _text(value)} for title, value in table.head]
    written = {"about": about, "result": document, "rows": lines}
    return json.dumps(written, ensure_ascii=False, indent=1).encode()


def _plain(cell: Cell) -> str | int | None:
    if cell is None or isinstance(cell, int):
        return cell
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)


def _text(value: Cell) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    return "" if value is None else str(value)


FORMATS = {
    "csv": Format("text/csv; charset=utf-8", _csv),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
    "parquet": Format("application/vnd.apache.parquet", _parquet),
    "json": Format("application/json", _json),
}


def attachment(name: str, extension: str, table: Table, document: dict[str, Any]) -> HttpResponse:
    """The table as a file to download; ``name`` without extension, in ASCII. Raises Refused when it does not fit."""
    known = FORMATS[extension]
    answer = HttpResponse(known.write(table, document), content_type=known.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
    return answer
