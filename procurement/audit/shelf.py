"""Where finished bundles wait for who asked for them: a folder outside the web root, read by the portal alone."""

import os
import time
from pathlib import Path

from django.conf import settings

from procurement.audit.models import KEPT

SHELF = settings.VAR_DIR / "exports"


def put(name: str, content: bytes) -> None:
    """Lay a file down whole, on the disk before this returns, readable by the portal's own account alone."""
    SHELF.mkdir(mode=0o700, exist_ok=True)
    unfinished = SHELF / f"{name}.part"
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(SHELF / name)


def find(name: str) -> Path | None:
    """The file of this name; None once its day is over, or when it never was there."""
    path = SHELF / name
    return path if name and path.is_file() and not _over(path) else None


def discard(name: str) -> None:
    """Take a file away, whether it is there or not."""
    (SHELF / name).unlink(missing_ok=True)


def clear() -> None:
    """Take away what has lain for longer than a day, unfinished files too."""
    if not SHELF.is_dir():
        return
    for path in SHELF.iterdir():
        if _over(path):
            path.unlink(missing_ok=True)


def _over(path: Path) -> bool:
    return path.stat().st_mtime < time.time() - KEPT.total_seconds()
