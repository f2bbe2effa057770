"""The shape of a grid: the weight of each kind of criterion, so that grids in different words can be counted together.

`price-60 quality-30 environment-10`: kinds in the order of `Criterion.Kind`, their weights added up and rounded to
the nearest 5 points (a half rounds up), at least 5 for a kind that is there. The parts need not total 100.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from procurement.tenders.models.lot import Criterion

STEP = 5  # points
LONGEST = 120  # characters: every kind at 100 fits


def weights_by_kind(criteria: Iterable[Mapping[str, Any]]) -> dict[str, Decimal]:
    """The weights of ``criteria`` ({"kind", "weight", …}) added up by kind, kinds in their order."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for criterion in criteria:
        sums[criterion["kind"]] += Decimal(criterion["weight"])
    return {kind: sums[kind] for kind in Criterion.Kind.values if sums.get(kind)}


def shape_of(criteria: Iterable[Mapping[str, Any]]) -> str:
    """The shape of ``criteria``; a kind whose criteria weigh nothing is not there."""
    return " ".join(f"{kind}-{_stepped(weight)}" for kind, weight in weights_by_kind(criteria).items())


def told(shape: str) -> str:
    """A shape in the reader's words: "Price 60, Quality 40", no line ending before a number."""
    parts = (part.rpartition("-") for part in shape.split())
    return ", ".join(f"{Criterion.Kind(kind).label}\N{NO-BREAK SPACE}{weight}" for kind, _dash, weight in parts)


def _stepped(weight: Decimal) -> int:
    return max(STEP, int((weight / STEP).quantize(Decimal(1), ROUND_HALF_UP)) * STEP)
