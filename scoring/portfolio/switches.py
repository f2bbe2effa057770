"""The step curve of one amount as a document and as a table: every switch of a lot, and how many have changed.

Amounts are fractions, top ÷ bottom in lowest terms, written as texts: they may pass what a JSON number holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from scoring.numbers import decimal, is_decimal
from scoring.portfolio.curve import Curve, step_curve
from scoring.portfolio.kernels import NOBODY
from scoring.portfolio.problems import BadScenario
from scoring.portfolio.scenario import Scenario
from scoring.portfolio.sweep import Study
from scoring.problems import gettext_noop

Ints = NDArray[np.int64]
Document = dict[str, Any]
STEPS = 1_000  # of a document; the table has them all


@dataclass(frozen=True, eq=False)
class Switches:
    """A step curve, and of each switch the bid that led until then (`NOBODY`: several shared the first rank)."""

    path: str
    curve: Curve
    before: Ints
    changed: Ints  # lots whose leader is not the baseline's winner, from each switch on
    changed_at_start: int

    def document(self) -> Document:
        """How many lots have changed from each amount on: at most `STEPS` of them, evenly chosen, each one exact."""
        curve = self.curve
        tops, bottoms = _lowest_terms(curve)
        last = np.ones(len(tops), dtype=bool)  # of the switches at one amount
        last[:-1] = (tops[1:] != tops[:-1]) | (bottoms[1:] != bottoms[:-1])
        steps = np.flatnonzero(last)
        chosen = steps[np.unique(np.linspace(0, len(steps) - 1, min(len(steps), STEPS - 1)).round().astype(np.int64))]
        start = [str(curve.start.numerator), str(curve.start.denominator), self.changed_at_start]
        return {
            "path": self.path,
            "start": [str(curve.start.numerator), str(curve.start.denominator)],
            "end": [str(curve.end.numerator), str(curve.end.denominator)],
            "switches": len(tops),
            "steps": len(steps),
            "changed": [start, *([str(tops[at]), str(bottoms[at]), int(self.changed[at])] for at in chosen)],
        }

    def table(self, study: Study) -> pa.Table:
        """A row per switch, in the order of the amounts; no supplier where several bids share the first rank."""
        tops, bottoms = _lowest_terms(self.curve)
        lots = pa.array(self.curve.lots)
        suppliers, countries = study.snapshot.bid("supplier"), study.snapshot.bid("country")
        before, after = _bids(self.before), _bids(self.curve.bids)
        return pa.table(
            {
                "top": pa.array(map(str, tops), pa.string()),
                "bottom": pa.array(map(str, bottoms), pa.string()),
                "number": lots,
                "lot": study.snapshot.lot("id").take(lots),
                "before_supplier": suppliers.take(before),
                "before_country": countries.take(before),
                "after_supplier": suppliers.take(after),
                "after_country": countries.take(after),
            }
        )


def switches(
    study: Study, scenarios: Sequence[Scenario], path: str, *, heed: Callable[[], None] = lambda: None
) -> Switches:
    """The switches while the value at `path` goes from the least to the largest of scenarios that differ in it alone.

    `heed` is called now and then, and may end it by raising. Raises BadScenario where it has no exact step curve.
    """
    measure = path.removeprefix("measures.").removesuffix(".amount")
    if path != f"measures.{measure}.amount":
        raise BadScenario(gettext_noop("%(path)s is not the amount of a measure: it has no step curve."), path=path)
    values = sorted(_value(scenario, path) for scenario in scenarios)
    first = scenarios[0]
    prepared = study.prepared(first, heed=heed)
    curve = step_curve(prepared, first.policy(study.policy), measure, values[0], values[-1], heed=heed)
    return _against(study.baseline.winners, path, curve)


def _value(scenario: Scenario, path: str) -> Any:
    value = scenario.changes.get(path)
    if not isinstance(value, str) or not is_decimal(value):
        raise BadScenario(
            gettext_noop("A step curve of %(path)s needs a number for it in every scenario, and one has %(value)s."),
            path=path,
            value=value,
        )
    return decimal(value)


def _against(baseline: Ints, path: str, curve: Curve) -> Switches:
    order = np.argsort(curve.lots, kind="stable")  # within a lot they stay in the order of the amounts
    lots, bids = curve.lots[order], curve.bids[order]
    first_of_lot = np.diff(lots, prepend=-1) != 0
    previous = np.where(first_of_lot, curve.winners[lots], np.roll(bids, 1))
    before = np.empty_like(previous)
    before[order] = previous
    own = baseline[curve.lots]
    at_start = int((curve.winners != baseline).sum())
    gained = (curve.bids != own).astype(np.int64) - (before != own)
    return Switches(path, curve, before, at_start + np.cumsum(gained), at_start)


def _lowest_terms(curve: Curve) -> tuple[NDArray[Any], NDArray[Any]]:
    common = np.gcd(curve.tops, curve.bottoms)
    return curve.tops // common, curve.bottoms // common


def _bids(bids: Ints) -> pa.Array:
    return pa.array(bids, mask=bids == NOBODY)
