"""Lots whose leader may change while one amount rises, their bids one after the other: what `staircase` walks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.portfolio.buckets import Even, Numbers, Rows
from scoring.portfolio.contests import Contests
from scoring.portfolio.tables import Tables

Ints = NDArray[np.int64]
FIRST = 0  # of the two policies of a range: the one at its start


@dataclass(frozen=True, eq=False)
class Courses:
    """The bids of lot i stand from starts[i] to starts[i + 1], in the order of their places.

    bases: points of criteria, counted from any number of their lot; others: points of the other measures; own: those of
    the rising one at the start of the range; all in units. numerators: of its coefficients, over one denominator.
    """

    lots: Numbers
    starts: Ints
    bids: Numbers
    bases: Ints
    others: Ints
    own: Ints
    numerators: Ints
    places: Rows

    @classmethod
    def of_contests(cls, contests: Contests, tables: Tables, row: int, numerators: Ints) -> Courses:
        """Lots of several contenders; `tables` are of the policies at the ends of the range, the measure in `row`."""
        codes = contests.codes
        points = tables.points[:, FIRST].astype(np.int64)
        others = np.zeros(codes.shape[1], dtype=np.int64)
        for other in range(len(codes)):
            if other != row:
                others += points[other][codes[other]]
        return cls(
            lots=contests.lots,
            starts=contests.starts,
            bids=contests.bids,
            bases=contests.bases.astype(np.int64),
            others=others,
            own=points[row][codes[row]],
            numerators=numerators[codes[row]],
            places=contests.places,
        )

    @classmethod
    def of_columns(
        cls, bucket: Even, marked: NDArray[np.bool_], bases: Ints, others: Ints, own: Ints, numerators: Ints
    ) -> Courses:
        """The marked bids of a bucket, all (n, lots)."""
        counts, chosen = marked.sum(axis=0), marked.T
        some = counts > 0
        return cls(
            lots=bucket.lots[some],
            starts=np.concatenate([[0], np.cumsum(counts[some])]),
            bids=bucket.bids.T[chosen],
            bases=bases.T[chosen],
            others=others.T[chosen],
            own=own.T[chosen],
            numerators=numerators.T[chosen],
            places=bucket.places.T[chosen],
        )
