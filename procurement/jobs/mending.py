"""What workers that ended and messages that were lost left behind, put right."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation

from procurement.jobs import alive, parts, services
from procurement.jobs.models import ENDED, Job, Part, State
from procurement.jobs.work import given_up
from procurement.ledger import services as ledger

UNHEARD = timedelta(minutes=5)  # a waiting job is announced again after so long: its message may have been lost


def sweep() -> int:
    """Mend what ended workers and lost messages left behind; returns how many jobs and parts were touched.

    A run whose process of this machine has ended, or that has been silent too long on any machine, waits
    again (or fails after three attempts); so does a part. A job that has waited long is announced again.
    """
    ended_workers = alive.abandoned(services.WORKERS)
    now = timezone.now()
    lost = Job.objects.filter(state=State.RUNNING).filter(
        Q(worker__in=ended_workers) | Q(heartbeat_at__lt=now - services.SILENCE)
    )
    unheard = Job.objects.filter(state=State.QUEUED, woken_at__lt=now - UNHEARD)
    touched = parts.give_back(Part.objects.exclude(job__state__in=ENDED))
    touched += _each(lost.select_related("requested_by"), _give_back) + _each(unheard, _announce)
    for worker in ended_workers:
        (services.WORKERS / worker).unlink(missing_ok=True)
    return touched


def _each(jobs: Any, mend: Callable[[Job], None]) -> int:
    found = list(jobs)
    for job in found:
        mend(job)
    return len(found)


@transaction.atomic
def _give_back(job: Job) -> None:
    if job.attempts >= services.MAX_ATTEMPTS:
        with translation.override(job.requested_by.language):
            services.fail(job=job, error=given_up())
    elif Job.objects.held(job).update(state=State.QUEUED, claim=None, worker="", woken_at=timezone.now()):
        transaction.on_commit(partial(services.wake, job))
        ledger.record("job.requeued", job, by=None)


@transaction.atomic
def _announce(job: Job) -> None:
    now = timezone.now()
    if Job.objects.filter(pk=job.pk, state=State.QUEUED, woken_at=job.woken_at).update(woken_at=now):
        transaction.on_commit(partial(services.wake, job))
