"""The virtual environment `.venv`: made once, then brought up to date whenever a lock changed.

`python -m bin.packages` installs the test set. Standard library only.
"""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

from bin import prerequisites

ROOT = prerequisites.ROOT
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
DEMO = ROOT / "requirements.txt"
TEST = ROOT / "requirements-test.txt"  # contains the demo set


def is_current(lock: Path) -> bool:
    """Whether the environment holds exactly what `lock` says (or the test set, which contains it)."""
    kept = [each for each in {lock, TEST} if _stamp(each).exists()]
    return PYTHON.exists() and any(_stamp(each).read_text() == _digest(each) for each in kept)


def install(lock: Path) -> None:
    """Make `.venv` hold the packages of `lock`, their hashes checked; exits with one sentence on a problem."""
    current = is_current(lock)
    if problems := prerequisites.missing(install=not current):
        sys.exit("\n".join(problems))
    if current:
        return
    if not _made_by_this_python():
        print("Making the virtual environment .venv", flush=True)
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
    print(f"Installing the packages of {lock.name} (a minute or two the first time)", flush=True)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "-qq", "--require-hashes"]
    if subprocess.run([*pip, "--requirement", lock], check=False).returncode:
        sys.exit(f"The packages of {lock.name} could not be installed: the lines above say why.")
    _stamp(lock).write_text(_digest(lock))


def _made_by_this_python() -> bool:
    settings = ENVIRONMENT / "pyvenv.cfg"
    return PYTHON.exists() and settings.exists() and f"= {sys.version.split()[0]}\n" in settings.read_text()


def _stamp(lock: Path) -> Path:
    return ENVIRONMENT / f"{lock.stem}.sha256"


def _digest(lock: Path) -> str:
    """Lock and version of Python: a new one of either means a new install."""
    return hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()


if __name__ == "__main__":
    install(TEST)
