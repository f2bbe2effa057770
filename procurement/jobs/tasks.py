"""The message that calls a worker to help with the job that another one holds."""

from celery import shared_task

from procurement.jobs import parts


@shared_task(name=parts.HELP)
def help_with(job_id: str) -> None:
    """Do parts of a job until none waits."""
    parts.help_with(job_id=job_id)
