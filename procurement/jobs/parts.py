"""Parts: a job that several workers do together. Whoever holds it writes the parts, and puts their results together.

A part is as safe as a job: it is taken by one conditional update, and its result is written under that claim. A part
of a worker that has ended is taken by the next, one that is finished is never done again, and a worker believed dead
can no longer write. The worker that holds the job does parts like any other, so that one worker is enough.
"""

import logging
import time
import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any, cast

from celery import current_app
from django.db import connections, transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError

from procurement.jobs import alive, services
from procurement.jobs.models import ENDED, Job, Part, Parts
from procurement.jobs.work import PartWork, given_up, sentence_of
from procurement.people.refusals import Refused

logger = logging.getLogger(__name__)

HELP = "procurement.jobs.tasks.help_with"
HELPERS = 8  # workers called to a job at most; one that finds nothing to do goes on at once
PAUSE_SECONDS = 0.05  # between two looks at what other workers are still doing

Arguments = dict[str, Any]


def share(*, job: Job, arguments: Sequence[Arguments], message: str) -> list[Any]:
    """Have the parts of a running job done, by this worker and those that come to help; their results, in order.

    `arguments` are those of each part, the same whenever the job is begun again; the function that its task names as
    `part` computes them. Raises Superseded, Cancelled, or Refused with the sentence of a part that failed.
    """
    _write(job, arguments)
    compute = _computing(job)
    while (done := _finished(job)) < len(arguments):
        services.progress(job=job, done=done, total=len(arguments), message=message)
        part = _take(job)
        if part is not None:
            _work(part, compute, Job.objects.held(job))
        elif not give_back(job.parts.all()):
            time.sleep(PAUSE_SECONDS)
    results = list(job.parts.order_by("number").values_list("result", flat=True))
    services.progress(job=job, done=done, total=done, message=message)  # held until now, so they are all there
    return results


def help_with(*, job_id: str) -> None:
    """Do parts of somebody else's job until none waits; nothing when the job has ended."""
    job = Job.objects.select_related("requested_by").filter(pk=job_id).exclude(state__in=ENDED).first()
    if job is None:
        return
    compute = _computing(job)
    with translation.override(job.requested_by.language):
        while part := _take(job):
            _work(part, compute)


def give_back(parts: Parts) -> int:
    """Let others take what workers that have ended, or have been silent too long, were doing; how many parts.

    A part that ended its worker three times fails.
    """
    silent = timezone.now() - services.SILENCE
    ended = Q(worker__in=alive.abandoned(services.WORKERS)) | Q(heartbeat_at__lt=silent)
    lost = list(parts.filter(ended, claim__isnull=False, finished_at__isnull=True).select_related("job__requested_by"))
    for part in lost:
        with translation.override(part.job.requested_by.language):
            error = given_up() if part.attempts >= services.MAX_ATTEMPTS else ""
        Part.objects.held(part).update(claim=None, worker="", error=error)
    return len(lost)


@transaction.atomic
def _write(job: Job, arguments: Sequence[Arguments]) -> None:
    """The rows of the parts, once; and the messages that call other workers. Raises Superseded."""
    if not Job.objects.held(job).update(heartbeat_at=timezone.now()):  # which nobody ends before the rows are there
        raise services.Superseded(job)
    written = list(job.parts.order_by("number").values_list("arguments", flat=True))
    if written != list(arguments):  # none yet, or those of another version of the software
        job.parts.all().delete()
        rows = [Part(job=job, number=number, arguments=each) for number, each in enumerate(arguments)]
        Part.objects.bulk_create(rows, ignore_conflicts=True)
    transaction.on_commit(partial(_call_helpers, str(job.pk), min(len(arguments) - 1, HELPERS)))


def _call_helpers(job_id: str, helpers: int) -> None:
    try:
        for _helper in range(helpers):
            current_app.send_task(HELP, [job_id])
    except (OperationalError, OSError) as problem:
        logger.warning("Job %s is done by one worker: the broker could not be told (%s).", job_id, problem)


def _computing(job: Job) -> PartWork:
    return cast("PartWork", import_string(job.task).part)


def _finished(job: Job) -> int:
    """How many parts are finished. Raises Refused when one has failed."""
    failed = job.parts.exclude(error="").first()
    if failed is not None:
        raise Refused(failed.error)
    return job.parts.filter(finished_at__isnull=False).count()


def _take(job: Job) -> Part | None:
    """The first part that waits, now this worker's; None when none does, or the job has ended."""
    ended = Job.objects.filter(pk=job.pk, state__in=ENDED).exists()
    while not ended and not job.parts.exclude(error="").exists():
        part = job.parts.waiting().order_by("number").first()
        if part is None:
            break
        part.claim, part.worker = uuid.uuid4(), alive.this_process(services.WORKERS)
        taken = Part.objects.waiting().filter(pk=part.pk)
        if taken.update(claim=part.claim, worker=part.worker, heartbeat_at=timezone.now(), attempts=F("attempts") + 1):
            return part
    return None


def _work(part: Part, compute: PartWork, *holding: Any) -> None:
    """Compute a part, and write its result or why there is none. `holding`: other rows this is a sign of life for."""

    def beat() -> None:
        try:
            for rows in (Part.objects.held(part), *holding):
                rows.update(heartbeat_at=timezone.now())
        finally:
            connections.close_all()  # of this thread

    written: dict[str, Any]
    try:
        with alive.beating(beat):
            written = {"result": compute(part.job, part.arguments), "finished_at": timezone.now()}
    except services.Cancelled:
        return  # with the job its parts have gone
    except Exception as problem:
        written = {"error": sentence_of(problem, part.job)}
    if not Part.objects.held(part).update(claim=None, worker="", **written):
        logger.warning("Part %s is no longer this worker's: what it did was not kept.", part)
