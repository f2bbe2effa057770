"""Cash-back estimates in the worker."""

from django.utils.translation import gettext_lazy as _

from procurement.cashback import services
from procurement.jobs.models import Job
from procurement.jobs.work import job_task


@job_task(title=_("Cash-back estimate"))
def estimate(job: Job) -> None:
    """The cash-back of one hospital's year."""
    services.estimate(job=job)
