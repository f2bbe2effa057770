"""The rows of a form, added and taken out by its buttons: what was typed in the others stays."""

from typing import Any

from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict

from procurement.tenders.drafting_forms.written import WrittenForm

MOST = 500  # rows of one kind: what a page can hold; longer lots come through the API
COUNT = "TOTAL_FORMS"


def rows_of(form: type[WrittenForm]) -> "type[BaseFormSet[Any]]":
    """The set of rows of ``form``, with none but those it was given."""
    return formset_factory(form, extra=0, max_num=MOST, absolute_max=MOST)


def with_row(data: QueryDict, prefix: str, values: dict[str, str]) -> None:
    """Add a row with ``values`` at the end."""
    count = _count(data, prefix)
    for name, value in values.items():
        data[f"{prefix}-{count}-{name}"] = value
    data[f"{prefix}-{COUNT}"] = str(min(count + 1, MOST))


def without_row(data: QueryDict, prefix: str, place: int) -> None:
    """Take out the row at ``place``; those after it move up."""
    count = _count(data, prefix)
    if not 0 <= place < count:
        return
    rows = [_row(data, prefix, index) for index in range(count)]
    del rows[place]
    for name in [name for name in data if name.startswith(f"{prefix}-") and name.split("-")[1].isdigit()]:
        del data[name]
    for index, row in enumerate(rows):
        for name, values in row.items():
            data.setlist(f"{prefix}-{index}-{name}", values)
    data[f"{prefix}-{COUNT}"] = str(len(rows))


def _row(data: QueryDict, prefix: str, index: int) -> dict[str, list[str]]:
    start = f"{prefix}-{index}-"
    return {name.removeprefix(start): data.getlist(name) for name in data if name.startswith(start)}


def _count(data: QueryDict, prefix: str) -> int:
    text = data.get(f"{prefix}-{COUNT}", "0") or "0"
    return min(int(text), MOST) if text.isdecimal() else 0
