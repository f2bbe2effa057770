"""The reference corpus: grids of criteria that other buyers published, their source, and what was refused of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from procurement.fields import DocumentField


class ReferenceImport(models.Model):
    """One reading of a file of published criteria. The same file read again changes nothing."""

    source = models.CharField(_("source"), max_length=40)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    imported_at = models.DateTimeField(_("imported"))
    counts = models.JSONField(_("counts"))

    class Meta:
        verbose_name = _("import of published criteria")
        verbose_name_plural = _("imports of published criteria")
        ordering = ["-imported_at"]
        constraints = [models.UniqueConstraint(fields=["source", "sha256"], name="one_reading_of_the_same_criteria")]

    def __str__(self) -> str:
        return f"{self.source} {self.sha256[:8]}"


class ReferenceGrid(models.Model):
    """The criteria of one lot of a published notice, or of lots that share them; their weights total 100.

    ``criteria`` is a list of {"title", "weight", "kind", "by_words"} and, of a part, "parent"; ``shape`` as
    `reference.shapes` writes it; ``searched`` its words without accents, in small letters.
    """

    reference_import = models.ForeignKey(
        ReferenceImport, verbose_name=_("import"), on_delete=models.CASCADE, related_name="grids"
    )
    notice = models.CharField(_("notice"), max_length=20)
    position = models.PositiveIntegerField(_("position in the notice"))
    lots = models.TextField(_("lots"), blank=True)
    month = models.CharField(_("month"), max_length=7)
    buyer = models.CharField(_("buyer"), max_length=300)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    town = models.CharField(_("town"), max_length=100, blank=True)
    health = models.BooleanField(_("hospital, as the source guesses from its name"))
    procedure = models.CharField(_("procedure"), max_length=60, blank=True)
    criteria = DocumentField(_("criteria"))
    shape = models.CharField(_("shape"), max_length=120)
    price_weight = models.PositiveSmallIntegerField(_("weight of price and cost"))
    repair = models.CharField(_("how the weights came to total 100"), max_length=40, blank=True)
    rows = models.PositiveIntegerField(_("rows of the file"))
    searched = models.TextField(_("words searched"))

    class Meta:
        verbose_name = _("published grid of criteria")
        verbose_name_plural = _("published grids of criteria")
        ordering = ["notice", "position"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "position"], name="a_notice_is_kept_once"),
            models.CheckConstraint(name="price_weighs_at_most_100", condition=Q(price_weight__lte=100)),
        ]
        indexes = [models.Index(fields=["shape"], name="reference_shape")]

    def __str__(self) -> str:
        return f"{self.notice} {self.buyer}"


class ReferenceRefusal(models.Model):
    """A notice of which no grid was made, and why; ``reason`` is a key of `reference.reasons.REASONS`."""

    reference_import = models.ForeignKey(
        ReferenceImport, verbose_name=_("import"), on_delete=models.CASCADE, related_name="refusals"
    )
    notice = models.CharField(_("notice"), max_length=20, blank=True)
    first_row = models.PositiveIntegerField(_("first row in the file"))
    rows = models.PositiveIntegerField(_("rows of the file"))
    total = models.PositiveIntegerField(_("total of the weights"), null=True)
    reason = models.CharField(_("reason"), max_length=40)

    class Meta:
        verbose_name = _("refused notice")
        verbose_name_plural = _("refused notices")
        ordering = ["reference_import", "first_row"]
        constraints = [
            models.UniqueConstraint(fields=["reference_import", "first_row"], name="a_notice_is_refused_once"),
            models.CheckConstraint(name="a_refused_notice_has_its_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.notice} {self.reason}"
