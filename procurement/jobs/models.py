"""Background work as rows: the row is the truth, the broker's message only wakes a worker up."""

import math
import uuid
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from procurement.fields import DocumentField


class State(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


ENDED = (State.DONE, State.FAILED, State.CANCELLED)


class Jobs(models.QuerySet["Job"]):
    def visible_to(self, user: Any) -> Self:
        """The jobs `user` asked for: nobody reads or cancels another person's."""
        return self.filter(requested_by=user)

    def held(self, job: "Job") -> Self:
        """The row of `job` while it runs under the claim that `job` was read with; else no row."""
        return self.filter(pk=job.pk, state=State.RUNNING, claim=job.claim)


class Job(models.Model):
    """One piece of background work: who asked for what, bound to which data, and how far it is.

    `task` is the dotted name of a function marked `jobs.work.job_task`. `claim` is the token of the worker
    that runs it: every write of a run is conditional on it, so that a worker believed dead can no longer
    write.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.CharField(_("task"), max_length=120)
    arguments = DocumentField(_("arguments"), default=dict)
    provenance = DocumentField(_("provenance"), default=dict, help_text=_("Hashes of the data it is bound to."))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="jobs", verbose_name=_("requested by")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField(_("steps done"), default=0)
    total = models.PositiveIntegerField(_("steps in all"), default=0)
    message = models.CharField(_("message"), max_length=120, blank=True, help_text=_("What it does now, untranslated."))
    result = DocumentField(_("result"), null=True)
    error = models.TextField(_("error"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claim = models.UUIDField(_("claim"), null=True, editable=False)
    worker = models.CharField(_("worker"), max_length=32, blank=True)
    created_at = models.DateTimeField(_("requested at"))
    woken_at = models.DateTimeField(_("last announced at"))
    started_at = models.DateTimeField(_("started at"), null=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    objects = Jobs.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["requested_by", "-created_at"]),
            models.Index(fields=["state", "heartbeat_at"]),
        ]
        constraints = [
            models.CheckConstraint(name="job_state_is_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="job_done_within_total", condition=Q(done__lte=F("total"))),
            models.CheckConstraint(
                name="job_runs_under_a_claim",
                condition=~Q(state=State.RUNNING)
                | Q(claim__isnull=False, started_at__isnull=False, heartbeat_at__isnull=False),
            ),
            models.CheckConstraint(
                name="job_ends_at_a_time",
                condition=Q(state__in=ENDED, finished_at__isnull=False)
                | (~Q(state__in=ENDED) & Q(finished_at__isnull=True)),
            ),
            models.CheckConstraint(name="job_failure_says_why", condition=~Q(state=State.FAILED) | ~Q(error="")),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.id}"

    def get_absolute_url(self) -> str:
        return reverse("jobs:job", args=[self.pk])

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    @property
    def title(self) -> str:
        """What people call this work, in the reader's language: the title its task was marked with."""
        try:
            return str(import_string(self.task).title)
        except ImportError:  # an older version of the software knew this task
            return self.task

    @property
    def doing(self) -> str:
        """What it does now, in the reader's language."""
        return gettext(self.message) if self.message else ""

    @property
    def time_left(self) -> timedelta | None:
        """How long it still takes at the pace so far; None while nobody can say."""
        if self.state != State.RUNNING or not self.done or self.started_at is None:
            return None
        return (timezone.now() - self.started_at) / self.done * (self.total - self.done)

    @property
    def minutes_left(self) -> int | None:
        """The time left in whole minutes rounded up; None under a minute (`seconds_left`) and while nobody can say."""
        left = self.time_left
        return None if left is None or left < timedelta(minutes=1) else math.ceil(left / timedelta(minutes=1))

    @property
    def seconds_left(self) -> int | None:
        """The time left in whole seconds rounded up, when it is under a minute."""
        left = self.time_left
        return None if left is None or left >= timedelta(minutes=1) else math.ceil(left / timedelta(seconds=1))


class Parts(models.QuerySet["Part"]):
    def waiting(self) -> Self:
        """Parts that a worker may take: nobody works on them, and none of them is finished or has failed."""
        return self.filter(claim__isnull=True, finished_at__isnull=True, error="")

    def held(self, part: "Part") -> Self:
        """The row of `part` while it is worked on under the claim that `part` was taken with; else no row."""
        return self.filter(pk=part.pk, claim=part.claim, finished_at__isnull=True)


class Part(models.Model):
    """A piece of a job that any worker may do; the worker that holds the job puts their results together.

    `arguments` says what to do, `result` what came of it: both documents are the same whoever does it, and when.
    There are rows as long as the job has not ended, and none after it.
    """

    job = models.ForeignKey(Job, models.CASCADE, related_name="parts", verbose_name=_("job"))
    number = models.PositiveIntegerField(_("number"))
    arguments = DocumentField(_("arguments"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claim = models.UUIDField(_("claim"), null=True, editable=False)
    worker = models.CharField(_("worker"), max_length=32, blank=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True)
    result = DocumentField(_("result"), null=True)
    error = models.TextField(_("error"), blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    objects = Parts.as_manager()

    class Meta:
        verbose_name = _("part of a job")
        verbose_name_plural = _("parts of jobs")
        ordering = ["job", "number"]
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="one_part_of_a_number"),
            models.CheckConstraint(
                name="a_finished_part_has_its_result",
                condition=Q(finished_at__isnull=True, result__isnull=True)
                | Q(finished_at__isnull=False, result__isnull=False, error=""),
            ),
            models.CheckConstraint(
                name="a_part_is_worked_on_under_a_claim",
                condition=Q(claim__isnull=True, worker="") | (Q(heartbeat_at__isnull=False) & ~Q(worker="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.number}"
