"""`manage.py warm_kernels`: compile the kernels of the archive ahead of the first simulation."""

import os
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from procurement.simulation.bindings import code_sha256


class Command(BaseCommand):
    help = (
        "Compiles the kernels of the archive into NUMBA_CACHE_DIR, so that no worker has to when the first simulation "
        "is asked for: about a minute once after each upgrade, nothing when they are compiled."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(os.environ["NUMBA_CACHE_DIR"])
        done = folder / f"{code_sha256()}-python-{platform.python_version()}-numba-{version('numba')}.warm"
        if done.exists():
            self.stdout.write("The kernels of the archive are compiled.")
            return
        from scoring.portfolio.warming import warm  # numba: no web process loads it

        warm()
        for older in folder.glob("*.warm"):
            older.unlink()
        done.touch()
        self.stdout.write(f"The kernels of the archive are compiled in {folder}.")
