"""Every write of a job's row.

A run is safe against a killed, paused or doubled worker because each of its writes names the claim it runs
under: when the claim has passed to another worker the write changes no row, raises `Superseded`, and the
results written in the same transaction are rolled back with it.
"""

import logging
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NoReturn, cast

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError

from procurement.jobs import alive
from procurement.jobs.models import ENDED, Job, Jobs, Part, State
from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.writes import service

logger = logging.getLogger(__name__)

SILENCE = timedelta(minutes=2)  # a run without a sign of life for so long is taken from its worker
HEED_SECONDS = 0.5  # between two looks at a row by work that asks often
MAX_ATTEMPTS = 3  # a job or a part that ends its worker each time must not do so for ever
WORKERS = settings.VAR_DIR / "workers"


class Superseded(Exception):
    """The run no longer holds its claim; nothing it writes counts."""


class Cancelled(Superseded):
    """So it is because the job has ended: most often its requester stopped it."""


@service
def enqueue(
    *, task: str, arguments: dict[str, Any], by: User, provenance: dict[str, Any], now: datetime | None = None
) -> Job:
    """Ask for background work; the worker is woken up after the commit, and never if the transaction fails.

    `task` is the dotted name of a `jobs.work.job_task`, `arguments` what it reads from `job.arguments`,
    `provenance` the hashes of the data and rules the result will be bound to. Who may start which work is the
    caller's to decide.
    """
    now = now or timezone.now()
    job = Job.objects.create(
        task=task, arguments=arguments, provenance=provenance, requested_by=by, created_at=now, woken_at=now
    )
    transaction.on_commit(partial(wake, job))
    ledger.record("job.enqueued", job, by=by, at=now)
    return job


def wake(job: Job) -> None:
    """Send the message that makes a worker look at the row."""
    task = cast("Any", import_string(job.task))
    try:
        task.delay(str(job.pk))
    except (OperationalError, OSError) as problem:
        logger.warning("Job %s waits: the broker could not be told (%s); the sweep announces it again.", job, problem)


def claim(job_id: str) -> Job | None:
    """Take a waiting job for this process; None when it is not waiting (taken, ended or cancelled)."""
    now = timezone.now()
    token = uuid.uuid4()
    taken = Job.objects.filter(pk=job_id, state=State.QUEUED).update(
        state=State.RUNNING,
        claim=token,
        worker=alive.this_process(WORKERS),
        attempts=F("attempts") + 1,
        started_at=now,
        heartbeat_at=now,
        done=0,
        total=0,
        message="",
    )
    return Job.objects.select_related("requested_by").get(pk=job_id) if taken else None


def progress(*, job: Job, done: int, total: int, message: str = "") -> None:
    """Write how far a run is, which is also its sign of life: call it at least every 30 seconds.

    `message` is a text marked with `gettext_noop`, translated when it is shown. Raises Superseded, or
    Cancelled once the requester has stopped the job. Call it outside the transaction of the results, or nobody sees it.
    """
    written = Job.objects.held(job).update(done=done, total=total, message=message, heartbeat_at=timezone.now())
    if not written:
        _refuse(job)


def heed(*, job: Job) -> None:
    """Raise Cancelled once a job has ended: for the steps of whoever works on it or on a part of it."""
    if Job.objects.filter(pk=job.pk, state__in=ENDED).exists():
        raise Cancelled(job)


def heeding(*, job: Job) -> Callable[[], None]:
    """`heed` for work that asks at every small step: the row is looked at twice a second at most."""
    looked_at = float("-inf")

    def look() -> None:
        nonlocal looked_at
        if time.monotonic() - looked_at >= HEED_SECONDS:
            heed(job=job)
            looked_at = time.monotonic()

    return look


def finish(*, job: Job, result: dict[str, Any]) -> None:
    """End a run well, inside the transaction that writes its results: both are kept, and the parts go, or neither.

    `result` names what was written (`{"cashback.Estimate": 12}`). Raises Superseded, RuntimeError outside a
    transaction or while a part is missing.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{job} must be finished inside the transaction that writes its results.")
    if Part.objects.filter(job=job, finished_at__isnull=True).exists():
        raise RuntimeError(f"{job} cannot be done while a part of it is missing.")
    if not _end(job, State.DONE, done=F("total"), result=result, message=""):
        _refuse(job)
    ledger.record("job.done", job, by=job.requested_by)


def _refuse(job: Job) -> NoReturn:
    """Say why a write of a run changed no row. Raises Cancelled or Superseded."""
    heed(job=job)
    raise Superseded(job)


@service
def fail(*, job: Job, error: str) -> None:
    """End a run badly, with the sentence that says why; silent when it no longer holds its claim."""
    if _end(job, State.FAILED, error=error):
        ledger.record("job.failed", job, by=job.requested_by, reason=error)


@service
def cancel(*, job: Job, by: User) -> None:
    """End a job at once, whether it waits or runs; leave an ended one alone.

    A worker that is at it can write nothing any more, and leaves it at its next step.
    """
    permissions.require(by, Permission.CANCEL_JOB, job)
    now = timezone.now()
    if _ended(job, Job.objects.filter(pk=job.pk).exclude(state__in=ENDED), State.CANCELLED, finished_at=now):
        ledger.record("job.cancelled", job, by=by, at=now)


def _end(job: Job, state: State, **fields: Any) -> bool:
    """End a run that still holds its claim; whether it did."""
    return _ended(job, Job.objects.held(job), state, finished_at=timezone.now(), **fields)


def _ended(job: Job, row: Jobs, state: State, **fields: Any) -> bool:
    """End a job where ``row`` finds it, with its parts: what they found is in the result, or of no use to anybody."""
    ended = bool(row.update(state=state, claim=None, **fields))
    if ended:
        Part.objects.filter(job=job).delete()
    return ended
