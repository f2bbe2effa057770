"""Cash-back estimates of a hospital's year: what a proposed scheme would bring, bound to the data it was read from."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from procurement.fields import DocumentField
from procurement.jobs.models import Job
from procurement.people.models import Hospital
from procurement.people.roles import Role
from procurement.people.scope import hospitals_of, mandates_of
from procurement.policies.models import PolicyVersion


class EstimateQuerySet(models.QuerySet["Estimate"]):
    def visible_to(self, user: Any) -> "EstimateQuerySet":
        """A buyer sees his hospitals' estimates; an auditor those of the hospitals and the years of his mandates."""
        if user.role == Role.BUYER:
            return self.filter(hospital__in=hospitals_of(user))
        if user.role == Role.AUDITOR:
            year = models.OuterRef("year")
            covering = mandates_of(user).filter(
                hospitals=models.OuterRef("hospital"), starts_on__year__lte=year, ends_on__year__gte=year
            )
            return self.filter(models.Exists(covering))
        return self.none()


class Estimate(models.Model):
    """The cash-back of one hospital for one calendar year of award, under one policy version and one scheme.

    `data_sha256` binds it to the awarded cases it read, `rules_sha256` to the policy and the scheme; when either
    is no longer what the database holds, the estimate is shown as stale.
    """

    hospital = models.ForeignKey(
        Hospital, verbose_name=_("hospital"), on_delete=models.PROTECT, related_name="estimates"
    )
    year = models.PositiveSmallIntegerField(_("year"))
    policy_version = models.ForeignKey(
        PolicyVersion, verbose_name=_("policy"), on_delete=models.PROTECT, related_name="+"
    )
    scheme_version = models.ForeignKey(
        PolicyVersion,
        verbose_name=_("cash-back scheme"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    job = models.OneToOneField(Job, verbose_name=_("job"), on_delete=models.PROTECT, related_name="estimate")
    data_sha256 = models.CharField(_("SHA-256 of the data"), max_length=64, blank=True)
    rules_sha256 = models.CharField(_("SHA-256 of the rules"), max_length=64)
    result = DocumentField(_("result"), null=True, blank=True)
    result_sha256 = models.CharField(_("SHA-256 of the result"), max_length=64, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("requested"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = EstimateQuerySet.as_manager()

    class Meta:
        verbose_name = _("cash-back estimate")
        verbose_name_plural = _("cash-back estimates")
        ordering = ["-requested_at"]
        constraints = [
            models.CheckConstraint(
                name="a_result_has_its_hashes",
                condition=Q(result__isnull=True, finished_at__isnull=True, result_sha256="")
                | (Q(result__isnull=False, finished_at__isnull=False) & ~Q(result_sha256="") & ~Q(data_sha256="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.hospital} {self.year} – {self.policy_version}"

    def get_absolute_url(self) -> str:
        return reverse("cashback:estimate", args=[self.pk])
