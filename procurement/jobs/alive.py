"""Which processes of this machine are still alive, told by file locks the kernel releases when they end.

A process that is killed cannot say so. It can hold a lock, though, and the kernel drops the lock whatever
ended the process; a process number would not do, because it is given again to another process.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

logger = logging.getLogger(__name__)

BEAT_EVERY_SECONDS = 20.0

_held: list[int] = []  # descriptors kept open: closing one would drop its lock
_of_process: dict[int, str] = {}


def hold(folder: Path) -> str:
    """Create in `folder` a file locked for as long as this process (or a child forked from it later) lives.

    Returns the name of the file. The file takes its name once it is locked, so that nobody finds it unlocked.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = uuid.uuid4().hex
    unnamed = folder / f".{name}"
    descriptor = os.open(unnamed, os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    _held.append(descriptor)
    unnamed.rename(folder / name)
    return name


def this_process(folder: Path) -> str:
    """The name under which this process holds a file of `folder`; a forked process gets its own."""
    if os.getpid() not in _of_process:
        _of_process[os.getpid()] = hold(folder)
    return _of_process[os.getpid()]


def is_abandoned(path: Path) -> bool:
    """Whether the process that held `path` has ended. A path that does not exist says nothing: False."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def abandoned(folder: Path) -> list[str]:
    """Names of the files of `folder` whose process has ended; empty when the folder does not exist."""
    if not folder.is_dir():
        return []
    return [entry.name for entry in folder.iterdir() if not entry.name.startswith(".") and is_abandoned(entry)]


@contextmanager
def beating(beat: Callable[[], object]) -> Iterator[None]:
    """Call `beat` every 20 seconds, in a thread of its own, as long as the work inside goes on.

    A beat that fails, for a database that is busy or away, is written to the log; the next one is tried all the same.
    """
    over = threading.Event()

    def until_over() -> None:
        while not over.wait(BEAT_EVERY_SECONDS):
            try:
                beat()
            except Exception:
                logger.exception("A sign of life failed; the next one is due in %s seconds.", BEAT_EVERY_SECONDS)

    thread = threading.Thread(target=until_over, name="jobs-beat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
