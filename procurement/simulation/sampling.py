"""What a worker computes of a box: every sample over the whole archive, counted by bid."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from procurement.jobs import services as jobs
from procurement.jobs.models import Job
from procurement.simulation.models import Box
from procurement.simulation.ranges import box_of
from procurement.simulation.sweeping import refusing, study_for, written

Document = dict[str, Any]


@refusing()
def part_of_box(job: Job, _arguments: Mapping[str, Any]) -> Document:
    """The `bareme-box/1` document of a box, and the SHA-256 of the file of its lots.

    Raises Cancelled between some samples once the job has ended.
    """
    from scoring.portfolio.box import sample  # compiled kernels: workers alone load them

    asked = Box.objects.select_related("snapshot").get(job=job)
    heed = partial(jobs.heed, job=job)
    study = study_for(asked, jobs.heeding(job=job))
    shares = sample(study, box_of(asked.ranges), samples=asked.samples, seed=asked.seed, heed=heed)
    heed()
    document = {**shares.document(), "ranges": asked.ranges, "bound": bound(asked)}
    return {"document": document, "file_sha256": written(shares.table(), asked.path)}


def bound(box: Box) -> dict[str, str]:
    """The hashes of what the answer to a box was made from."""
    return {
        "data": box.snapshot.sha256,
        "policy": box.policy_sha256,
        "ranges": box.ranges_sha256,
        "code": box.code_sha256,
    }
