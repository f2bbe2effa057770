"""How often each bid wins over a box of amounts, sampled: each sample is exact, the error of the shares stated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from scoring.numbers import fixed
from scoring.portfolio.kernels import NOBODY
from scoring.portfolio.problems import BadScenario
from scoring.portfolio.scenario import Scenario
from scoring.portfolio.sweep import Study
from scoring.problems import gettext_noop

Ints = NDArray[np.int64]
DECIMALS = 6  # of a sampled amount
CONFIDENCE = 0.95


@dataclass(frozen=True, eq=False)
class Shares:
    """Per bid how many samples it won; `error` bounds the error of such a share, 19 times out of 20 (Hoeffding)."""

    samples: int
    seed: int
    wins: Ints

    @property
    def error(self) -> float:
        return sqrt(log(2 / (1 - CONFIDENCE)) / (2 * self.samples))


def sample(study: Study, box: Mapping[str, tuple[Fraction, Fraction]], *, samples: int, seed: int) -> Shares:
    """Win counts over `samples` points drawn evenly from the box: by path the lowest and the highest value.

    Raises BadScenario when a range goes backwards or a path leads to nothing.
    """
    for path, (low, high) in box.items():
        if low > high:
            raise BadScenario(
                gettext_noop("%(path)s is to go from %(low)s to %(high)s: that range goes backwards."),
                path=path,
                low=low,
                high=high,
            )
    points = np.random.Generator(np.random.PCG64(seed)).random((samples, len(box)))
    scenarios = [
        Scenario(
            {path: _between(low, high, part) for (path, (low, high)), part in zip(box.items(), point, strict=True)}
        )
        for point in points
    ]
    baseline = study.baseline.winners
    wins = np.zeros(study.snapshot.bids, dtype=np.int64)
    won = baseline != NOBODY
    wins[baseline[won]] = samples
    for answers in study.answers(scenarios):
        before = baseline[answers.lots]
        np.subtract.at(wins, before[before != NOBODY], 1)
        np.add.at(wins, answers.bids[answers.bids != NOBODY], 1)
    return Shares(samples, seed, wins)


def _between(low: Fraction, high: Fraction, part: float) -> str:
    return fixed(low + (high - low) * Fraction(part), DECIMALS)
