"""Sweeps, each one question to a snapshot, and looks, each one scenario of a sweep seen closely."""

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from procurement.fields import DocumentField
from procurement.jobs.models import Job
from procurement.policies.models import PolicyVersion
from procurement.simulation.models.snapshots import ArchiveSnapshot, OfPolicyStaff

FINISHED_WHOLE = Q(result__isnull=True, finished_at__isnull=True, result_sha256="") | (
    Q(result__isnull=False, finished_at__isnull=False) & ~Q(result_sha256="")
)


class Sweep(models.Model):
    """One question: what a policy would have changed on a snapshot, for each combination of the values of `axes`.

    `axes` is `[{"path": "measures.european_points.amount", "values": ["3", "5", "10"]}, …]`; the scenarios are
    their product, the last axis fastest. `question_sha256` binds the question to the data, the policy, the
    scenarios, the options and the code that answers it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    snapshot = models.ForeignKey(ArchiveSnapshot, models.PROTECT, related_name="sweeps", verbose_name=_("archive"))
    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+", verbose_name=_("policy"))
    scheme_version = models.ForeignKey(
        PolicyVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cash-back scheme")
    )
    policy_document = DocumentField(_("policy and scheme as one document"))
    axes = DocumentField(_("varied values"))
    local_area = models.CharField(
        _("area of the contract’s own country"),
        max_length=80,
        blank=True,
        help_text=_("An area of the policy that is replaced, for each lot, by the country of its buyer."),
    )
    carbon = models.CharField(_("indicator of CO2e"), max_length=80, blank=True)
    policy_sha256 = models.CharField(_("SHA-256 of the policy"), max_length=64)
    scenarios_sha256 = models.CharField(_("SHA-256 of the scenarios"), max_length=64)
    code_sha256 = models.CharField(_("SHA-256 of the code"), max_length=64)
    question_sha256 = models.CharField(_("SHA-256 of the question"), max_length=64, db_index=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="sweeps", verbose_name=_("requested by")
    )
    requested_at = models.DateTimeField(_("requested"))
    job = models.OneToOneField(Job, models.PROTECT, related_name="sweep", verbose_name=_("job"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    result = DocumentField(_("result"), null=True, blank=True)
    result_sha256 = models.CharField(_("SHA-256 of the result"), max_length=64, blank=True)
    curve_file_sha256 = models.CharField(_("SHA-256 of the file of the step curve"), max_length=64, blank=True)

    objects = OfPolicyStaff["Sweep"].as_manager()

    class Meta:
        verbose_name = _("simulation")
        verbose_name_plural = _("simulations")
        ordering = ["-requested_at"]
        constraints = [models.CheckConstraint(name="a_sweep_is_finished_whole", condition=FINISHED_WHOLE)]

    def __str__(self) -> str:
        return f"{self.policy_version} – {self.snapshot}"

    def get_absolute_url(self) -> str:
        return reverse("simulation:sweep", args=[self.pk])

    @property
    def curve_path(self) -> Path:
        """Where the file of its step curve lies, when it has one."""
        return Path(settings.ARCHIVES) / "sweeps" / f"{self.pk}-curve.parquet"


class Look(models.Model):
    """One scenario of a sweep seen closely; one that failed is asked for again under the same row, by a new job."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sweep = models.ForeignKey(Sweep, models.PROTECT, related_name="looks", verbose_name=_("simulation"))
    scenario = models.PositiveIntegerField(_("number of the scenario in the simulation"))
    job = models.OneToOneField(Job, models.PROTECT, related_name="look", verbose_name=_("job"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    result = DocumentField(_("result"), null=True, blank=True)
    result_sha256 = models.CharField(_("SHA-256 of the result"), max_length=64, blank=True)
    file_sha256 = models.CharField(_("SHA-256 of the file of changed lots"), max_length=64, blank=True)

    objects = OfPolicyStaff["Look"].as_manager()

    class Meta:
        verbose_name = _("detailed look")
        verbose_name_plural = _("detailed looks")
        ordering = ["sweep", "scenario"]
        constraints = [
            models.UniqueConstraint(fields=["sweep", "scenario"], name="one_look_at_a_scenario"),
            models.CheckConstraint(name="a_look_is_finished_whole", condition=FINISHED_WHOLE),
            models.CheckConstraint(
                name="a_finished_look_has_its_file", condition=Q(result__isnull=True) | ~Q(file_sha256="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sweep} – {self.scenario}"

    def get_absolute_url(self) -> str:
        return reverse("simulation:look", args=[self.sweep_id, self.scenario])

    @property
    def path(self) -> Path:
        """Where the file of its changed lots lies once it is finished."""
        return Path(settings.ARCHIVES) / "looks" / f"{self.pk}.parquet"
