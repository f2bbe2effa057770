"""Proof documents of a bid: dated, hashed, only ever added; one that is withdrawn stays with its reason."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from procurement.tenders.models.bid import Bid


class ProofQuerySet(models.QuerySet["ProofDocument"]):
    def visible_to(self, user: Any) -> "ProofQuerySet":
        return self.filter(bid__in=Bid.objects.visible_to(user))

    def with_people(self) -> "ProofQuerySet":
        """With who added it, and its withdrawal where it has one: no query more."""
        return self.select_related("added_by", "withdrawal__withdrawn_by")


class ProofDocument(models.Model):
    """What a tenderer hands in to prove something it says; the row of a file that `proofs.files` keeps.

    ``about`` says what is proved, as `proofs.subjects` writes it: a text, as the lines of a bid may be entered anew.
    """

    class Kind(models.TextChoices):
        ORIGIN_DECLARATION = "origin_declaration", _("Declaration of origin")
        ORIGIN_CERTIFICATE = "origin_certificate", _("Certificate of origin, EUR.1 or A.TR")
        TECHNICAL_FILE = "technical_file", _("Technical file")
        ENVIRONMENTAL_DECLARATION = "environmental_declaration", _("Environmental declaration")
        ECOLABEL = "ecolabel", _("Ecolabel")
        CONSTITUTION = "constitution", _("Statement of constitution of the operator")
        OTHER = "other", _("Other document")

    class MediaType(models.TextChoices):
        PDF = "application/pdf", "PDF"
        PNG = "image/png", "PNG"
        JPEG = "image/jpeg", "JPEG"

    bid = models.ForeignKey(Bid, verbose_name=_("bid"), on_delete=models.PROTECT, related_name="proofs")
    kind = models.CharField(_("kind of document"), max_length=30, choices=Kind)
    about = models.CharField(_("what it proves"), max_length=120)
    title = models.CharField(_("title"), max_length=200)
    issued_on = models.DateField(_("issued on"))
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    # Shown, never used as a path: the file is kept under its hash.
    original_name = models.CharField(_("name of the file"), max_length=200)
    media_type = models.CharField(_("type of the file"), max_length=20, choices=MediaType)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("added"))

    objects = ProofQuerySet.as_manager()

    class Meta:
        verbose_name = _("proof document")
        verbose_name_plural = _("proof documents")
        ordering = ["bid", "pk"]
        constraints = [
            models.CheckConstraint(
                name="proof_expires_after_its_issue",
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("issued_on")),
            ),
            models.CheckConstraint(name="proof_says_what_it_proves", condition=~Q(about="") & ~Q(title="")),
            models.CheckConstraint(name="proof_has_its_file", condition=Q(size__gt=0) & ~Q(sha256="")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def standing(self) -> bool:
        """Whether nobody has withdrawn it; from `with_people` without a query."""
        return not hasattr(self, "withdrawal")

    @property
    def file_name(self) -> str:
        """The name it leaves the portal under: no tenderer's, no title."""
        return f"proof-{self.pk}.{self.MediaType(self.media_type).name.lower()}"


class ProofWithdrawal(models.Model):
    """Why a proof document no longer counts; the document stays."""

    proof = models.OneToOneField(
        ProofDocument, verbose_name=_("proof document"), on_delete=models.PROTECT, related_name="withdrawal"
    )
    reason = models.TextField(_("reason"))
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn"))

    class Meta:
        verbose_name = _("withdrawal of a proof document")
        verbose_name_plural = _("withdrawals of proof documents")
        ordering = ["proof"]
        constraints = [models.CheckConstraint(name="proof_withdrawal_has_a_reason", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.proof} – {self.withdrawn_at}"
