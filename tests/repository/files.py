"""The files of the repository, as git knows them; in an unpacked archive, the files there are."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("bin", "config", "docs", "locale", "procurement", "scoring", "static", "templates", "tests")


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that is or will be committed, relative to the root."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    if listing.returncode == 0:
        names = [Path(name) for name in listing.stdout.splitlines()]
    else:
        names = [path.relative_to(ROOT) for room in ROOMS for path in (ROOT / room).rglob("*") if path.is_file()]
    return tuple(sorted(name for name in names if (ROOT / name).is_file() and "__pycache__" not in name.parts))


def texts(*suffixes: str, under: str = "") -> dict[Path, str]:
    """The contents of the files with one of ``suffixes`` in a folder."""
    chosen = [name for name in tracked() if name.suffix in suffixes and name.as_posix().startswith(under)]
    return {name: (ROOT / name).read_text(encoding="utf-8") for name in chosen}
