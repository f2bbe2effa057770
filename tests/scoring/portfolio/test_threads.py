"""One study asked by several threads at once: each gets what it would have got alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench import archive
from scoring.portfolio.scenario import Scenario
from scoring.portfolio.snapshot import Snapshot
from scoring.portfolio.sweep import Study

SHARES, CARBON = "measures.european.driver", "indicators.co2e.weight"
QUESTIONS = [
    [Scenario({"measures.european.amount": str(amount), SHARES: driver, CARBON: weight}) for amount in range(count)]
    for driver in ("european_share", "environment")
    for weight in ("1", "2")
    for count in (1, 3, 20)
]


def test_threads_that_share_a_study_do_not_mix_their_figures_and_certificates(tmp_path: Path) -> None:
    path = tmp_path / "archive.parquet"
    archive.write(path, 300, 1_500, seed=3)
    alone = Study(Snapshot.read(path), archive.POLICY)
    expected = [alone.run(question) for question in QUESTIONS]
    shared = Study(Snapshot.read(path), archive.POLICY)
    with ThreadPoolExecutor(4) as threads:
        for _again in range(5):
            assert list(threads.map(shared.run, QUESTIONS)) == expected
