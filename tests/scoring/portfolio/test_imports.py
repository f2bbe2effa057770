"""What a process that answers people does not have to carry: compiled kernels take seconds to load."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HEAVY = ("numba", "numpy", "pyarrow", "pandas")


def loaded(program: str, names: tuple[str, ...]) -> str:
    """Which of these packages a fresh process has after running a program, as a list written out."""
    code = f"import sys; {program}; print([name for name in {names} if name in sys.modules])"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "1"}
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    return told.stdout.strip() or told.stderr


@pytest.mark.parametrize(
    "program",
    [
        "import scoring",
        "import django; django.setup(); import config.urls, config.wsgi",
        "from scoring.portfolio import frontier, local, problems, scenario",
    ],
)
def test_neither_the_engine_nor_the_web_loads_the_kernels(program: str) -> None:
    assert loaded(program, HEAVY) == "[]"


def test_a_page_explains_a_lot_of_a_snapshot_without_compiled_kernels() -> None:
    assert loaded("from scoring.portfolio import rows, snapshot", ("numba",)) == "[]"
