"""Where the compiled kernels of the archive lie between two runs of the tests: a folder for each state of their code.

What numba keeps of a kernel it throws away when the kernel's own file changes, not when one does that it calls into; so
each state of the code has its folder, and that of another one goes.
"""

import hashlib
import shutil
from pathlib import Path

from tests.repository.files import ROOT

FOLDER = ROOT / "var" / "tested-kernels"


def folder() -> Path:
    """The folder of the code as it is."""
    code = hashlib.sha256()
    for path in sorted((ROOT / "scoring").rglob("*.py")):
        code.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    own = FOLDER / code.hexdigest()
    own.mkdir(parents=True, exist_ok=True)
    for older in FOLDER.iterdir():
        if older != own:
            shutil.rmtree(older, ignore_errors=True)
    return own
