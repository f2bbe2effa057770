"""The background work a reader asked for: how far it is, what came of it, and how to stop it."""

from uuid import UUID

from django.apps import apps
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from procurement.jobs import services
from procurement.jobs.models import Job
from procurement.people.models import User
from procurement.people.permissions import Permission, fetch, require
from procurement.people.reader import reader


@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """Every job of the reader, newest first."""
    require(request.user, Permission.READ_JOB)
    page = Paginator(Job.objects.visible_to(request.user), 25).get_page(request.GET.get("page"))
    return render(request, "jobs/list.html", {"page": page})


@require_safe
def job(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One job: progress while it runs, then its result or the sentence that says why there is none."""
    found = fetch(request.user, Permission.READ_JOB, Job.objects.all(), pk)
    return render(request, "jobs/job.html", {"job": found, "results": _results(found, reader(request))})


@require_safe
def progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The part of a page that renews itself; once the job has ended, the whole page is asked to."""
    found = fetch(request.user, Permission.READ_JOB, Job.objects.all(), pk)
    if found.ended:
        return HttpResponseClientRefresh()
    return render(request, "jobs/progress.html", {"job": found})


@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a job; back to its page, which says what became of it."""
    found = fetch(request.user, Permission.CANCEL_JOB, Job.objects.all(), pk)
    services.cancel(job=found, by=reader(request))
    return redirect(found)


def _results(job: Job, by: User) -> list[models.Model]:
    """The rows a job wrote, by the names its result gives them: `{"cashback.Estimate": 12}`.

    Only those ``by`` may still see: whoever left a hospital keeps the job, not what it found.
    """
    wrote = [(apps.get_model(label)._default_manager, pk) for label, pk in (job.result or {}).items()]
    rows = (rows.visible_to(by).filter(pk=pk).first() for rows, pk in wrote)
    return [row for row in rows if row is not None]
