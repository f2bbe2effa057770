"""Extra cost against European share: a dot per scenario, those that nothing dominates marked."""

from dataclasses import dataclass
from decimal import Decimal

from procurement.simulation.present.axes import Axes, power
from procurement.simulation.present.result import Result, Standing, units

PERCENT = 100
CIRCLE = "m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0"  # around the point a path is at


@dataclass(frozen=True, slots=True)
class Dot:
    """A scenario of the picture with its name, or the baseline (`standing.number` None)."""

    standing: Standing
    name: str
    x: str
    y: str
    extra_cost: Decimal  # in units of the currency
    chosen: bool
    flipped: bool


@dataclass(frozen=True, slots=True)
class Scatter:
    """The picture; `power` says what the numbers on the axis of costs count: `in thousands`, or nothing.

    Dots with a name are the baseline, the chosen scenario and the efficient ones; the others are one path, because a
    thousand of them would make a slow page of names nobody can point at.
    """

    axes: Axes
    power: str
    dots: list[Dot]
    others: str
    frontier: str  # the points of the line through the efficient scenarios


def scatter(result: Result, chosen: Standing) -> Scatter:
    """The scenarios of a simulation and its baseline; the efficient ones last, so that nothing covers them."""
    standings = sorted([result.baseline, *result.scenarios], key=lambda each: (each is chosen, each.efficient))
    divisor, word = power([units(each.extra_cost) for each in standings])
    costs = {each.number: units(each.extra_cost) / divisor for each in standings}
    axes = Axes.around(list(costs.values()), [each.share * PERCENT for each in standings])
    named = [each for each in standings if each.number is None or each.efficient or each is chosen]
    others = [each for each in standings if not (each.number is None or each.efficient or each is chosen)]
    efficient = sorted((each for each in standings if each.efficient), key=lambda each: (each.extra_cost, each.share))
    return Scatter(
        axes=axes,
        power=word,
        dots=[
            Dot(
                standing=each,
                name="" if each.number is None else result.name(each),
                x=axes.x(costs[each.number]),
                y=axes.y(each.share * PERCENT),
                extra_cost=units(each.extra_cost),
                chosen=each is chosen,
                flipped=axes.flipped(costs[each.number]),
            )
            for each in named
        ],
        others="".join(f"M{axes.x(costs[each.number])} {axes.y(each.share * PERCENT)}{CIRCLE}" for each in others),
        frontier=" ".join(f"{axes.x(costs[each.number])},{axes.y(each.share * PERCENT)}" for each in efficient),
    )
