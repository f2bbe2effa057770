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
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numba import njit

from bench import archive
from scoring.policy import Policy
from scoring.portfolio.buckets import BLOCK, Even, Uneven
from scoring.portfolio.curve import step_curve
from scoring.portfolio.scenario import Scenario
from scoring.portfolio.snapshot import Snapshot
from scoring.portfolio.sweep import Study
from scoring.portfolio.winners import Prepared

LOTS, BIDS, SCENARIOS, ROUNDS = 200_000, 1_000_000, 1_000, 5
TIED_LOTS, GRID_LOTS = 100_000, 12_000
ALONE = 10  # of so many scenarios one is checked alone too
FEW = 3  # scenarios for the contenders that take longest; their time is one of them
EUROPEAN, GREEN = "measures.european.amount", "measures.green.amount"


def main() -> int:
    """Measure and print the table."""
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.parquet"
        archive.write(path, LOTS, BIDS, seed=1)
        met = [exactness(Path(folder)), *sweeps(path), memory(path)]
    return 0 if all(met) else 1


def say(what: str, found: str, ratio: float, target: float, *, most: bool = False) -> bool:
    """Print a row of the table; whether it meets its target."""
    met = ratio <= target if most else ratio >= target
    sign = "at most" if most else "at least"
    print(f"{what:<48} {found:<44} {ratio:8.2f}   {sign} {target:g}   {'' if met else 'MISSED'}", flush=True)
    return met


def in_turns(*contenders: Callable[[], Any], rounds: int = ROUNDS) -> list[list[float]]:
    """Seconds of the processor of each contender in each round, one after the other; a first round warms up."""
    taken: list[list[float]] = [[] for _ in contenders]
    for turn in range(rounds + 1):
        for which, contender in enumerate(contenders):
            start = time.process_time()
            contender()
            if turn:
                taken[which].append(time.process_time() - start)
    return taken


def ratio(one: list[float], other: list[float]) -> float:
    """The median of one ÷ other, round by round."""
    return statistics.median(a / b for a, b in zip(one, other, strict=True))


def grid(count: int) -> list[Scenario]:
    """Amounts on a coarse grid, where products end on the boundary of a rounding as often as can be."""
    return [Scenario({EUROPEAN: f"{place % 40 * 0.25}", GREEN: f"{place // 40 * 0.25}"}) for place in range(count)]


def whole_units(study: Study) -> tuple[Any, ...]:
    """Per bid: units of criteria, hundredths of the two drivers, place when totals are equal, and its lot."""
    columns = study.prepared(Scenario()).columns
    drivers = [np.rint(coded.floats() * 100).astype(np.int64) for coded in columns.coefficients]
    return columns.units, *drivers, columns.place, study.snapshot.lot_of_bid


def totals(units: Any, share: Any, green: Any, european_amount: int, green_amount: int, cap: int) -> Any:
    """Exact, in units of a hundredth: amounts are whole units, drivers hundredths."""
    bonus = (2 * european_amount * share + 100) // 200 + (2 * green_amount * green + 100) // 200
    return units + np.minimum(bonus, cap)


def exactness(folder: Path) -> bool:
    """Lots of exact ties, lots on a coarse grid: winners against whole numbers, then the time of being certain."""
    met = []
    for what, lots, tied in (("exact ties", TIED_LOTS, True), ("coarse grids", GRID_LOTS, False)):
        path = folder / "exact.parquet"
        archive.write(path, lots, 5 * lots, seed=2, tied=tied)
        study = Study(Snapshot.read(path), archive.POLICY)
        scenarios = grid(FEW * 20 if tied else SCENARIOS)
        policies = read(scenarios)
        wrong = _wrong(study, scenarios)
        assert not wrong, f"{wrong} winners are wrong"
        certain, quick, floats = in_turns(
            lambda: _sweep(study, policies),  # noqa: B023 – called in this turn of the loop
            lambda: _first_of_ties(study, policies),  # noqa: B023 – called in this turn of the loop
            lambda: _plain(study, policies),  # noqa: B023 – called in this turn of the loop
        )
        said = f"{lots * len(scenarios):,} lot-scenarios, {wrong} wrong"
        met.append(say(f"certain against the first of ties, {what}", said, ratio(certain, quick), 1.5, most=True))
        met.append(say(f"certain against plain floats, {what}", said, ratio(certain, floats), 1.5, most=True))
    return all(met)


