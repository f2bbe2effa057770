"""Kernels are compiled at set-up, all of them, and nothing is done twice."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.repository.files import ROOT

# After warming up, what a sweep, its curve and a look of an archive of ordinary size compile besides.
LEFT_OVER = """
import importlib
from pathlib import Path
from tempfile import TemporaryDirectory
from numba.core.dispatcher import Dispatcher
from bench import archive
from scoring.portfolio.look import look
from scoring.portfolio.scenario import Scenario
from scoring.portfolio.snapshot import Snapshot
from scoring.portfolio.sweep import Study
from scoring.portfolio.switches import switches
from scoring.portfolio.warming import warm

def compiled():
    names = [path.stem for path in Path("scoring/portfolio").glob("*.py")]
    modules = [importlib.import_module(f"scoring.portfolio.{name}") for name in names]
    return {
        (module.__name__, name): len(kernel.signatures)
        for module in modules for name, kernel in vars(module).items() if isinstance(kernel, Dispatcher)
    }

warm()
before = compiled()
with TemporaryDirectory() as folder:
    path = Path(folder) / "archive.parquet"
    archive.write(path, 400, 2_000, seed=5)
    points = archive.POLICY["measures"]
    for measures in (points, [{**points[0], "kind": "deflate_price", "amount": "0.1"}]):
        study = Study(Snapshot.read(path), {**archive.POLICY, "measures": measures})
        for amounts in (map(str, range(70)), ["0", "0.123456789012"]):
            scenarios = [Scenario({"measures.european.amount": amount}) for amount in amounts]
            study.run(scenarios)
            if len(measures) > 1:
                switches(study, scenarios, "measures.european.amount")
        look(study, Scenario()).document()
print([name for name, count in compiled().items() if count != before[name]])
"""


def test_warming_up_leaves_nothing_to_compile() -> None:
    told = subprocess.run(
        [sys.executable, "-c", LEFT_OVER], cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ
    )
    assert told.stdout.strip() == "[]", told.stderr


def test_kernels_are_compiled_once_for_each_version_of_the_software(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    (tmp_path / "of-another-version.warm").touch()
    warmed: list[int] = []
    monkeypatch.setattr("scoring.portfolio.warming.warm", lambda: warmed.append(1))
    for _again in range(2):
        call_command("warm_kernels")
    assert warmed == [1]
    assert len(list(tmp_path.glob("*.warm"))) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "The kernels of the archive are compiled."
