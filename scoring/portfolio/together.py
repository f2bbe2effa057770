"""Winners of lots whose measures add points, under many scenarios at once.

Three sieves, each exact (`contenders`): over all scenarios asked for most bids cannot lead, and lots of one contender
are settled; over the scenarios of one batch, which lie near each other, most of the others are. What is left is scored
under each scenario (`leaders`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.portfolio import leaders
from scoring.portfolio.amounts import Amounts
from scoring.portfolio.buckets import Answers, Even, Numbers, Uneven
from scoring.portfolio.contests import Contests
from scoring.portfolio.tables import Tables

Ints = NDArray[np.int64]
Masks = NDArray[np.uint64]
FEW = 6  # scenarios are scored one by one; more go side by side


@dataclass(frozen=True, eq=False)
class Shared:
    """Winners other than the baseline's under some scenarios of a batch: lots, bids (or `NOBODY`) and masks.

    Bit i of a mask says that it is so under scenario `members[i]`. The columns may be written over by the next ones.
    """

    members: Ints
    lots: Numbers
    bids: Numbers
    masks: Masks

    def apart(self) -> Answers:
        """One by one."""
        bits = np.unpackbits(self.masks.astype("<u8").view(np.uint8).reshape(-1, 8), axis=1, bitorder="little")
        rows, lanes = np.nonzero(bits)
        return Answers(self.members[lanes].astype(np.int32), self.lots[rows], self.bids[rows])


def answers(buckets: Sequence[Even | Uneven], amounts: Amounts, baseline: Ints) -> Iterator[Answers | Shared]:
    """Of lots of one number of decimals; `baseline`: the bid that won each lot of the snapshot, or nobody."""
    shared = [bucket for bucket in buckets if isinstance(bucket, Even) and _shares(bucket, amounts)]
    if shared and amounts.tables is not None:
        yield from _shared(shared, amounts.tables, baseline)
    for bucket in buckets:
        if bucket not in shared:
            yield from bucket.answers(amounts, baseline)


def _shares(bucket: Even, amounts: Amounts) -> bool:
    tables = amounts.tables if amounts.scenarios >= FEW and bucket.codes is not None else None
    return tables is not None and tables.word(bucket.shift) is not None


def _shared(buckets: Sequence[Even], tables: Tables, baseline: Ints) -> Iterator[Shared]:
    """Who can lead at all, and who leads under each batch."""
    contests = Contests.of(buckets, tables.ends(np.arange(len(tables.caps))))
    return _scored(contests, tables, baseline)


def _scored(contests: Contests, tables: Tables, baseline: Ints) -> Iterator[Shared]:
    """The winners of lots whose contenders are known, batch by batch; `tables` hold their totals."""
    batches = tables.batches
    changed = contests.winners != baseline[contests.settled]
    lots, bids = contests.settled[changed], contests.winners[changed]
    shifts = _shifts(contests.counts)
    groups = [(int(shift), np.flatnonzero(shifts == shift)) for shift in np.unique(shifts)]
    stands = contests.rows_of(baseline)
    room = len(lots) + len(contests.bids) + len(contests.lots)
    found_lots, found_bids = np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int32)
    masks = np.empty(room, dtype=np.uint64)
    written = len(lots)
    found_lots[:written], found_bids[:written] = lots, bids
    for members, size in zip(batches.members, batches.sizes, strict=True):
        everywhere = np.uint64(2 ** int(size) - 1)
        masks[: len(lots)] = everywhere
        written = len(lots)
        for shift, chosen in groups:
            points, caps = tables.lanes(members, shift)
            written = leaders.side_by_side(
                chosen, contests.starts, contests.bases, contests.codes, contests.places, contests.bids, contests.lots,
                stands, points, caps, -tables.span - 1, shift, everywhere, found_lots, found_bids, masks, written,
            )  # fmt: skip
        yield Shared(members[:size], found_lots[:written], found_bids[:written], masks[:written])


def _shifts(counts: Ints) -> Ints:
    """The powers of two that are no less than the counts."""
    return 2 ** np.ceil(np.log2(np.maximum(counts, 1))).astype(np.int64)
