"""The step curve: how many awards change while one amount rises, exact at each step it draws."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from procurement.simulation.names import short
from procurement.simulation.parameters import Parameter
from procurement.simulation.present.axes import Axes
from procurement.simulation.present.result import Result, decimal

SAID = Decimal("0.000001")  # to what part of a point a step is said; the file has the fraction


@dataclass(frozen=True, slots=True)
class Step:
    """From `amount` on, that one included, so many awards differ from the baseline's; `rounded` for a third, say."""

    amount: Decimal
    changed: int
    rounded: bool = False


@dataclass(frozen=True, slots=True)
class Steps:
    """The picture; `switches` counts all changes of a winner on the way, more than the steps drawn may be."""

    parameter: Parameter
    axes: Axes
    line: str
    switches: int
    start: int  # awards that differ from the baseline at the lowest amount already
    steps: list[Step]
    thinned: bool


def steps(result: Result) -> Steps | None:
    """The step curve of a simulation; None where it has none."""
    curve = result.document["curve"]
    if not curve or not curve["changed"]:
        return None
    (parameter,) = [each for each in result.parameters if each.path == curve["path"]]
    found = [Step(_amount(top, bottom), changed) for top, bottom, changed in curve["changed"]]
    end = _amount(*curve["end"])
    axes = Axes.around([found[0].amount, end], [Decimal(0), *(Decimal(step.changed) for step in found)])
    return Steps(
        parameter=parameter,
        axes=axes,
        line=_line(axes, found, end),
        switches=curve["switches"],
        start=found[0].changed,
        steps=[_said(step) for step in found],
        thinned=len(found) <= curve["steps"],  # one of them is the start
    )


def switching(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of the file of a step curve as the table writes them: `name`, `amount`, and whether it is `rounded`."""
    said = [(row, _written(_amount(row["top"], row["bottom"]))) for row in rows]
    return [{"name": short(row["lot"]), **row, "amount": amount, "rounded": rounded} for row, (amount, rounded) in said]


def _said(step: Step) -> Step:
    """The step with its amount as it is written."""
    amount, rounded = _written(step.amount)
    return Step(amount, step.changed, rounded=rounded)


def _written(amount: Decimal) -> tuple[Decimal, bool]:
    written = amount.quantize(SAID).normalize()
    return written, written != amount


def _line(axes: Axes, found: list[Step], end: Decimal) -> str:
    """Level from each step to the next, then straight up or down."""
    ends = [*(step.amount for step in found[1:]), end]
    corners = [
        f"{axes.x(at)},{axes.y(Decimal(step.changed))}"
        for step, until in zip(found, ends, strict=True)
        for at in (step.amount, until)
    ]
    return " ".join(corners)


def _amount(top: str, bottom: str) -> Decimal:
    return decimal(Fraction(int(top), int(bottom)))
