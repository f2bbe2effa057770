"""CSV that a spreadsheet opens as it stands and never runs.

RFC 4180 (quotes doubled, CRLF), UTF-8 with a byte order mark, dates as ISO 8601. In English commas separate and a
point is decimal, which is also the form of the API; in French semicolons separate and a comma is decimal, because
that is what a French spreadsheet reads. A text that a spreadsheet would take for a formula gets a leading
apostrophe, and so does what follows a separator inside a text: a spreadsheet of the other language divides it there,
whatever the quotes. Numbers are told from texts by their type, so that a negative number stays one.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

Cell = str | int | Decimal | date | None
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
FORMULA_AFTER_SEPARATOR = re.compile(rf"([,;|\t\r\n][\s\"']*)([{re.escape('=+-@＝＋－＠')}])")
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Form:
    """How numbers and columns are written in one language."""

    separator: str
    decimal_mark: str


FORMS = {"en": Form(",", "."), "fr": Form(";", ",")}


def content(rows: Iterable[Sequence[Cell]]) -> str:
    """The rows in the form of the active language."""
    form = FORMS["en" if get_language() == "en" else "fr"]
    written = io.StringIO()
    writer = csv.writer(written, delimiter=form.separator, lineterminator="\r\n")
    writer.writerows([_written(cell, form) for cell in row] for row in rows)
    return BYTE_ORDER_MARK + written.getvalue()


def attachment(name: str, rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """The rows as a file to download; ``name`` without extension, in ASCII."""
    response = HttpResponse(content(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _written(cell: Cell, form: Form) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        inside = FORMULA_AFTER_SEPARATOR.sub(r"\1'\2", cell)
        return f"'{inside}" if cell.lstrip(" ").startswith(FORMULA_STARTS) else inside
    if isinstance(cell, datetime):
        return timezone.localtime(cell).isoformat(timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return format(cell, "f").replace(".", form.decimal_mark) if isinstance(cell, Decimal) else str(cell)
