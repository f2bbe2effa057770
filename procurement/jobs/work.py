"""How a service runs as a job: one decorator, so that a task is its service call and nothing else.

    @job_task(title=_("Cash-back estimate"))
    def estimate(job: Job) -> None:
        services.estimate(job=job)

`jobs.services.enqueue(task="procurement.cashback.tasks.estimate", …)` starts it. The service calls `progress`
at each step and `finish` in the transaction of its results.
"""

import logging
from collections.abc import Callable

from celery import Task, shared_task
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from procurement.jobs import services
from procurement.jobs.models import Job
from procurement.people.refusals import Refused

logger = logging.getLogger(__name__)

Work = Callable[[Job], None]


def job_task(*, title: str | Promise) -> Callable[[Work], Task]:
    """Make a Celery task of one job id from a function of the job it claimed; `title` is what people read."""

    def mark(work: Work) -> Task:
        def task(job_id: str) -> None:
            job = services.claim(job_id)
            if job is not None:
                with translation.override(job.requested_by.language):
                    _run(work, job)

        task.__doc__ = work.__doc__
        return shared_task(name=f"{work.__module__}.{work.__qualname__}", title=title)(task)

    return mark


def _run(work: Work, job: Job) -> None:
    """Run `work` and end the job in every case; an exception ends here, as a sentence for the requester."""
    try:
        work(job)
        if Job.objects.held(job).exists():
            raise RuntimeError(f"{job.task} returned without finishing its job.")
    except services.Superseded:
        logger.warning("Job %s went to another worker; what this one did was not kept.", job)
    except services.Cancelled:
        services.stop(job=job)
    except ValidationError as refusal:
        services.fail(job=job, error=" ".join(refusal.messages))
    except Refused as refusal:
        services.fail(job=job, error=refusal.sentence)
    except PermissionDenied as refusal:
        services.fail(job=job, error=str(refusal))
    except Exception:
        logger.exception("Job %s failed.", job)
        services.fail(job=job, error=_("An unexpected error stopped the work; the administrator finds it in the log."))
