"""Where a filled schedule waits for an hour until its sender confirms it: outside the web root, for them alone."""

import os
import re
import secrets
import time
from pathlib import Path

from django.conf import settings

from procurement.people.models import User
from procurement.tenders.models import Lot

FOLDER = settings.VAR_DIR / "uploads"
KEPT = 3600  # seconds
MOST = 20  # files of one person; the oldest go first
TOKEN = re.compile("[0-9a-f]{32}")


def put(content: bytes, lot: Lot, person: User) -> str:
    """Lay a file down, readable by the portal's own account alone; its token."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    _make_room(person)
    token = secrets.token_hex(16)
    descriptor = os.open(_path(token, lot, person), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return token


def find(token: str, lot: Lot, person: User) -> bytes | None:
    """The file that ``person`` sent for ``lot``; None once its hour is over, or when it never was there."""
    if not TOKEN.fullmatch(token):
        return None
    try:
        path = _path(token, lot, person)
        return None if _over(path) else path.read_bytes()
    except FileNotFoundError:
        return None


def discard(token: str, lot: Lot, person: User) -> None:
    """Take a file away, whether it is there or not."""
    if TOKEN.fullmatch(token):
        _path(token, lot, person).unlink(missing_ok=True)


def clear() -> None:
    """Take away what has waited for longer than its hour; every sweep of a worker does."""
    for path in FOLDER.glob("*.schedule"):
        if _over(path):
            path.unlink(missing_ok=True)


def _path(token: str, lot: Lot, person: User) -> Path:
    return Path(FOLDER) / f"{person.pk}-{lot.pk}-{token}.schedule"


def _make_room(person: User) -> None:
    """Take away what one person piles up."""
    own = sorted(FOLDER.glob(f"{person.pk}-*.schedule"), key=_age)
    for path in own[MOST - 1 :]:
        path.unlink(missing_ok=True)


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:  # taken away by another process meanwhile
        return 0


def _over(path: Path) -> bool:
    return _age(path) > KEPT
