"""Runs the sweep in every worker, at its start and every few seconds: no scheduler has to be installed."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from celery.signals import worker_ready, worker_shutting_down
from django.db import connections

logger = logging.getLogger(__name__)

EVERY_SECONDS = 5.0

_stopping = threading.Event()
_chores: list[Callable[[], None]] = []


def also(chore: Callable[[], None]) -> None:
    """Have ``chore`` done with every sweep; apps call this when ready. It returns at once if nothing is due."""
    _chores.append(chore)


def connect() -> None:
    """Called once, when the app is ready; does nothing in a process that is no worker."""
    worker_ready.connect(_start, dispatch_uid="jobs-sweeper")
    worker_shutting_down.connect(_stop, dispatch_uid="jobs-sweeper")


def _start(**_signal: Any) -> None:
    threading.Thread(target=_sweep_until_stopped, name="jobs-sweeper", daemon=True).start()


def _stop(**_signal: Any) -> None:
    _stopping.set()


def _sweep_until_stopped() -> None:
    from procurement.jobs import mending

    while not _stopping.is_set():
        try:
            mending.sweep()
            for chore in _chores:
                chore()
        except Exception:  # the database may be away for a moment: the next sweep tries again
            logger.exception("The sweep failed; it runs again in %s seconds.", EVERY_SECONDS)
        finally:
            connections.close_all()
        _stopping.wait(EVERY_SECONDS)
