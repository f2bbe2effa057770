"""Real files the project does not carry: found through the environment, else the test says why it is skipped."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def data_file(name: str) -> Path:
    """A file below BAREME_DATA (default `../shared/data` beside the repository), e.g. `bids/wb_bids.csv`."""
    folder = Path(os.environ.get("BAREME_DATA", ROOT.parent / "shared" / "data"))
    path = folder / name
    if not path.exists():
        pytest.skip(f"the real data file {name} is not there (BAREME_DATA={folder})")
    return path
