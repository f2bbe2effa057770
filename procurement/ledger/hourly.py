"""Anchors the record from every worker, each hour in which it grew: no scheduler has to be installed."""

import logging
import threading
from datetime import datetime, timedelta
from typing import Any

from celery.signals import worker_ready, worker_shutting_down
from django.conf import settings
from django.db import connections
from django.utils import timezone

from procurement.ledger import anchors
from procurement.ledger.state import state

logger = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
LOOK_SECONDS = 60.0

_stopping = threading.Event()


def connect() -> None:
    """Called once, when the app is ready; does nothing in a process that is no worker."""
    worker_ready.connect(_start, dispatch_uid="ledger-hourly")
    worker_shutting_down.connect(_stop, dispatch_uid="ledger-hourly")


def due(now: datetime) -> bool:
    """Whether there is a key, a line that no anchor protects, and no anchor in the last hour."""
    if not settings.ANCHOR_KEY:
        return False
    record = state()
    return record.since > 0 and (record.last is None or record.last.at <= now - EVERY)


def look() -> None:
    """Anchor if it is time to. What goes wrong is in the log, and tried again at the next look."""
    try:
        if due(timezone.now()):
            made = anchors.anchor()
            logger.info("The record was anchored at line %s.", made.size if made else 0)
    except anchors.NotAnchored as problem:
        logger.error("The record is not anchored. %s", problem)
    except Exception:  # the database may be away for a moment
        logger.exception("The record could not be anchored; it is tried again in %s seconds.", LOOK_SECONDS)


def _start(**_signal: Any) -> None:
    threading.Thread(target=_look_until_stopped, name="ledger-hourly", daemon=True).start()


def _stop(**_signal: Any) -> None:
    _stopping.set()


def _look_until_stopped() -> None:
    while not _stopping.is_set():
        try:
            look()
        finally:
            connections.close_all()
        _stopping.wait(LOOK_SECONDS)
