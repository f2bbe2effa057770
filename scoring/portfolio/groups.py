"""What a scenario does to the awards of each hospital, group of the CPV, or country of the winner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from scoring.portfolio.gauges import encoded
from scoring.portfolio.kernels import NOBODY
from scoring.portfolio.rooms import Rooms
from scoring.portfolio.sweep import Study

Ints = NDArray[np.int64]
By = Literal["hospital", "family", "country"]
FAMILY = 3  # digits of a CPV code: its group


@dataclass(frozen=True, slots=True)
class Group:
    """What a scenario does to the awards of one group, money in cents of one currency.

    A group of a country has the awards won from there: before and after may be different lots, and those that nobody
    wins are in the group without a name, as are those of a country that is not known. `unbounded` counts the lots
    whose winner has room without end, and no rent.
    """

    name: str | None
    currency: str
    lots: int
    changed: int
    spend_before: int
    spend_after: int
    european_before: int
    european_after: int
    rent: int
    unbounded: int


def grouped(study: Study, winners: Ints, rooms: Rooms, by: By) -> list[Group]:
    """The groups by name, then currency, the one without a name first."""
    ruler = study.ruler
    *keys, names = _keys(study, winners, by)
    currencies = len(ruler.currencies)
    groups, codes = np.unique(np.concatenate([key * currencies + ruler.currency for key in keys]), return_inverse=True)
    before, after = np.split(codes, 2)
    counted = np.ones(len(winners), dtype=bool) if by != "country" else winners != NOBODY
    columns = [
        _counts(after, counted, len(groups)),
        _counts(after, winners != study.baseline.winners, len(groups)),
        *(
            _sums(codes, worth, bids, len(groups))
            for worth in (ruler.price, ruler.european_value)
            for codes, bids in ((before, study.baseline.winners), (after, winners))
        ),
        rooms.rents_by(after, len(groups)),
        _counts(after, rooms.unbounded, len(groups)),
    ]
    found = [
        Group(names[group // currencies], str(ruler.currencies[group % currencies]), *column)
        for group, *column in zip(groups.tolist(), *columns, strict=True)
    ]
    return sorted(found, key=lambda group: (group.name or "", group.currency))


def _counts(codes: Ints, chosen: NDArray[np.bool_], groups: int) -> list[int]:
    """How many of the chosen lots each group has."""
    return list(np.bincount(codes[chosen], minlength=groups).tolist())


def _sums(codes: Ints, worth: Ints, bids: Ints, groups: int) -> list[int]:
    """What the bids of each group's lots are worth; nobody's is nothing."""
    sums, won = np.zeros(groups, dtype=np.int64), bids != NOBODY
    np.add.at(sums, codes[won], worth[bids[won]])
    return list(sums.tolist())


def _keys(study: Study, winners: Ints, by: By) -> tuple[Ints, Ints, Sequence[str | None]]:
    """Per lot the code of its group before and after, and what each code stands for."""
    snapshot = study.snapshot
    if by == "country":
        country, countries = encoded(snapshot.bid("country"))
        nobody = countries.index(None) if None in countries else len(countries)
        before, after = (
            np.where(bids == NOBODY, nobody, country[np.maximum(bids, 0)])
            if len(country)
            else np.full(len(bids), nobody)
            for bids in (study.baseline.winners, winners)
        )
        return before, after, [*countries, None]
    column = snapshot.lot("hospital") if by == "hospital" else _family(snapshot.lot("cpv"))
    codes, names = encoded(column)
    return codes, codes, names


def _family(cpv: pa.Array) -> pa.Array:
    return pc.utf8_slice_codeunits(cpv, 0, FAMILY)
