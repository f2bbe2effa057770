"""The changed lots of one page, money in units of each lot's currency."""

from collections.abc import Iterable
from typing import Any

from procurement.simulation.names import short
from procurement.simulation.present.result import units

MONEY = ("before_price", "after_price", "rent")


def shown(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of the file as the table writes them, with a `name`; None where nobody is, or a rent without end."""
    return [{"name": short(row["lot"]), **row, **{name: _units(row[name]) for name in MONEY}} for row in rows]


def _units(cents: int | None) -> Any:
    return None if cents is None else units(int(cents))
