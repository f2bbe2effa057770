"""Every write of a job's row.

A run is safe against a killed, paused or doubled worker because each of its writes names the claim it runs
under: when the claim has passed to another worker the write changes no row, raises `Superseded`, and the
results written in the same transaction are rolled back with it.
"""

import logging
import uuid
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError

from procurement.jobs import alive
from procurement.jobs.models import Job, Part, State
from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.writes import service

logger = logging.getLogger(__name__)

SILENCE = timedelta(minutes=2)  # a run without a sign of life for so long is taken from its worker
MAX_ATTEMPTS = 3  # a job or a part that ends its worker each time must not do so for ever
WORKERS = settings.VAR_DIR / "workers"


class Superseded(Exception):
    """The run no longer holds its claim; nothing it writes counts."""


class Cancelled(Exception):
    """The requester asked for the run to stop."""


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
    Cancelled once the requester has asked for the run to stop. Call it outside the transaction of the
    results, or nobody sees it.
    """
    written = Job.objects.held(job).update(done=done, total=total, message=message, heartbeat_at=timezone.now())
    if not written:
        raise Superseded(job)
    if Job.objects.held(job).filter(cancel_requested=True).exists():
        raise Cancelled(job)


def finish(*, job: Job, result: dict[str, Any]) -> None:
    """End a run well, inside the transaction that writes its results: both are kept or neither.

    `result` names what was written (`{"cashback.Estimate": 12}`). Raises Superseded, RuntimeError outside a
    transaction or while a part is missing.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{job} must be finished inside the transaction that writes its results.")
    if Part.objects.filter(job=job, finished_at__isnull=True).exists():
        raise RuntimeError(f"{job} cannot be done while a part of it is missing.")
    if not _end(job, State.DONE, done=F("total"), result=result, message=""):
        raise Superseded(job)
    ledger.record("job.done", job, by=job.requested_by)


@service
def fail(*, job: Job, error: str) -> None:
    """End a run badly, with the sentence that says why; silent when it has passed to another worker."""
    if _end(job, State.FAILED, error=error):
        ledger.record("job.failed", job, by=job.requested_by, reason=error)


@service
def stop(*, job: Job) -> None:
    """End a run whose cancellation was asked for."""
    if _end(job, State.CANCELLED):
        ledger.record("job.cancelled", job, by=job.requested_by)


def _end(job: Job, state: State, **fields: Any) -> bool:
    return bool(Job.objects.held(job).update(state=state, finished_at=timezone.now(), claim=None, **fields))


@service
def cancel(*, job: Job, by: User) -> None:
    """Cancel a waiting job at once; ask a running one to stop at its next step; leave an ended one alone."""
    permissions.require(by, Permission.CANCEL_JOB, job)
    now = timezone.now()
    waiting = Job.objects.filter(pk=job.pk, state=State.QUEUED)
    running = Job.objects.filter(pk=job.pk, state=State.RUNNING, cancel_requested=False)
    if waiting.update(state=State.CANCELLED, cancel_requested=True, finished_at=now):
        ledger.record("job.cancelled", job, by=by, at=now)
    elif running.update(cancel_requested=True):
        ledger.record("job.cancel_requested", job, by=by, at=now)
