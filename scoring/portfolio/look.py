"""One scenario looked at closely: which awards change, by hospital, family and country, and the room winners gain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, get_args

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from scoring.portfolio.documents import STATIC, certificate, of_scenario
from scoring.portfolio.figures import Figures
from scoring.portfolio.groups import By, Group, grouped
from scoring.portfolio.kernels import NOBODY
from scoring.portfolio.rooms import Rooms, rooms_of
from scoring.portfolio.scenario import Scenario
from scoring.portfolio.sweep import Study
from scoring.portfolio.winners import Certificate

Ints = NDArray[np.int64]
Document = dict[str, Any]
SCHEMA = "bareme-look/1"


@dataclass(frozen=True, eq=False)
class Look:
    """Who wins each lot under one scenario, and with what room."""

    study: Study
    scenario: Scenario
    figures: Figures
    certificate: Certificate
    winners: Ints
    rooms: Rooms

    def document(self) -> Document:
        """The `bareme-look/1` document, but for the hashes of what it was made from."""
        study = self.study
        return {
            "schema": SCHEMA,
            "provenance": asdict(study.snapshot.provenance),
            "options": {"local_area": study.local_area, "carbon": study.carbon},
            "static": STATIC,
            "lots": study.baseline.lots,
            "scenario": of_scenario(self.scenario, self.figures),
            "certificate": certificate(self.certificate, study.baseline.lots),
            "changed": self.figures.changed,
            "groups": {by: [asdict(group) for group in self.grouped(by)] for by in get_args(By)},
            "room": {
                "lots": int(self.rooms.won.sum()),
                "unbounded": int(self.rooms.unbounded.sum()),
                "rent": self._rents(),
            },
        }

    def grouped(self, by: By) -> list[Group]:
        """What the scenario does to each hospital, group of the CPV or country of the winner."""
        return grouped(self.study, self.winners, self.rooms, by)

    def table(self) -> pa.Table:
        """A row per changed lot, in the order of the snapshot; money in cents; nobody and no end are null."""
        study, rooms = self.study, self.rooms
        snapshot, ruler = study.snapshot, study.ruler
        changed = np.flatnonzero(self.winners != study.baseline.winners)
        before, after = study.baseline.winners[changed], self.winners[changed]
        lots = pa.array(changed)
        of_lots = {"number": lots, "lot": snapshot.lot("id").take(lots)}
        of_lots |= {name: snapshot.lot(name).take(lots) for name in ("hospital", "cpv", "country", "currency")}
        of_bids = {}
        for side, bids in (("before", before), ("after", after)):
            taken = _or_null(bids, bids == NOBODY)
            for name, column in (("bid", "id"), ("supplier", "supplier"), ("country", "country")):
                of_bids[f"{side}_{name}"] = snapshot.bid(column).take(taken)
            of_bids[f"{side}_price"] = _or_null(ruler.price[bids], bids == NOBODY)
        nobody = after == NOBODY
        return pa.table(
            {
                **of_lots,
                **of_bids,
                "european_before": _or_null(ruler.european_value[before], before == NOBODY),
                "european_after": _or_null(ruler.european_value[after], nobody),
                "room_with_policy": _or_null(rooms.with_policy[changed], nobody | rooms.endless_with[changed]),
                "room_without": _or_null(rooms.without[changed], nobody | rooms.endless_without[changed]),
                "rent": _or_null(rooms.rents[changed], nobody | rooms.unbounded[changed]),
            }
        )

    def _rents(self) -> list[Document]:
        ruler = self.study.ruler
        rents = self.rooms.rents_by(ruler.currency, len(ruler.currencies))
        return [{"currency": currency, "rent": rent} for currency, rent in zip(ruler.currencies, rents, strict=True)]


def look(study: Study, scenario: Scenario, *, heed: Callable[[], None] = lambda: None) -> Look:
    """Look at one scenario. `heed` is called between its steps, and may end it by raising. Raises BadScenario."""
    heed()
    result = study.run([scenario])
    winners = study.winners(scenario)
    heed()
    rooms = rooms_of(study, scenario, winners, heed=heed)
    return Look(study, scenario, result.figures[0], result.certificate, winners, rooms)


def _or_null(values: Ints, missing: NDArray[np.bool_]) -> pa.Array:
    return pa.array(values, mask=missing)
