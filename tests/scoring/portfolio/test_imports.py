"""What a process that answers people does not have to carry: compiled kernels take seconds to load."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HEAVY = ("numba", "numpy", "pyarrow", "pandas")


@pytest.mark.parametrize(
    "program", ["import scoring", "import django; django.setup(); import config.urls, config.wsgi"]
)
def test_neither_the_engine_nor_the_web_loads_the_kernels(program: str) -> None:
    code = f"import sys; {program}; print([name for name in {HEAVY} if name in sys.modules])"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "1"}
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert told.stdout.strip() == "[]", told.stderr
