"""Two varied values as a table: a row for each of the first, a column for each of the second, a figure in each cell."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from procurement.people.templatetags.reading import points, share
from procurement.simulation.parameters import Parameter
from procurement.simulation.present.result import Result, Standing, units

SHADES = 5  # classes of the style sheet, heat-0 to heat-5
Figure = tuple[Promise, Callable[[Standing], Decimal], Callable[[Decimal], str]]
FIGURES: dict[str, Figure] = {
    "changed": (gettext_lazy("Changed awards"), lambda each: Decimal(each.changed), points),
    "extra_cost": (gettext_lazy("Extra cost"), lambda each: units(each.extra_cost), points),
    "share": (gettext_lazy("European share"), lambda each: each.share, share),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A scenario in the table with its figure as the reader writes it; `shade` rises from 0 to 5 with the figure."""

    number: int | None
    text: str
    shade: int


@dataclass(frozen=True, slots=True)
class Heat:
    """The table; `figure` is the key of what its cells say, `figures` all there are with their titles."""

    first: Parameter
    second: Parameter
    columns: list[str]
    rows: list[tuple[str, list[Cell]]]
    figure: str
    figures: list[tuple[str, Promise]]


def heat(result: Result, figure: str) -> Heat | None:
    """The table of one figure; None unless two values are varied, each over several."""
    axes = result.sweep.axes
    if len(axes) != 2 or min(len(axis["values"]) for axis in axes) < 2:
        return None
    offered = {key: each for key, each in FIGURES.items() if key != "share" or result.knows_goods}
    figure = figure if figure in offered else "changed"
    _title, of, written = FIGURES[figure]
    found = [of(each) for each in result.scenarios]
    least, extent = min(found), max(found) - min(found)
    cells = [
        Cell(each.number, written(value), int(SHADES * (value - least) / extent) if extent else 0)
        for each, value in zip(result.scenarios, found, strict=True)
    ]
    first, second = result.parameters
    columns = [second.shown(value) for value in axes[1]["values"]]
    return Heat(
        first=first,
        second=second,
        columns=columns,
        rows=[
            (first.shown(value), cells[place * len(columns) : (place + 1) * len(columns)])
            for place, value in enumerate(axes[0]["values"])
        ],
        figure=figure,
        figures=[(key, title) for key, (title, *_rest) in offered.items()],
    )