def _wrong(study: Study, scenarios: list[Scenario]) -> int:
    """How many winners differ from those by whole numbers, all scenarios together and some of them one by one."""
    units, share, green, place, lot_of = whole_units(study)
    together = np.tile(study.baseline.winners, (len(scenarios), 1))
    for answers in study.answers(scenarios):
        together[answers.scenarios, answers.lots] = answers.bids
    wrong = 0
    for row, scenario in enumerate(scenarios):
        amounts = [int(Fraction(scenario.changes[path]) * 100) for path in (EUROPEAN, GREEN)]
        key = totals(units, share, green, *amounts, 800) * 1024 - place
        best = np.maximum.reduceat(key, study.snapshot.offsets[:-1])
        leads = key == best[lot_of]
        alone = np.add.reduceat(leads.astype(np.int64), study.snapshot.offsets[:-1]) == 1
        expected = np.where(
            alone, np.flatnonzero(leads)[np.cumsum(np.bincount(lot_of, leads).astype(np.int64)) - 1], -1
        )
        wrong += int((together[row] != expected).sum())
        if not row % ALONE:
            wrong += int((study.winners(scenario) != expected).sum())
    return wrong


def read(scenarios: list[Scenario]) -> list[Policy]:
    """The policies of scenarios."""
    return [scenario.policy(archive.POLICY) for scenario in scenarios]


def _sweep(study: Study, policies: list[Policy]) -> int:
    """The kernel over every lot of several bids."""
    return _answered(study, policies, study.prepared(Scenario()).gathered.buckets)


def _first_of_ties(study: Study, policies: list[Policy]) -> int:
    """The same tables, by somebody who takes the first of equal bids and does not look for another."""
    return _answered(study, policies, _careless(study.prepared(Scenario())))


def _answered(study: Study, policies: list[Policy], buckets: Iterable[Even | Uneven]) -> int:
    amounts = study.prepared(Scenario()).amounts(policies, 2)
    return sum(len(found.lots) for bucket in buckets for found in bucket.answers(amounts, study.baseline.winners))


@cache
def _careless(prepared: Prepared) -> list[Even]:
    return [replace(bucket, twins=False) for bucket in prepared.gathered.buckets if isinstance(bucket, Even)]


@njit(nogil=True, error_model="numpy")
def _plain_floats(units: Any, coefficients: Any, amounts: Any, caps: Any, start: int, size: int, counts: Any) -> None:
    """The same rule in floats without a word about their error: the first of the highest totals."""
    best, leader, bonus = np.empty(size), np.empty(size, dtype=np.int64), np.empty(size)
    for scenario in range(len(caps)):
        best[:] = -np.inf
        for bid in range(units.shape[0]):
            bonus[:] = 0.0
            for measure in range(coefficients.shape[0]):
                amount, column = amounts[scenario, measure], coefficients[measure, bid, start : start + size]
                for lot in range(size):
                    product = amount * column[lot]
                    bonus[lot] += np.copysign(np.floor(abs(product) + 0.5), product)
            row = units[bid, start : start + size]
            for lot in range(size):
                total = row[lot] + min(bonus[lot], caps[scenario])
                leader[lot] = bid if total > best[lot] else leader[lot]
                best[lot] = max(total, best[lot])
        for lot in range(size):
            counts[scenario] += leader[lot] != 0


