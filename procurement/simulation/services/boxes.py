"""Asking how often each bid wins over ranges of values, and keeping the answer of the worker."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from procurement.jobs import parts
from procurement.jobs import services as jobs
from procurement.jobs.models import Job
from procurement.ledger import services as ledger
from procurement.people.models import User
from procurement.people.permissions import Permission, require
from procurement.people.writes import service
from procurement.policies.models import PolicyVersion
from procurement.simulation import sampling
from procurement.simulation.bindings import code_sha256
from procurement.simulation.models import ArchiveSnapshot, Box
from procurement.simulation.ranges import MOST, MOST_SEED, Range, require_ranges
from procurement.simulation.scenarios import unfit
from procurement.simulation.services.sweeps import asked_before, kept, require_area, stop, usable
from procurement.simulation.studies import require_file
from scoring.canonical import sha256

BOX = "procurement.simulation.tasks.box"
SAMPLING = gettext_noop("Drawing values, and replaying the archive under each.")


@service
def request_box(
    *,
    snapshot: ArchiveSnapshot,
    policy_version: PolicyVersion,
    ranges: Sequence[Range],
    samples: int,
    seed: int,
    local_area: str = "",
    by: User,
) -> Box:
    """Ask how often each bid wins; a worker answers it after the commit. An answered question is not asked again.

    Raises Invalid for a question that makes no sense, Refused when it cannot be answered here and now.
    """
    require(by, Permission.RUN_SWEEP)
    require_file(snapshot)
    document = usable(policy_version, None)
    require_area(local_area, document)
    require_ranges(ranges, document)
    if not 1 <= samples <= MOST:
        raise unfit(_("Take from 1 to %(most)s samples.") % {"most": MOST}, "/samples")
    if not 0 <= seed <= MOST_SEED:
        raise unfit(_("The seed is a whole number from 0 to %(most)s.") % {"most": MOST_SEED}, "/seed")
    asked = Box(
        snapshot=snapshot,
        policy_version=policy_version,
        policy_document=document,
        ranges=[dict(each) for each in ranges],
        samples=samples,
        seed=seed,
        local_area=local_area,
        policy_sha256=sha256(document),
        ranges_sha256=sha256({"ranges": [dict(each) for each in ranges], "samples": samples, "seed": seed}),
        code_sha256=code_sha256(),
        requested_by=by,
        requested_at=timezone.now(),
    )
    asked.question_sha256 = sha256({**sampling.bound(asked), "local_area": local_area})
    return asked_before(asked) or _enqueued(asked)


@service
def cancel_box(*, box: Box, by: User) -> None:
    """Stop the work on a box at once; what has ended is left alone. Whoever asked it stops it."""
    stop(box, by)


def box(*, job: Job) -> None:
    """Answer the box of a running job, and finish both together, once."""
    (found,) = parts.share(job=job, arguments=[{}], message=SAMPLING)
    asked = Box.objects.get(job=job)
    with transaction.atomic():
        result_sha256 = kept(asked, job, found["document"], file_sha256=found["file_sha256"])
        ledger.record("box.finished", asked, by=job.requested_by, after=result_sha256)


def _enqueued(asked: Box) -> Box:
    asked.job = jobs.enqueue(
        task=BOX, arguments={}, provenance=sampling.bound(asked), by=asked.requested_by, now=asked.requested_at
    )
    asked.save()
    ledger.record("box.requested", asked, by=asked.requested_by, at=asked.requested_at, after=asked.question_sha256)
    return asked
