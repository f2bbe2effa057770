"""Bundles of several decisions that somebody asked for: which decisions, of which kind, and the file a worker made."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from procurement.audit.bundles import Kind
from procurement.evaluation.models import Decision
from procurement.fields import DocumentField
from procurement.jobs.models import Job

KEPT = timedelta(days=1)  # a bundle holds business secrets: its file is fetched within a day, or asked for again


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, user: Any) -> "ExportQuerySet":
        """What the reader asked for, as long as he may still read every decision in it."""
        beyond = Decision.objects.exclude(pk__in=Decision.objects.visible_to(user).values("pk"))
        return self.filter(requested_by=user).exclude(decisions__in=beyond)


class Export(models.Model):
    """A bundle of several decisions, made in the background. Its file lies outside the database (`shelf`)."""

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    decisions = models.ManyToManyField(Decision, verbose_name=_("decisions"), related_name="+")
    job = models.OneToOneField(Job, verbose_name=_("job"), on_delete=models.PROTECT, related_name="export")
    name = models.CharField(_("name of the file"), max_length=80, blank=True)
    file = models.CharField(_("file on the shelf"), max_length=80, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    fingerprint = models.CharField(_("fingerprint of the key"), max_length=64, blank=True)
    told = DocumentField(_("names it spells"), default=list)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("requested"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("bundle")
        verbose_name_plural = _("bundles")
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="export_kind_is_known", condition=Q(kind__in=["full", "communicable"])),
            models.CheckConstraint(
                name="a_finished_export_has_its_file",
                condition=Q(finished_at__isnull=True, file="", sha256="")
                | (Q(finished_at__isnull=False) & ~Q(file="") & ~Q(sha256="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())

    def get_absolute_url(self) -> str:
        return reverse("audit:export", args=[self.pk])

    @property
    def gone_at(self) -> datetime | None:
        """When its file is taken from the shelf; None before it is there."""
        return self.finished_at + KEPT if self.finished_at else None
