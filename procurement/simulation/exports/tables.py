"""The scenarios of a simulation, and the lots that one of them changes, as tables headed by what they rest on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Literal

from django.utils.translation import gettext as _

from procurement.evaluation.exports.csv_tables import Cell
from procurement.simulation.models import Look, Sweep
from procurement.simulation.parameters import UNITS
from procurement.simulation.present import figures, provenance
from procurement.simulation.present.result import Result, units
from procurement.simulation.worker_files import ChangedLots, Switches

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
    head = _head(sweep, sweep.result, sweep.result_sha256, sweep.finished_at, stale)
    return Table(head, columns, iter(rows), len(rows))


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
    head = _head(look.sweep, look.result, look.result_sha256, look.finished_at, stale)
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
    head = _head(sweep, sweep.result, sweep.result_sha256, sweep.finished_at, stale)
    head.insert(2, (_("Step curve of"), Result(sweep).document["curve"]["path"]))
    head.append((_("SHA-256 of the step curve"), sweep.curve_file_sha256))
    rows = ([_cell(row.get(column.key), column.kind) for column in columns] for row in map(_with_amount, switches))
    return Table(head, columns, rows, len(switches))


def _with_amount(row: dict[str, Any]) -> dict[str, Any]:
    """The amount as the exact fraction it is: 15/2 for 7.5."""
    return {**row, "amount": str(Fraction(int(row["top"]), int(row["bottom"])))}


def _cell(value: Any, kind: Kind) -> Cell:
    if value is None:
        return None
    return units(int(value)) if kind == "money" else int(value) if kind == "whole" else str(value)


def _head(
    sweep: Sweep, result: dict[str, Any] | None, result_sha256: str, finished_at: datetime | None, stale: bool
) -> list[tuple[str, Cell]]:
    assert result is not None
    known = sweep.snapshot.provenance
    hashes = {
        "data": _("SHA-256 of the archive"),
        "policy": _("SHA-256 of the rules"),
        "scenarios": _("SHA-256 of the scenarios"),
        "code": _("SHA-256 of the program"),
    }
    return [
        (_("Status"), _("Proposal: simulation only")),
        (_("What it means"), provenance.strip(known)),
        (_("Archive"), provenance.source(known)),
        (_("Policy"), str(sweep.policy_version)),
        (_("Cash-back scheme"), str(sweep.scheme_version or sweep.policy_version)),
        (_("Area that stands for the contract’s own country"), sweep.local_area),
        (_("Indicator of the CO2e"), sweep.carbon),
        (_("Computed"), finished_at),
        (_("Stale"), _("yes") if stale else _("no")),
        *((_("Certificate"), sentence) for sentence in figures.certificate(Result(sweep))),
        *((title, result["bound"].get(key, "")) for key, title in hashes.items()),
        (_("SHA-256 of the result"), result_sha256),
    ]
