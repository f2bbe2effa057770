"""Lots of several contenders, one after the other: what is left to score once all others are settled for a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.portfolio.buckets import FOREIGN, Codes, Even, Numbers, Rows
from scoring.portfolio.contenders import narrow
from scoring.portfolio.kernels import NOBODY

Ints = NDArray[np.int64]
Ends = tuple[Numbers, Numbers, int, int]  # as of `Tables.ends`


@dataclass(frozen=True, eq=False)
class Contests:
    """Contenders of lots while amounts move within bounds; those of lot i stand from starts[i] to starts[i + 1].

    bases, codes and places are those of `buckets.Even`, bids in the order of their places. Lots of one contender are
    `settled`, by these `winners`, and not among the others.
    """

    settled: Numbers
    winners: Numbers
    lots: Numbers
    starts: Ints
    bids: Numbers
    bases: Numbers
    codes: Codes
    places: Rows

    @classmethod
    def of(cls, buckets: Sequence[Even], ends: Ends) -> Contests:
        """Every lot of the buckets, which have codes of one kind, with its contenders."""
        count = sum(len(bucket.lots) for bucket in buckets)
        room = sum(bucket.bids.size for bucket in buckets)
        known = [bucket.codes for bucket in buckets if bucket.codes is not None]
        starts = np.zeros(count + 1, dtype=np.int64)
        settled, winners, lots = (np.empty(count, np.int32) for _ in range(3))
        bids, bases, places = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int16)
        codes = np.empty((len(known[0]), room), known[0].dtype)
        several = alone = 0
        for bucket, own in zip(buckets, known, strict=True):
            several, alone = narrow(
                bucket.bases, own, bucket.places, bucket.bids, bucket.lots, *ends,
                starts, lots, bids, bases, codes, places, settled, winners, several, alone,
            )  # fmt: skip
        end = starts[several]
        whole = np.ascontiguousarray(codes[:, :end])  # kernels are compiled for no other
        return cls(
            settled[:alone], winners[:alone], lots[:several], starts[: several + 1], bids[:end], bases[:end], whole,
            places[:end],
        )  # fmt: skip

    @property
    def counts(self) -> Ints:
        """How many contenders each lot has."""
        return np.diff(self.starts)

    def rows_of(self, winners: Ints) -> Rows:
        """Of each lot which contender its winner is, counted from 0; -1 for nobody, `FOREIGN` for another bid."""
        counts = self.counts
        own = winners[self.lots]
        rows = np.where(own == NOBODY, NOBODY, FOREIGN)
        lot_of = np.repeat(np.arange(len(counts)), counts)
        found = np.flatnonzero(self.bids == own[lot_of])
        rows[lot_of[found]] = found - self.starts[lot_of[found]]
        return rows.astype(np.int16)
