"""Boxes: how often each bid of a snapshot wins while values of a policy lie anywhere between two ends, sampled."""

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
from procurement.simulation.models.sweeps import FINISHED_WHOLE


class Box(models.Model):
    """One question: how often each bid wins over the `ranges`, by `samples` draws that `seed` reproduces.

    `ranges` is `[{"path": "measures.european_points.amount", "low": "0", "high": "10"}, …]`, numbers as the policy
    document writes them. A cash-back changes no winner: a box has no scheme but the one its policy embeds.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    snapshot = models.ForeignKey(ArchiveSnapshot, models.PROTECT, related_name="boxes", verbose_name=_("archive"))
    policy_version = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+", verbose_name=_("policy"))
    policy_document = DocumentField(_("policy"))
    ranges = DocumentField(_("ranges"))
    samples = models.PositiveIntegerField(_("samples"))
    seed = models.PositiveBigIntegerField(_("seed"))
    local_area = models.CharField(_("area of the contract’s own country"), max_length=80, blank=True)
    policy_sha256 = models.CharField(_("SHA-256 of the policy"), max_length=64)
    ranges_sha256 = models.CharField(_("SHA-256 of the ranges"), max_length=64)
    code_sha256 = models.CharField(_("SHA-256 of the code"), max_length=64)
    question_sha256 = models.CharField(_("SHA-256 of the question"), max_length=64, db_index=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="boxes", verbose_name=_("requested by")
    )
    requested_at = models.DateTimeField(_("requested"))
    job = models.OneToOneField(Job, models.PROTECT, related_name="box", verbose_name=_("job"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    result = DocumentField(_("result"), null=True, blank=True)
    result_sha256 = models.CharField(_("SHA-256 of the result"), max_length=64, blank=True)
    file_sha256 = models.CharField(_("SHA-256 of the file of lots"), max_length=64, blank=True)

    objects = OfPolicyStaff["Box"].as_manager()

    carbon = ""  # an indicator changes no winner
    scheme_version = None
    scheme_version_id = None

    class Meta:
        verbose_name = _("sampled box")
        verbose_name_plural = _("sampled boxes")
        ordering = ["-requested_at"]
        constraints = [
            models.CheckConstraint(name="a_box_is_finished_whole", condition=FINISHED_WHOLE),
            models.CheckConstraint(
                name="a_finished_box_has_its_file", condition=Q(result__isnull=True) | ~Q(file_sha256="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_version} – {self.snapshot}"

    def get_absolute_url(self) -> str:
        return reverse("simulation:box", args=[self.pk])

    @property
    def path(self) -> Path:
        """Where the file of its lots lies once it is finished."""
        return Path(settings.ARCHIVES) / "boxes" / f"{self.pk}.parquet"
