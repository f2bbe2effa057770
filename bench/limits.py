"""What the machine and the program take: multiply-adds a second of one core, and the peak memory of a worker."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numba import njit

from bench import archive
from bench.asked import grid
from bench.turns import ROUNDS, say
from scoring.portfolio.snapshot import Snapshot
from scoring.portfolio.sweep import Study


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


def memory(path: Path, scenarios: int) -> bool:
    """The peak of a process that reads the snapshot and sweeps, less what the program takes without one."""
    peaks = []
    for asked in (0, scenarios):
        code = f"from bench.limits import worker; worker({str(path)!r}, {asked})"
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
