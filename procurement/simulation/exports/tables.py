"""The scenarios of a simulation, the lots that one of them changes, and who wins the samples of a box, as tables."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from django.utils.translation import gettext as _

from procurement.evaluation.exports.csv_tables import Cell
from procurement.simulation.exports import heads
from procurement.simulation.models import Box, Look, Sweep
from procurement.simulation.parameters import UNITS
from procurement.simulation.present.result import Result, units
from procurement.simulation.present.shares import error_points
from procurement.simulation.winners import winners
from procurement.simulation.worker_files import BoxLots, ChangedLots, Switches

Kind = Literal["text", "whole", "number", "money"]
Line = list[Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in every language, its title in the reader's, and what its cells are (money in units)."""

    key: str
    title: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Table:
    """A file's content: `head` is said before the table, `rows` gives its lines, `length` of them, once."""

    head: list[tuple[str, Cell]]
    columns: list[Column]
    rows: Iterator[Line]
    length: int


def of_sweep(sweep: Sweep, *, stale: bool) -> Table:
    """A line per scenario and currency, those of the baseline first."""
    result = Result(sweep)
    varied = [Column(each.path, f"{each.name} ({UNITS[each.unit]})", "number") for each in result.parameters]
    columns = [
        Column("scenario", _("Scenario"), "whole"),
        *varied,
        Column("changed", _("Changed awards"), "whole"),
        Column("without_winner", _("Lots without a winner"), "whole"),
        Column("currency", _("Currency"), "text"),
        Column("spend", _("Spend"), "money"),
        Column("extra_cost", _("Extra cost"), "money"),
        Column("european_value", _("European value"), "money"),
        Column("cashback", _("Cash-back before the caps of a year"), "money"),
        Column("cashback_granted", _("Cash-back granted"), "money"),
        Column("deadweight", _("Deadweight"), "money"),
        Column("co2e_change_grams", _("Change of the CO2e, g"), "whole"),
        Column("co2e_unknown", _("Changed awards whose CO2e is not known"), "whole"),
    ]
    rows = list(_scenarios(sweep, result.currencies))
    return Table(heads.of_sweep(sweep, sweep, stale=stale), columns, iter(rows), len(rows))


def _scenarios(sweep: Sweep, currencies: list[str]) -> Iterator[Line]:
    known = Result(sweep).parameters
    for currency in currencies:
        result = Result(sweep, currency)
        for each in (result.baseline, *result.scenarios):
            one = each.number is not None
            paid = (each.cashback, each.cashback_granted, each.deadweight)
            yield [
                each.number,
                *(parameter.typed(each.changes[parameter.path]) if one else None for parameter in known),
                each.changed,
                each.without_winner,
                currency,
                *(units(cents) for cents in (each.spend, each.extra_cost, each.european_value)),
                *(units(cents) if one else None for cents in paid),
                each.grams if one and sweep.carbon else None,
                each.untold if one and sweep.carbon else None,
            ]


MONEY = {"before_price", "after_price", "european_before", "european_after", "room_with_policy", "room_without", "rent"}


def changed_columns() -> list[Column]:
    """The columns of the changed lots, named as in the file the worker left."""
    titles = {
        "number": _("Row in the archive"),
        "lot": _("Lot"),
        "hospital": _("Hospital"),
        "cpv": _("CPV code"),
        "country": _("Country"),
        "currency": _("Currency"),
        "before_bid": _("Bid that won before"),
        "before_supplier": _("Winner before"),
        "before_country": _("Country of the winner before"),
        "before_price": _("Price before"),
        "after_bid": _("Bid that wins after"),
        "after_supplier": _("Winner after"),
        "after_country": _("Country of the winner after"),
        "after_price": _("Price after"),
        "european_before": _("European value before"),
        "european_after": _("European value after"),
        "room_with_policy": _("Room for a higher price, with the policy"),
        "room_without": _("Room for a higher price, without"),
        "rent": _("Rent"),
    }
    return [Column(key, title, _kind(key)) for key, title in titles.items()]


def _kind(key: str) -> Kind:
    return "money" if key in MONEY else "whole" if key == "number" else "text"


def of_look(look: Look, *, stale: bool) -> Table:
    """A line per changed lot. Raises Refused when their file is not on this machine."""
    columns, changed = changed_columns(), ChangedLots(look)
    result = Result(look.sweep)
    head = heads.of_sweep(look.sweep, look, stale=stale)
    head.insert(2, (_("Scenario"), f"{look.scenario}: {result.name(result.scenarios[look.scenario])}"))
    head.append((_("SHA-256 of the changed lots"), look.file_sha256))
    rows = ([_cell(row.get(column.key), column.kind) for column in columns] for row in changed)
    return Table(head, columns, rows, len(changed))


def of_curve(sweep: Sweep, *, stale: bool) -> Table:
    """A line per change of a winner on the step curve. Raises Refused when its file is not on this machine."""
    titles = {
        "amount": _("From this amount on"),
        "number": _("Row in the archive"),
        "lot": _("Lot"),
        "before_supplier": _("Winner before"),
        "before_country": _("Country of the winner before"),
        "after_supplier": _("Winner after"),
        "after_country": _("Country of the winner after"),
    }
    columns, switches = [Column(key, title, _kind(key)) for key, title in titles.items()], Switches(sweep)
    head = heads.of_sweep(sweep, sweep, stale=stale)
    head.insert(2, (_("Step curve of"), Result(sweep).document["curve"]["path"]))
    head.append((_("SHA-256 of the step curve"), sweep.curve_file_sha256))
    rows = ([_cell(row.get(column.key), column.kind) for column in columns] for row in map(_with_amount, switches))
    return Table(head, columns, rows, len(switches))


def of_box(box: Box, *, stale: bool) -> Table:
    """A line per lot and bid that wins a sample of it, and for its recorded award; the least steady lots first.

    A line without a bid is for samples that nobody wins. Raises Refused when a file is not on this machine.
    """
    columns = [
        Column("number", _("Row in the archive"), "whole"),
        Column("lot", _("Lot"), "text"),
        Column("hospital", _("Hospital"), "text"),
        Column("cpv", _("CPV code"), "text"),
        Column("bid", _("Bid"), "text"),
        Column("supplier", _("Tenderer"), "text"),
        Column("country", _("Country of the tenderer"), "text"),
        Column("recorded", _("As recorded"), "text"),
        Column("wins", _("Samples won"), "whole"),
        Column("samples", _("Samples"), "whole"),
        Column("share", _("Share of the samples, 0 to 1"), "number"),
        Column("error", _("Error of the share at most, 19 times out of 20"), "number"),
    ]
    lots, error = list(BoxLots(box)), error_points(box.samples).scaleb(-2)
    yes, no = _("yes"), _("no")
    rows: list[Line] = [
        [
            *(lot[name] for name in ("number", "lot", "hospital", "cpv")),
            each.bid,
            each.supplier,
            each.country,
            yes if each.recorded else no,
            each.wins,
            box.samples,
            each.share,
            error,
        ]
        for lot, found in zip(lots, winners(lots, box), strict=True)
        for each in found
    ]
    return Table(heads.of_box(box, stale=stale), columns, iter(rows), len(rows))


def _with_amount(row: dict[str, Any]) -> dict[str, Any]:
    """The amount as the exact fraction it is: 15/2 for 7.5."""
    return {**row, "amount": str(Fraction(int(row["top"]), int(row["bottom"])))}


def _cell(value: Any, kind: Kind) -> Cell:
    if value is None:
        return None
    return units(int(value)) if kind == "money" else int(value) if kind == "whole" else str(value)
