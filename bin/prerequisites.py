"""What a machine must have before anything is installed on it: one sentence for each thing that is missing.

Standard library only: it runs before any package is there. `bin/find-python` has already chosen the Python.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEEDED_MEGABYTES = 1500
INDEX_SECONDS = 8


def missing(*, install: bool) -> list[str]:
    """One sentence for each thing missing, none when all is there; `install`: packages are to be fetched."""
    problems = list(_missing_here())
    if install and not problems:  # the index is asked last: it may take seconds to answer
        problems = list(_missing_for_install())
    return problems


def _missing_here() -> Iterator[str]:
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        yield f"Python {sys.version.split()[0]} is not supported: use Python 3.11, 3.12 or 3.13."
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        yield f"This Python has no venv with pip: install it (on Debian: apt install python{version}-venv)."
    if shutil.which("make") is None:
        yield "make is missing: install it (on Debian: apt install make)."
    if not os.access(ROOT, os.W_OK):
        yield f"{ROOT} cannot be written to: copy the project to a folder of yours."


def _missing_for_install() -> Iterator[str]:
    free = shutil.disk_usage(ROOT).free // 1_000_000
    if free < NEEDED_MEGABYTES:
        yield f"Only {free} MB are free on the disk of {ROOT}: make room for {NEEDED_MEGABYTES} MB."
    pip = _pip()
    if pip and not _index_answers(pip):
        yield (
            "The package index does not answer: check the network, or set PIP_INDEX_URL "
            "(and PIP_CERT, HTTPS_PROXY) to the one this machine may use."
        )


def _pip() -> list[str] | None:
    """A pip to ask the index with before `.venv` exists: the one Python brings to make it."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    folders = [sysconfig.get_config_var("WHEEL_PKG_DIR"), "/usr/share/python-wheels"]
    ensurepip = importlib.util.find_spec("ensurepip")
    if ensurepip and ensurepip.origin:
        folders.append(str(Path(ensurepip.origin).parent / "_bundled"))
    for folder in filter(None, folders):
        for wheel in sorted(Path(folder).glob("pip-*.whl")):
            return [sys.executable, str(wheel / "pip")]
    return None


def _index_answers(pip: list[str]) -> bool:
    """Ask for one package through the settings (mirror, proxy, certificate) the install will use."""
    question = [
        *pip,
        "--disable-pip-version-check",
        "--retries",
        "0",
        "--timeout",
        "5",
        "index",
        "versions",
        "django",
    ]
    try:
        return subprocess.run(question, capture_output=True, timeout=INDEX_SECONDS, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False