def _plain(study: Study, policies: list[Policy]) -> None:
    prepared = study.prepared(Scenario())
    counts = np.zeros(len(policies), dtype=np.int64)
    amounts = prepared.amounts(policies, 2)
    for bucket in prepared.gathered.buckets:
        if isinstance(bucket, Even):
            units = np.ceil(bucket.keys / bucket.unit)
            for start in range(0, len(bucket.lots), BLOCK):
                size = min(BLOCK, len(bucket.lots) - start)
                _plain_floats(units, bucket.coefficients, amounts.amounts, amounts.caps, start, size, counts)


def sweeps(path: Path) -> list[bool]:
    """The sweep against pandas and numpy, one scenario against a read of the data, the step curve against the sweep."""
    study = Study(Snapshot.read(path), archive.POLICY)
    scenarios = grid(SCENARIOS)
    parts, place = components(study)
    lot_of = study.snapshot.lot_of_bid
    several = np.flatnonzero(np.bincount(lot_of)[lot_of] > 1)
    frame = pd.DataFrame({"lot": lot_of[several], "key": 0.0})
    of_several, place_of_several = parts[:, several], place[several]
    sizes = _by_size(study, parts, place)

    def with_pandas() -> None:
        for scenario in scenarios[:FEW]:
            frame["key"] = keys(of_several, weights(scenario), place_of_several)
            frame.groupby("lot", sort=False)["key"].idxmax()

    def with_numpy() -> None:
        for scenario in scenarios[:FEW]:
            for own, own_place in sizes:
                keys(own, weights(scenario), own_place).argmax(axis=0)

    assert not _wrong(study, scenarios[:: SCENARIOS // 20]), "the sweep is wrong"
    swept, pandas, numpy = in_turns(lambda: _sweep(study, read(scenarios)), with_pandas, with_numpy)
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


def components(study: Study) -> tuple[Any, Any]:
    """The unrounded parts of every bid per unit of weight, six criteria and two drivers; its place when totals tie."""
    columns, facts = study.prepared(Scenario()).columns, study.facts
    lowest = np.minimum.reduceat(facts.price, study.snapshot.offsets[:-1])[study.snapshot.lot_of_bid]
    marks = facts.marks.reshape(-1, 5).T / 10.0**13
    drivers = [coded.floats() for coded in columns.coefficients]
    return np.array([lowest / facts.price, *marks, *drivers]), columns.place


def weights(scenario: Scenario) -> list[float]:
    """Of the criteria, then the amounts of the scenario."""
    criteria = [float(criterion["weight"]) for criterion in archive.CRITERIA]
    return [*criteria, *(float(Fraction(scenario.changes[path])) for path in (EUROPEAN, GREEN))]


def keys(parts: Any, weights: list[float], place: Any) -> Any:
    """The rule as one writes it for columns: each part rounded to hundredths, the bonus capped, places after totals."""
    rounded = [np.floor(weight * part * 100 + 0.5) for weight, part in zip(weights, parts, strict=True)]
    return (sum(rounded[:6]) + np.minimum(rounded[6] + rounded[7], 800)) * 1024 - place


def _by_size(study: Study, parts: Any, place: Any) -> list[tuple[Any, Any]]:
    """The same columns for numpy: of the lots of each size tables of bids by lots."""
    counts = np.diff(study.snapshot.offsets)
    tables = []
    for size in np.unique(counts[counts > 1]):
        bids = study.snapshot.offsets[:-1][counts == size] + np.arange(size)[:, None]
        tables.append((np.ascontiguousarray(parts[:, bids]), place[bids]))
    return tables


def one_scenario(study: Study) -> bool:
    """Against one read of what it needs of every bid as plain numbers: units and two coefficients, eight bytes each."""
    prepared = study.prepared(Scenario())
    arrays = [each for b in prepared.gathered.buckets if isinstance(b, Even) for each in (b.keys, b.coefficients)]
    scenarios = [Scenario({EUROPEAN: "3.25"})]
    policies = read(scenarios)
    one, once, policy = in_turns(
        lambda: _sweep(study, policies),
        lambda: [array.sum() for array in arrays],
        lambda: read(scenarios),
        rounds=25,
    )
    size = sum(array.nbytes for array in arrays)
    own, apart = (statistics.median(seconds) * 1e3 for seconds in (one, policy))
    said = f"{own:.2f} ms, its policy {apart:.2f}, read {size / statistics.median(once) / 1e9:.1f} GB/s"
    return say("one scenario against one read of the data", said, ratio(one, once), 3, most=True)


def curve(study: Study) -> bool:
    """The exact curve of one amount over its range, against the sweep at 1,000 values of it."""
    prepared, policy = study.prepared(Scenario()), Scenario().policy(archive.POLICY)
    values = [Scenario({EUROPEAN: f"{place / 100:.2f}"}) for place in range(SCENARIOS)]
    policies = read(values)
    found = step_curve(prepared, policy, "european", Fraction(0), Fraction(10))
    for scenario in values[:: SCENARIOS // 10]:
        winners = found.winners.copy()
        upto = np.searchsorted(found.tops / found.bottoms, float(scenario.changes[EUROPEAN]), side="right")
        for switch in range(upto):
            winners[found.lots[switch]] = found.bids[switch]
        assert (winners == study.winners(scenario)).all(), "the curve is wrong"
    exact, swept = in_turns(
        lambda: step_curve(prepared, policy, "european", Fraction(0), Fraction(10)), lambda: _sweep(study, policies)
    )
    said = f"{statistics.median(exact) * 1e3:.0f} ms, {len(found.lots):,} switches"
    return say("step curve against the sweep at 1,000 values", said, ratio(swept, exact), 2)


@njit(error_model="numpy", fastmath={"contract"})
def _multiply_adds(rounds: int, x: Any, y: Any) -> float:
    """Independent chains of multiply-adds, wide enough to fill the units."""
    for _ in range(rounds):
        for lane in range(x.shape[0]):
            x[lane] = x[lane] * y[lane] + y[lane]
            x[lane] = x[lane] * y[lane] + y[lane]
            x[lane] = x[lane] * y[lane] + y[lane]
            x[lane] = x[lane] * y[lane] + y[lane]
            x[lane] = x[lane] * y[lane] + y[lane]
            x[lane] = x[lane] * y[lane] + y[lane]
            x[lane] = x[lane] * y[lane] + y[lane]
            x[lane] = x[lane] * y[lane] + y[lane]
    return float(x.sum())


def multiply_adds() -> float:
    """Fused multiply-adds a second of one core, on numbers that stay near it."""
    x, y = np.full(512, 1.0), np.full(512, 0.5)
    _multiply_adds(1, x, y)
    taken = []
    for _ in range(ROUNDS):
        start = time.process_time()
        _multiply_adds(100_000, x, y)
        taken.append(time.process_time() - start)
    return 100_000 * 512 * 8 / min(taken)


def memory(path: Path) -> bool:
    """The peak of a process that reads the snapshot and sweeps, less what the program takes without one."""
    peaks = []
    for scenarios in (0, SCENARIOS):
        code = f"from bench.portfolio import worker; worker({str(path)!r}, {scenarios})"
        told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
        peaks.append(float(told))
    size = pq.read_table(path).nbytes / 2**20
    said = f"{peaks[1] - peaks[0]:.0f} MB beside {peaks[0]:.0f} of the program, its columns {size:.0f} MB"
    return say("peak memory of a worker against the snapshot", said, (peaks[1] - peaks[0]) / size, 3, most=True)


def worker(path: str, scenarios: int) -> None:
    """What `memory` measures: prints the most this process ever held, in MB."""
    if scenarios:
        Study(Snapshot.read(Path(path)), archive.POLICY).run(grid(scenarios))
    status = Path("/proc/self/status").read_text()
    print(next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")))


if __name__ == "__main__":
    sys.exit(main())
