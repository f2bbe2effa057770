"""How fast an archive is replayed: `python -m bench.portfolio`, every result checked before it is timed.

One process, one thread, the contenders in turns; medians and ratios. All of them compute the same rule on the same
numbers: points of criteria in whole units, two measures rounded to two decimals, a cap, ties by place. The machine's
limits are measured in the same run. Times are of the processor, which other work on the machine stretches less than
those of the clock. Exits 1 when a target is missed.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import tempfile
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd

from bench import archive
from bench.asked import EUROPEAN, along, grid, read, weights
from bench.by_column import by_size, components, keys, plain_floats
from bench.limits import memory, multiply_adds
from bench.turns import in_turns, ratio, say
from bench.winners import first_of_ties, sweep, wrong
from scoring.portfolio.buckets import Even
from scoring.portfolio.curve import Curve, step_curve
from scoring.portfolio.scenario import Scenario
from scoring.portfolio.snapshot import Snapshot
from scoring.portfolio.sweep import Study

LOTS, BIDS, SCENARIOS = 200_000, 1_000_000, 1_000
TIED_LOTS, GRID_LOTS = 100_000, 12_000
FEW = 3  # scenarios for the contenders that take longest; their time is one of them
VALUES = 10_000  # of one amount
TOGETHER = 50  # values whose winners are held at once


def main() -> int:
    """Measure and print the table."""
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.parquet"
        archive.write(path, LOTS, BIDS, seed=1)
        met = [exactness(Path(folder)), *sweeps(path), memory(path, SCENARIOS)]
    return 0 if all(met) else 1


def exactness(folder: Path) -> bool:
    """Lots of exact ties, lots on a coarse grid: winners against whole numbers, then the time of being certain."""
    met = []
    for what, lots, tied in (("exact ties", TIED_LOTS, True), ("coarse grids", GRID_LOTS, False)):
        path = folder / "exact.parquet"
        archive.write(path, lots, 5 * lots, seed=2, tied=tied)
        study = Study(Snapshot.read(path), archive.POLICY)
        scenarios = grid(FEW * 20 if tied else SCENARIOS)
        policies = read(scenarios)
        differing = wrong(study, scenarios)
        assert not differing, f"{differing} winners are wrong"
        certain, quick, floats = in_turns(
            lambda: sweep(study, policies),  # noqa: B023 – called in this turn of the loop
            lambda: first_of_ties(study, policies),  # noqa: B023 – called in this turn of the loop
            lambda: plain_floats(study, policies),  # noqa: B023 – called in this turn of the loop
        )
        said = f"{lots * len(scenarios):,} lot-scenarios, {differing} wrong"
        met.append(say(f"certain against the first of ties, {what}", said, ratio(certain, quick), 1.5, most=True))
        met.append(say(f"certain against plain floats, {what}", said, ratio(certain, floats), 1.5, most=True))
    return all(met)


def sweeps(path: Path) -> list[bool]:
    """The sweep against pandas and numpy, one scenario against a read of the data, the step curve against the sweep."""
    study = Study(Snapshot.read(path), archive.POLICY)
    scenarios = grid(SCENARIOS)
    parts, place = components(study)
    lot_of = study.snapshot.lot_of_bid
    several = np.flatnonzero(np.bincount(lot_of)[lot_of] > 1)
    frame = pd.DataFrame({"lot": lot_of[several], "key": 0.0})
    of_several, place_of_several = parts[:, several], place[several]
    sizes = by_size(study, parts, place)

    def with_pandas() -> None:
        for scenario in scenarios[:FEW]:
            frame["key"] = keys(of_several, weights(scenario), place_of_several)
            frame.groupby("lot", sort=False)["key"].idxmax()

    def with_numpy() -> None:
        for scenario in scenarios[:FEW]:
            for own, own_place in sizes:
                keys(own, weights(scenario), own_place).argmax(axis=0)

    assert not wrong(study, scenarios[:: SCENARIOS // 20]), "the sweep is wrong"
    swept, pandas, numpy = in_turns(lambda: sweep(study, read(scenarios)), with_pandas, with_numpy)
    each = [seconds / SCENARIOS for seconds in swept]
    met = []
    for name, times, target in (("pandas groupby-idxmax", pandas, 100), ("numpy by size of lot", numpy, 10)):
        one = [seconds / FEW for seconds in times]
        said = f"{statistics.median(each) * 1e3:.3f} against {statistics.median(one) * 1e3:.1f} ms a scenario"
        met.append(say(f"sweep against {name}", said, ratio(one, each), target))
    limit = multiply_adds()
    products = parts.size
    part = products / limit / statistics.median(each)
    print(
        f"{'part of the multiply-adds, 8 a bid':<48} {f'{limit / 1e9:.0f} thousand million a second':<44} {part:8.2f}"
    )
    return [*met, one_scenario(study), curve(study)]


def one_scenario(study: Study) -> bool:
    """Against one read of what it needs of every bid as plain numbers: units and two coefficients, eight bytes each."""
    prepared = study.prepared(Scenario())
    arrays = [each for b in prepared.gathered.buckets if isinstance(b, Even) for each in (b.keys, b.coefficients)]
    scenarios = [Scenario({EUROPEAN: "3.25"})]
    policies = read(scenarios)
    one, once, policy = in_turns(
        lambda: sweep(study, policies),
        lambda: [array.sum() for array in arrays],
        lambda: read(scenarios),
        rounds=25,
    )
    size = sum(array.nbytes for array in arrays)
    own, apart = (statistics.median(seconds) * 1e3 for seconds in (one, policy))
    said = f"{own:.2f} ms, its policy {apart:.2f}, read {size / statistics.median(once) / 1e9:.1f} GB/s"
    return say("one scenario against one read of the data", said, ratio(one, once), 3, most=True)


def curve(study: Study) -> bool:
    """The exact curve of one amount over its range, against sweeps over values of it."""
    prepared, policy = study.prepared(Scenario()), Scenario().policy(archive.POLICY)
    found = step_curve(prepared, policy, "european", Fraction(0), Fraction(10))
    require_same(study, found, along(SCENARIOS))
    few, many = read(along(SCENARIOS)), read(along(VALUES))
    exact, swept, swept_many = in_turns(
        lambda: step_curve(prepared, policy, "european", Fraction(0), Fraction(10)),
        lambda: sweep(study, few),
        lambda: sweep(study, many),
    )
    said = f"{statistics.median(exact) * 1e3:.0f} ms, {len(found.lots):,} switches"
    met = say("step curve against the sweep, 1,000 values", said, ratio(swept, exact), 2)
    print(f"{'the same, 10,000 values':<48} {said:<44} {ratio(swept_many, exact):8.2f}")
    return met


def require_same(study: Study, found: Curve, scenarios: list[Scenario]) -> None:
    """Winners by the curve and by the sweep, at every value."""
    winners, positions, switch = found.winners.copy(), found.tops / found.bottoms, 0
    for first in range(0, len(scenarios), TOGETHER):
        part = scenarios[first : first + TOGETHER]
        swept = np.tile(study.baseline.winners, (len(part), 1))
        for answers in study.answers(part):
            swept[answers.scenarios, answers.lots] = answers.bids
        for row, scenario in zip(swept, part, strict=True):
            upto = int(np.searchsorted(positions, float(scenario.changes[EUROPEAN]), side="right"))
            for each in range(switch, upto):
                winners[found.lots[each]] = found.bids[each]
            switch = upto
            assert (winners == row).all(), f"the curve is wrong at {scenario.changes[EUROPEAN]}"


if __name__ == "__main__":
    sys.exit(main())
