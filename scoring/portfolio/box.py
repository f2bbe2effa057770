"""How often each bid wins over a box of amounts, sampled: each sample is exact, the error of the shares stated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from scoring.numbers import fixed
from scoring.portfolio.documents import STATIC, certificate
from scoring.portfolio.kernels import NOBODY
from scoring.portfolio.problems import BadScenario
from scoring.portfolio.sampling_error import error_of
from scoring.portfolio.scenario import Scenario
from scoring.portfolio.sweep import AT_ONCE, Study
from scoring.portfolio.winners import Certificate
from scoring.problems import gettext_noop

Ints = NDArray[np.int64]
Box = Mapping[str, tuple[Fraction, Fraction]]
SCHEMA = "bareme-box/1"
DECIMALS = 6  # of a sampled amount


@dataclass(frozen=True, eq=False)
class Shares:
    """Per bid of the archive how many samples it won."""

    study: Study
    samples: int
    seed: int
    wins: Ints
    certificate: Certificate

    @property
    def error(self) -> float:
        """What bounds the error of the share of one bid, 19 times out of 20."""
        return error_of(self.samples)

    def document(self) -> dict[str, Any]:
        """The `bareme-box/1` document, but for the hashes of what it was made from."""
        study, own = self.study, self._own()
        alone = np.maximum(self._most()[1], self.nobody) == self.samples
        steady = int((own == self.samples).sum())
        overturned = int((alone & (own != self.samples)).sum())
        return {
            "schema": SCHEMA,
            "provenance": asdict(study.snapshot.provenance),
            "options": {"local_area": study.local_area},
            "static": STATIC,
            "lots": study.baseline.lots,
            "samples": self.samples,
            "seed": self.seed,
            "certificate": certificate(self.certificate, study.baseline.lots * self.samples),
            "steady": steady,
            "overturned": overturned,
            "contested": study.baseline.lots - steady - overturned,
        }

    def table(self) -> pa.Table:
        """A row per lot, those first that keep their recorded award least often; nobody is null.

        `wins` counts the samples of each bid, in the order of the archive; `nobody`, those in which none wins.
        """
        snapshot, own = self.study.snapshot, self._own()
        most, most_wins = self._most()
        order = np.argsort(own, kind="stable")
        before = self.study.baseline.winners[order]
        of_lots = {"number": pa.array(order), "lot": snapshot.lot("id").take(pa.array(order))}
        of_lots |= {name: snapshot.lot(name).take(pa.array(order)) for name in ("hospital", "cpv")}
        of_bids = {}
        for side, bids in (("before", before), ("most", most[order])):
            taken = pa.array(bids, mask=bids == NOBODY)
            for name in ("supplier", "country"):
                of_bids[f"{side}_{name}"] = snapshot.bid(name).take(taken)
        wins = pa.ListArray.from_arrays(pa.array(snapshot.offsets, pa.int32()), pa.array(self.wins))
        counts = {"own": own[order], "most_wins": most_wins[order], "nobody": self.nobody[order]}
        place = pa.array(before - snapshot.offsets[order], mask=before == NOBODY)  # among the bids of its lot
        return pa.table({**of_lots, **of_bids, **counts, "before_place": place, "wins": wins.take(pa.array(order))})

    @property
    def nobody(self) -> Ints:
        """Per lot in how many samples nobody wins."""
        won = np.bincount(self.study.snapshot.lot_of_bid, weights=self.wins, minlength=self.study.baseline.lots)
        return self.samples - won.astype(np.int64)  # floats hold such counts exactly

    def _own(self) -> Ints:
        """Per lot how many samples end as the baseline did."""
        winners = self.study.baseline.winners
        return np.where(winners == NOBODY, self.nobody, self._wins_of(winners))

    def _most(self) -> tuple[Ints, Ints]:
        """Per lot the bid that wins most often, the first of equal ones, and how often; nobody where none ever does."""
        snapshot = self.study.snapshot
        order = np.lexsort((-self.wins, snapshot.lot_of_bid))
        starts, filled = snapshot.offsets[:-1], np.diff(snapshot.offsets) > 0
        bids = np.full(len(starts), NOBODY, dtype=np.int64)
        bids[filled] = order[starts[filled]]
        wins = self._wins_of(bids)
        bids[wins == 0] = NOBODY
        return bids, wins

    def _wins_of(self, bids: Ints) -> Ints:
        """How many samples bids win; 0 for nobody."""
        return np.append(self.wins, 0)[bids]  # the last, which is 0, for `NOBODY`, which is −1


def sample(study: Study, box: Box, *, samples: int, seed: int, heed: Callable[[], None] = lambda: None) -> Shares:
    """Win counts over `samples` points drawn evenly from the box: by path the lowest and the highest value.

    `heed` is called now and then, and may end it by raising. Raises BadScenario when a range goes backwards or a path
    leads to nothing.
    """
    for path, (low, high) in box.items():
        if low > high:
            raise BadScenario(
                gettext_noop("%(path)s is to go from %(low)s to %(high)s: that range goes backwards."),
                path=path,
                low=low,
                high=high,
            )
    scenarios = _drawn(box, samples, seed)
    baseline = study.baseline.winners
    wins = np.zeros(study.snapshot.bids, dtype=np.int64)
    won = baseline != NOBODY
    wins[baseline[won]] = samples
    known: list[Certificate] = []
    for start in range(0, samples, AT_ONCE):
        heed()
        for answers in study.answers(scenarios[start : start + AT_ONCE], certified=known.append):
            before = baseline[answers.lots]
            np.subtract.at(wins, before[before != NOBODY], 1)
            np.add.at(wins, answers.bids[answers.bids != NOBODY], 1)
    return Shares(study, samples, seed, wins, sum(known, Certificate()))


def _drawn(box: Box, samples: int, seed: int) -> list[Scenario]:
    points = np.random.Generator(np.random.PCG64(seed)).random((samples, len(box)))
    return [
        Scenario(
            {path: _between(low, high, part) for (path, (low, high)), part in zip(box.items(), point, strict=True)}
        )
        for point in points
    ]


def _between(low: Fraction, high: Fraction, part: float) -> str:
    return fixed(low + (high - low) * Fraction(part), DECIMALS)
