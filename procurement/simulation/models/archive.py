"""The archive: past contracts as case documents, with where each came from and what was refused."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from procurement.fields import DocumentField
from procurement.simulation.names import short


class ArchiveImport(models.Model):
    """One reading of foreign files. The same files read again change nothing, so a pair of hashes is unique."""

    source = models.CharField(_("source"), max_length=40)
    sha256 = models.CharField(_("SHA-256 of the files"), max_length=64)
    imported_at = models.DateTimeField(_("imported"))
    counts = models.JSONField(_("counts"))

    class Meta:
        verbose_name = _("archive import")
        verbose_name_plural = _("archive imports")
        ordering = ["-imported_at"]
        constraints = [models.UniqueConstraint(fields=["source", "sha256"], name="one_import_of_the_same_files")]

    def __str__(self) -> str:
        return f"{self.source} {self.sha256[:8]}"


class ImportedRow(models.Model):
    """What became of one row of a foreign file: kept, merged or refused, and why."""

    class Outcome(models.TextChoices):
        KEPT = "kept", _("kept")
        MERGED = "merged", _("merged")
        REFUSED = "refused", _("refused")

    archive_import = models.ForeignKey(
        ArchiveImport, verbose_name=_("import"), on_delete=models.CASCADE, related_name="rows"
    )
    file = models.CharField(_("file"), max_length=40)
    row = models.PositiveIntegerField(_("row"))
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome)
    reason = models.CharField(_("reason"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        ordering = ["archive_import", "file", "row"]
        constraints = [
            models.UniqueConstraint(fields=["archive_import", "file", "row"], name="a_row_ends_once"),
            models.CheckConstraint(name="a_refusal_has_its_reason", condition=Q(outcome="kept") | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.file}:{self.row} {self.outcome}"


class ArchiveCase(models.Model):
    """A past contract as a case document of the scoring specification."""

    class Origin(models.TextChoices):
        GOODS = "goods", _("origin of the goods")
        BIDDERS = "bidders", _("nationality of the bidders")
        UNKNOWN = "unknown", _("unknown")

    archive_import = models.ForeignKey(
        ArchiveImport, verbose_name=_("import"), on_delete=models.CASCADE, related_name="cases"
    )
    source = models.CharField(_("source"), max_length=40)
    key = models.CharField(_("key"), max_length=300)
    country = models.CharField(_("country of the contract"), max_length=2, blank=True)
    origin = models.CharField(_("what origin means"), max_length=8, choices=Origin)
    domestic_and_foreign = models.BooleanField(_("domestic and foreign bidders, all known"), default=False)
    awarded_bid = models.CharField(_("bid the source says was awarded"), max_length=40, blank=True)
    awarded_on = models.DateField(_("day of the award"), null=True)  # null where the source says none
    document = DocumentField(_("case"))
    sha256 = models.CharField(_("SHA-256 of the case"), max_length=64)
    bids = models.PositiveIntegerField(_("bids"))

    class Meta:
        verbose_name = _("archived case")
        verbose_name_plural = _("archived cases")
        ordering = ["source", "key"]
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="one_case_per_contract")]

    def __str__(self) -> str:
        return f"{self.source} {self.key}"

    @property
    def name(self) -> str:
        return short(self.key)
