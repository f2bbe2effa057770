"""The scenarios of a simulation as a table that can be sorted."""

from collections.abc import Callable
from typing import Any

from procurement.simulation.present.result import Result, Standing

ORDERS: dict[str, Callable[[Standing], Any]] = {
    "number": lambda each: each.number,
    "changed": lambda each: each.changed,
    "extra_cost": lambda each: each.extra_cost,
    "share": lambda each: each.share,
    "cashback": lambda each: each.cashback_granted,
    "deadweight": lambda each: each.deadweight,
}


def ordered(result: Result, ordering: str) -> list[Standing]:
    """The scenarios by a figure, `-` before its name for the largest first; else in the order of the question."""
    order = ORDERS.get(ordering.removeprefix("-"))
    if order is None:
        return result.scenarios
    return sorted(result.scenarios, key=order, reverse=ordering.startswith("-"))
