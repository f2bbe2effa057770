"""The message broker of a machine that has no broker: messages are files of one folder (`embedded://`).

Kombu's own `filesystem://` transport writes a message under its final name, so that a worker can read half of
it, and deletes it when it is taken, so that a killed worker loses it. Here:

* a message is written under a temporary name, flushed, and renamed: it is there whole or not at all;
* a taken message moves to the folder of its worker and is deleted when it is acknowledged; once that worker
  has ended, however it ended, the next reader puts it back;
* a file that is no message is set aside under `unreadable/` with one line in the log, and never blocks the
  others.

Folders under the transport option `folder`: `waiting/`, `taken/<worker>/`, `workers/`, `unreadable/`. Only
direct queues are carried (no broadcast), which is all a wake-up needs.
"""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import virtual
from kombu.utils.json import dumps, loads

from . import alive

logger = logging.getLogger(__name__)

RETURN_EVERY_SECONDS = 1.0
LOOK_UP_SECONDS = 0.25
QUEUE_NAME = re.compile(r"[A-Za-z0-9_-]+")


class Channel(virtual.Channel):
    """One reader or writer of the folder. Only a reader has a folder of taken messages."""

    def __init__(self, connection: Any, **options: Any) -> None:
        super().__init__(connection, **options)
        self._root = Path(connection.client.transport_options["folder"])
        self._worker: str | None = None
        self._taken: dict[str, Path] = {}
        self._returned_at = float("-inf")
        self._waiting.mkdir(parents=True, exist_ok=True)

    @property
    def _waiting(self) -> Path:
        return self._root / "waiting"

    @property
    def _own(self) -> Path:
        """The folder of the messages this reader has taken and not acknowledged."""
        if self._worker is None:
            self._worker = alive.hold(self._root / "workers")
        folder = self._root / "taken" / self._worker
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _put(self, queue: str, message: dict[str, Any], **_options: Any) -> None:
        if not QUEUE_NAME.fullmatch(queue):
            raise ValueError(f"Queue {queue!r} cannot name a file: use letters, digits, hyphen and underscore.")
        name = f"{time.time_ns():020d}-{message['properties']['delivery_tag']}.{queue}.json"
        unnamed = self._waiting / f".{name}"
        with unnamed.open("wb") as file:
            file.write(dumps(message).encode())
            file.flush()
            os.fsync(file.fileno())
        unnamed.rename(self._waiting / name)

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        self._return_abandoned()
        for waiting in self._messages(queue):
            taken = self._own / waiting.name
            try:
                waiting.rename(taken)
            except FileNotFoundError:  # another worker was faster
                continue
            message = self._read(taken)
            if message is not None:
                self._taken[message["properties"]["delivery_tag"]] = taken
                return message
        raise Empty

    def _messages(self, queue: str) -> Iterator[Path]:
        """Waiting messages of `queue`, oldest first."""
        return iter(sorted(self._waiting.glob(f"[!.]*.{queue}.json")))

    def _read(self, path: Path) -> dict[str, Any] | None:
        try:
            message: dict[str, Any] = loads(path.read_bytes())
            message["body"], message["headers"], message["properties"]["delivery_tag"]
        except (ValueError, TypeError, KeyError, RecursionError) as problem:
            aside = self._root / "unreadable"
            aside.mkdir(exist_ok=True)
            path.rename(aside / path.name)
            logger.warning("Message %s is unreadable (%s); it was set aside in %s.", path.name, problem, aside)
            return None
        return message

    def _return_abandoned(self) -> None:
        """Put back what workers that have ended had taken, at most once a second."""
        if time.monotonic() - self._returned_at < RETURN_EVERY_SECONDS:
            return
        self._returned_at = time.monotonic()
        for worker in alive.abandoned(self._root / "workers"):
            folder = self._root / "taken" / worker
            for taken in folder.glob("*.json"):
                self._put_back(taken)
            if folder.is_dir():
                folder.rmdir()
            (self._root / "workers" / worker).unlink(missing_ok=True)

    def _put_back(self, taken: Path) -> None:
        try:
            taken.rename(self._waiting / taken.name)
        except FileNotFoundError:  # another reader put it back
            logger.debug("Message %s was already put back.", taken.name)

    def _restore(self, message: virtual.Message) -> None:
        taken = self._taken.pop(message.delivery_tag, None)
        if taken is not None:
            self._put_back(taken)

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:
        super().basic_ack(delivery_tag, multiple=multiple)
        self._forget(delivery_tag)

    def basic_reject(self, delivery_tag: str, requeue: bool = False) -> None:
        super().basic_reject(delivery_tag, requeue=requeue)
        self._forget(delivery_tag)

    def _forget(self, delivery_tag: str) -> None:
        taken = self._taken.pop(delivery_tag, None)
        if taken is not None:
            taken.unlink(missing_ok=True)

    def _size(self, queue: str) -> int:
        return len(list(self._messages(queue)))

    def _purge(self, queue: str) -> int:
        messages = list(self._messages(queue))
        for message in messages:
            message.unlink(missing_ok=True)
        return len(messages)

    def _has_queue(self, queue: str, **_options: Any) -> bool:
        return True


class Transport(virtual.Transport):
    """`embedded://` for Celery; registered in `config/celery.py`."""

    Channel = Channel

    implements = virtual.Transport.implements.extend(asynchronous=False, exchange_type=frozenset(["direct"]))
    polling_interval = 0.05
    driver_type = "embedded"
    driver_name = "embedded"

    def drain_events(self, connection: Any, timeout: float | None = None, **options: Any) -> Any:
        """Wait for messages, a quarter of a second at most: a worker that is asked to stop looks up in between."""
        return super().drain_events(connection, timeout=min(timeout or LOOK_UP_SECONDS, LOOK_UP_SECONDS), **options)

    def driver_version(self) -> str:
        return "1"
