"""For a worker to include: sweeps in small parts, each a little slow, so that there is time to kill somebody."""

import time
from collections.abc import Mapping
from typing import Any

from procurement.jobs.models import Job
from procurement.simulation import sweeping, tasks

PAUSE_SECONDS = 0.25
at_once = tasks.sweep.part


def part(job: Job, arguments: Mapping[str, Any]) -> Any:
    time.sleep(PAUSE_SECONDS)
    return at_once(job, arguments)


sweeping.BIDS_AT_ONCE = 200_000
tasks.sweep.part = part
