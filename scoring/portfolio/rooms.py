"""The room of every winner of a scenario, with the policy and without, to the cent: halving in all lots at once.

Raising one's price never helps (`room` says why), so between a raise that wins and one that loses each answer halves
what is left. What a kernel is in doubt about, and lots that do not fit one, the engine answers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.portfolio.columns import columns_of
from scoring.portfolio.kernels import NOBODY
from scoring.portfolio.rivals import Rivals
from scoring.portfolio.room import DEAREST
from scoring.portfolio.scenario import Scenario
from scoring.portfolio.sweep import Study

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
FIRST_STEP = 64  # the first raise asked for is this part of the price
FITS = float(2**62)
STRIDE = 4  # and each one that wins is followed by one so many times as far


@dataclass(frozen=True, eq=False)
class Rooms:
    """Per lot by how many cents its winner could raise its price and still win, 0 where it does not win.

    Where a room is without end (the dearest price of an archive still wins) its cents are 0 and it is said apart.
    """

    won: Bools
    with_policy: Ints
    without: Ints
    endless_with: Bools
    endless_without: Bools

    @property
    def unbounded(self) -> Bools:
        """Lots whose winner has room without end, with the policy or without: it has no rent."""
        return self.endless_with | self.endless_without

    @property
    def rents(self) -> Ints:
        """What the policy adds to the room, 0 where it has no end."""
        return np.where(self.unbounded, 0, self.with_policy - self.without)

    def rents_by(self, groups: Ints, count: int) -> list[int]:
        """The sum of the rents of each of so many groups of lots, whether or not it fits 64 bits."""
        rents = self.rents
        fits = float(np.abs(rents).sum(dtype=np.float64)) < FITS
        sums = np.zeros(count, dtype=np.int64 if fits else object)
        np.add.at(sums, groups, rents if fits else rents.astype(object))
        return list(sums.tolist())


def rooms_of(study: Study, scenario: Scenario, winners: Ints, *, heed: Callable[[], None] = lambda: None) -> Rooms:
    """The rooms of those who win under a scenario. `heed` is called before each halving."""
    policy = scenario.policy(study.policy)
    with_policy, endless_with = _last_raises(
        Rivals(study.prepared(scenario).columns, policy, winners, local_area=study.local_area), heed
    )
    without, endless_without = _last_raises(Rivals(columns_of(study.facts, None), None, winners), heed)
    return Rooms(winners != NOBODY, with_policy, without, endless_with, endless_without)


def _last_raises(rivals: Rivals, heed: Callable[[], None]) -> tuple[Ints, Bools]:
    """Per lot the last raise that wins, and whether there is none."""
    wins = np.zeros(len(rivals.winners), dtype=np.int64)
    most = DEAREST - rivals.price
    loses = most + 1  # nothing is known to lose
    found = rivals.win(wins, rivals.won)
    loses[~found] = 1
    step = np.maximum(rivals.price // FIRST_STEP, 1)
    active = found & rivals.contested
    while active.any():
        heed()
        unknown = loses > most
        raises = np.where(unknown, np.minimum(wins + step, most), (wins + loses) // 2)
        step = np.where(unknown, np.minimum(step * STRIDE, DEAREST), step)
        found = rivals.win(raises, active)
        wins = np.where(active & found, raises, wins)
        loses = np.where(active & ~found, raises, loses)
        active &= loses - wins > 1
    endless = rivals.won & ((wins == most) | ~rivals.contested)
    return np.where(endless, 0, wins), endless
