"""How a service runs as a job: one decorator, so that a task is its service call and nothing else.

    @job_task(title=_("Cash-back estimate"))
    def estimate(job: Job) -> None:
        services.estimate(job=job)

`jobs.services.enqueue(task="procurement.cashback.tasks.estimate", …)` starts it. The service calls `progress`
at each step and `finish` in the transaction of its results.

Work that several workers may share names the function that does a part of it, `job_task(title=…, part=function)`, and
its service calls `parts.share`.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

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
PartWork = Callable[[Job, Mapping[str, Any]], Any]


def job_task(*, title: str | Promise, part: PartWork | None = None) -> Callable[[Work], Task]:
    """Make a Celery task of one job id from a function of the job it claimed; `title` is what people read.

    `part` gives the result of one part of it, a document, from the job and the arguments of the part.
    """

    def mark(work: Work) -> Task:
        def task(job_id: str) -> None:
            job = services.claim(job_id)
            if job is not None:
                with translation.override(job.requested_by.language):
                    _run(work, job)

        task.__doc__ = work.__doc__
        name = f"{work.__module__}.{work.__qualname__}"
        return shared_task(name=name, title=title, part=staticmethod(part) if part else None)(task)

    return mark


def _run(work: Work, job: Job) -> None:
    """Run `work` and end the job in every case; an exception ends here, as a sentence for the requester."""
    try:
        work(job)
        if Job.objects.held(job).exists():
            raise RuntimeError(f"{job.task} returned without finishing its job.")
    except services.Cancelled:
        logger.info("Job %s was stopped; what this worker did was not kept.", job)
    except services.Superseded:
        logger.warning("Job %s went to another worker; what this one did was not kept.", job)
    except Exception as problem:
        services.fail(job=job, error=sentence_of(problem, job))


def sentence_of(problem: Exception, job: Job) -> str:
    """What the requester reads of why the work on `job` ended badly; the log has what is inside."""
    if isinstance(problem, ValidationError):
        return " ".join(problem.messages)
    if isinstance(problem, Refused):
        return problem.sentence
    if isinstance(problem, PermissionDenied):
        return str(problem)
    logger.error("Job %s failed.", job, exc_info=problem)
    return _("An unexpected error stopped the work; the administrator finds it in the log.")


def given_up() -> str:
    """Why work is not tried a fourth time."""
    return _("The work ended its worker three times and was given up.")
