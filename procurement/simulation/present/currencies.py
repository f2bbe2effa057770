"""The extra cost of a scenario in each currency it moves: amounts of several currencies are never added."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from procurement.simulation.present.result import Result, Standing, decimal, units


@dataclass(frozen=True, slots=True)
class Moved:
    """A currency with what the baseline spends in it and what the scenario adds; `part` is of that spend, or None."""

    currency: str
    spend: Decimal
    extra_cost: Decimal
    part: Decimal | None


def moved(result: Result, chosen: Standing) -> list[Moved]:
    """The currencies whose spend a scenario changes, in their order; nothing of an archive that has only one."""
    if len(result.currencies) == 1 or chosen.number is None:
        return []
    before = {each["currency"]: each["spend"] for each in result.document["baseline"]["money"]}
    after = {each["currency"]: each["spend"] for each in result.document["scenarios"][chosen.number]["money"]}
    found = [(name, before.get(name, 0), after.get(name, 0)) for name in sorted({*before, *after})]
    return [_moved(name, spend, then - spend) for name, spend, then in found if then != spend]


def _moved(currency: str, spend: int, extra: int) -> Moved:
    return Moved(currency, units(spend), units(extra), decimal(Fraction(extra, spend)) if spend else None)
