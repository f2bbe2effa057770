"""The criteria of all lots as columns of whole numbers, for the kernels.

A formula that a kernel does not know, or a number that does not fit 64 bits, marks the lot: it is scored by
`scoring.evaluate` alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from scoring.case import Criterion
from scoring.portfolio.codes import FORMULAS
from scoring.portfolio.rows import criteria_of
from scoring.portfolio.snapshot import MARK_DECIMALS, Snapshot

COLUMNS = 7
FITS = 2**62
WEIGHT_FITS = 2**40  # it is multiplied by 10 to the decimals, at most 6


@dataclass(frozen=True, eq=False)
class Rules:
    """Per distinct set of criteria its rows in the other columns, and per lot the set it has.

    A weight is `weight` ÷ `below`; scale and minimum are in units of 10^-12 (no minimum: 0; a criterion on price: -1);
    `first` and `second` are the parameters of a price formula: the ceiling and the floor price in cents, or 1 when a
    price can have negative points.
    """

    rules_of: NDArray[np.int64]
    starts: NDArray[np.int64]
    formula: NDArray[np.int64]
    weight: NDArray[np.int64]
    below: NDArray[np.int64]
    scale: NDArray[np.int64]
    minimum: NDArray[np.int64]
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    uses_cost: NDArray[np.bool_]
    unfit: NDArray[np.bool_]


def rules_of(snapshot: Snapshot) -> Rules:
    """The rules of a snapshot's lots."""
    codes, texts = snapshot.coded("criteria")
    sets = [criteria_of(str(text)) for text in texts]
    rows = [_row(criterion) for criteria in sets for criterion in criteria]
    fits = [max(map(abs, row)) < FITS and row[1] < WEIGHT_FITS for row in rows]
    kept = [row if fit else (0,) * COLUMNS for row, fit in zip(rows, fits, strict=True)]
    columns = np.array(kept, dtype=np.int64).reshape(-1, COLUMNS)
    starts = np.cumsum([0, *map(len, sets)])
    unfit = np.array([not all(fits[a:b]) for a, b in pairwise(starts)], dtype=bool)
    uses_cost = np.array([any(c.kind == "cost" for c in criteria) for criteria in sets], dtype=bool)
    formula, weight, below, scale, minimum, first, second = np.ascontiguousarray(columns.T)
    return Rules(
        codes, starts.astype(np.int64), formula, weight, below, scale, minimum, first, second, uses_cost, unfit
    )


def _row(criterion: Criterion) -> tuple[int, ...]:
    weight = criterion.weight
    first, second = _parameters(criterion)
    return (
        FORMULAS.get(criterion.formula, FITS),
        weight.numerator,
        weight.denominator,
        _units(criterion.scale, -1),
        -1 if criterion.scale is None else _units(criterion.minimum, 0),
        first,
        second,
    )


def _units(mark: Fraction | None, otherwise: int) -> int:
    return otherwise if mark is None else int(mark * 10**MARK_DECIMALS)


def _parameters(criterion: Criterion) -> tuple[int, int]:
    if criterion.formula == "absolute_linear":
        return _cents(criterion.params["ceiling"]), _cents(criterion.params["floor_price"])
    return int(criterion.formula == "linear_lowest" and criterion.params.get("floor") == "no"), 0


def _cents(price: Fraction) -> int:
    """In cents; a price with more decimals does not fit."""
    cents = price * 100
    return int(cents) if cents.denominator == 1 else FITS
