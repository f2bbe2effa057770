"""The archive's work in the worker."""

from django.utils.translation import gettext_lazy as _

from procurement.jobs.models import Job
from procurement.jobs.work import job_task
from procurement.simulation import sampling, services, sweeping


@job_task(title=_("Archive snapshot"))
def make_snapshot(job: Job) -> None:
    """A snapshot of the past lots of one source."""
    services.make_snapshot(job=job)


@job_task(title=_("Simulation"), part=sweeping.part_of_sweep)
def sweep(job: Job) -> None:
    """What a policy would have changed on an archive, scenario by scenario."""
    services.sweep(job=job)


@job_task(title=_("Detailed look"), part=sweeping.part_of_look)
def look(job: Job) -> None:
    """One scenario of a simulation, award by award."""
    services.look(job=job)


@job_task(title=_("Sampled box"), part=sampling.part_of_box)
def box(job: Job) -> None:
    """How often each bid wins while values of a policy lie anywhere between two ends."""
    services.box(job=job)
