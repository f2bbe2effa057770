"""A table of marks pasted from a spreadsheet: tenderer, criterion, mark, reason, one row for each mark."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from procurement.evaluation import services
from procurement.evaluation.exports.csv_tables import FORMULA_STARTS
from procurement.evaluation.mark_forms import MarksForm
from procurement.evaluation.models import MarkDraft, Panel
from procurement.evaluation.present.grids import GRIDS
from procurement.people.models import User
from procurement.people.refusals import Invalid
from procurement.people.templatetags.reading import figure

COLUMNS = 4
LONGEST_TABLE = 200_000  # characters: a grid of 20 bids and 10 criteria with long reasons has fewer


@dataclass(frozen=True, slots=True)
class Pasted:
    """The fields a table fills in, by their names, and by the name of each the line it stood in."""

    data: dict[str, str]
    lines: dict[str, int]


def heading() -> list[str]:
    """The first line of a table."""
    return [_("Tenderer"), _("Criterion"), _("Mark"), _("Reason")]


def table_of(form: MarksForm) -> str:
    """The grid as a table to be copied into a spreadsheet, filled in there and pasted back."""
    written = io.StringIO()
    rows = csv.writer(written, delimiter="\t", lineterminator="\n")
    rows.writerow(heading())
    for criterion, cells in form.sections():
        for cell in cells:
            mark = figure(str(cell.mark.initial or ""))
            rows.writerow(map(_inert, [cell.bidder, criterion.title, mark, cell.reason.initial or ""]))
    return written.getvalue()


def keep_table(text: str, panel: Panel, kind: MarkDraft.Kind, *, by: User, at: datetime) -> None:
    """Let a table wait in a grid of ``by``, not given yet: all of it or nothing.

    Raises Invalid with a sentence for each line that cannot be read or holds a mark that is wrong, and as
    `services.keep_drafts` does.
    """
    pasted = read_table(text, GRIDS[kind](panel, by, None))
    filled = GRIDS[kind](panel, by, pasted.data)
    require_right(pasted, filled)
    services.keep_drafts(lot=panel.lot, kind=kind, typed=filled.typed(), by=by, at=at)


def read_table(text: str, form: MarksForm) -> Pasted:
    """What a table says in the terms of ``form``. Raises Invalid with a sentence for each line that cannot be read."""
    rows = _rows(text)
    bidders = {_folded(form.bidders[bid.pk]): bid for bid in form.bids}
    criteria = {_folded(criterion.title): criterion for criterion in form.criteria}
    data: dict[str, str] = {}
    lines: dict[str, int] = {}
    problems = []
    for line, row in rows:
        bid, criterion = bidders.get(_folded(row[0])), criteria.get(_folded(row[1]))
        if bid is None or criterion is None:
            problems.append(_unknown(line, row, form))
            continue
        name = form.name(bid, criterion)
        if f"{name}-mark" in data:
            problems.append(_("Line %(line)d repeats line %(first)d.") % {"line": line, "first": lines[name]})
        data |= {f"{name}-mark": row[2].strip(), f"{name}-reason": row[3].strip()}
        lines[name] = line
    if problems:
        raise _nothing(problems)
    return Pasted(data, lines)


def require_right(pasted: Pasted, form: MarksForm) -> None:
    """Raise Invalid with a sentence for each pasted mark or reason that is wrong, as the ``form`` filled in says."""
    problems = [
        _("Line %(line)d: %(sentence)s") % {"line": pasted.lines[name.rpartition("-")[0]], "sentence": sentence}
        for name, sentences in form.mistakes().items()
        for sentence in sentences
    ]
    if problems:
        raise _nothing(problems)


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """The rows that hold something, each with its line and the four columns."""
    if len(text) > LONGEST_TABLE:
        raise Invalid(_("The table is too long: paste at most %(most)d characters.") % {"most": LONGEST_TABLE})
    try:
        found = list(_read(text))
    except csv.Error as problem:
        raise Invalid(_("The table cannot be read: copy the four columns again.")) from problem
    if not found:
        raise Invalid(_("Nothing was pasted: copy the four columns from your spreadsheet, and paste them here."))
    found = [(line, [*row, ""] if len(row) == COLUMNS - 1 else row) for line, row in found]
    narrow = [line for line, row in found if len(row) != COLUMNS]
    if narrow:
        sentence = _("Line %(line)d has not four columns: tenderer, criterion, mark, reason.")
        raise _nothing([sentence % {"line": line} for line in narrow])
    return found


def _read(text: str) -> Iterable[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter="\t")
    titles = [_folded(title) for title in heading()]
    line = 1
    for row in reader:
        # What a spreadsheet copies may have empty columns at its end.
        kept = row[:COLUMNS] if not any(cell.strip() for cell in row[COLUMNS:]) else row
        if any(cell.strip() for cell in kept) and [_folded(cell) for cell in kept] != titles:
            yield line, [_as_written(cell) for cell in kept]
        line = reader.line_num + 1


def _unknown(line: int, row: list[str], form: MarksForm) -> str:
    bidders = [form.bidders[bid.pk] for bid in form.bids]
    if _folded(row[0]) not in map(_folded, bidders):
        said = {"line": line, "said": row[0].strip(), "known": ", ".join(bidders)}
        return _("Line %(line)d, column 1: no tenderer is called “%(said)s” here. There are: %(known)s.") % said
    said = {"line": line, "said": row[1].strip(), "known": ", ".join(each.title for each in form.criteria)}
    return _("Line %(line)d, column 2: no criterion is called “%(said)s”. There are: %(known)s.") % said


def _nothing(problems: list[str]) -> Invalid:
    return Invalid(_("Nothing was taken from the table."), [{"message": problem} for problem in problems])


def _inert(text: str) -> str:
    """A text that a spreadsheet would take for a formula gets a leading apostrophe."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def _as_written(cell: str) -> str:
    """What `_inert` was given."""
    return cell[1:] if cell.startswith("'") and _inert(cell[1:]) == cell else cell


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
