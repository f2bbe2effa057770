"""Work that only the tests ask for: it counts, slowly enough to be killed, and says how far it is."""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from procurement.jobs import parts, services
from procurement.jobs.models import Job
from procurement.jobs.work import job_task
from procurement.people.refusals import Refused

COUNT = "tests.jobs.counting.count"
REFUSE = "tests.jobs.counting.refuse"
BREAK = "tests.jobs.counting.break_down"
FORGET = "tests.jobs.counting.forget"
SQUARES = "tests.jobs.counting.squares"


@job_task(title="Counting")
def count(job: Job) -> None:
    """Count to `steps`, `pause` seconds apart."""
    steps = job.arguments["steps"]
    for step in range(steps):
        services.progress(job=job, done=step, total=steps, message=gettext_noop("Counting"))
        time.sleep(job.arguments["pause"])
    with transaction.atomic():
        services.finish(job=job, result={"counted": steps})
    with Path(job.arguments["trace"]).open("a") as trace:
        trace.write("finished\n")


@job_task(title="Refusing")
def refuse(job: Job) -> None:
    raise Refused("The envelope of 2025 is closed.")


@job_task(title="Breaking down")
def break_down(job: Job) -> None:
    raise ZeroDivisionError("a secret of the inside")


@job_task(title="Forgetting")
def forget(job: Job) -> None:
    """Return without finishing, which is a fault of the programmer."""


def square(job: Job, arguments: Mapping[str, Any]) -> dict[str, int]:
    """The square of a number, after `pause` seconds; the trace says which process found it. No negative number."""
    time.sleep(job.arguments["pause"])
    if arguments["number"] < 0:
        raise Refused(f"There is no root of {arguments['number']}.")
    with Path(job.arguments["trace"]).open("a") as trace:
        trace.write(f"{arguments['number']} {os.getpid()}\n")
    return {"square": arguments["number"] ** 2}


@job_task(title="Squaring", part=square)
def squares(job: Job) -> None:
    """The squares of `numbers`, each a part."""
    arguments = [{"number": number} for number in job.arguments["numbers"]]
    found = parts.share(job=job, arguments=arguments, message=gettext_noop("Counting"))
    with transaction.atomic():
        services.finish(job=job, result={"squares": [each["square"] for each in found]})
