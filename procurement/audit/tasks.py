"""Bundles of several decisions in the worker."""

from django.utils.translation import gettext_lazy as _

from procurement.audit import requests
from procurement.jobs.models import Job
from procurement.jobs.work import job_task


@job_task(title=_("Bundle of evidence"))
def make_bundle(job: Job) -> None:
    """One bundle of the decisions somebody chose."""
    requests.make(job=job)
