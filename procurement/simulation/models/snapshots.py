"""Archive snapshots: immutable files of past lots that workers replay, each known by its SHA-256."""

from pathlib import Path
from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from procurement.people.roles import Role
from procurement.people.templatetags.reading import moment

Row = TypeVar("Row", bound=models.Model)


class OfPolicyStaff(models.QuerySet[Row]):
    """Snapshots, and what is asked of them."""

    def visible_to(self, user: Any) -> Self:
        """Policy officers see every row, nobody else sees one."""
        return self if user.role == Role.POLICY_OFFICER else self.none()


class ArchiveSnapshot(models.Model):
    """What is known of one snapshot without opening its file, which lies under `settings.ARCHIVES`."""

    class Source(models.TextChoices):
        WORLDBANK = "worldbank", _("World Bank")
        TSUCHIURA = "tsuchiura", _("Tsuchiura")
        PORTAL = "portal", _("Closed lots of this portal")
        DEMONSTRATION = "demonstration", _("Invented, for the demonstration")

    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, unique=True)
    source = models.CharField(_("source"), max_length=40, choices=Source)
    title = models.CharField(_("title"), max_length=200)
    provenance = models.JSONField(_("provenance"), help_text=_("What every figure made of it repeats."))
    lots = models.PositiveIntegerField(_("lots"))
    bids = models.PositiveIntegerField(_("bids"))
    currencies = models.JSONField(_("currencies"))
    countries = models.JSONField(_("countries of the contracts"))
    first_award = models.DateField(_("first award"), null=True)
    last_award = models.DateField(_("last award"), null=True)
    measured = models.JSONField(_("indicators its bids state in numbers"), default=list, blank=True)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("made by"),
        help_text=_("Nobody: the operator at the command line."),
    )

    objects = OfPolicyStaff["ArchiveSnapshot"].as_manager()

    class Meta:
        verbose_name = _("archive snapshot")
        verbose_name_plural = _("archive snapshots")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        """Its source and its time, which tell it from the others; the title, in English, is that of the file."""
        return f"{self.get_source_display()}, {moment(self.made_at)}"

    def get_absolute_url(self) -> str:
        return f"{reverse('simulation:archive')}#snapshots"

    @property
    def path(self) -> Path:
        """Where its file lies on every machine that has one."""
        return Path(settings.ARCHIVES) / f"{self.sha256}.parquet"
