"""The letters to tenderers: what a buyer adds to them, and what was recorded as sent."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from procurement.evaluation.models.judging import Decision
from procurement.fields import DocumentField
from procurement.tenders.models import Bid


class LetterParagraph(models.Model):
    """What a buyer adds to the letter to one tenderer, in his own words. Rows are only added; the last of a bid counts.

    An empty text takes the paragraph out again.
    """

    bid = models.ForeignKey(Bid, verbose_name=_("bid"), on_delete=models.PROTECT, related_name="letter_paragraphs")
    text = models.TextField(_("paragraph"), blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name = _("paragraph of a letter")
        verbose_name_plural = _("paragraphs of letters")
        ordering = ["bid", "pk"]

    def __str__(self) -> str:
        return f"{self.bid}: {self.text}"


class SentLetters(models.Model):
    """The letters of a decided lot as they were sent, all of them; a correction is the next number. Append-only.

    `document` is ``{"letters": […]}``, each as `letters.composition.compose` makes it; `sha256` is that of its RFC
    8785 bytes. `signable_on` is the first day the contract may be signed, None where no standstill is imposed.
    """

    class Way(models.TextChoices):
        ELECTRONIC = "electronic", _("electronically")
        OTHER = "other", _("by other means")

    decision = models.ForeignKey(
        Decision, verbose_name=_("decision"), on_delete=models.PROTECT, related_name="sent_letters"
    )
    number = models.PositiveSmallIntegerField(_("number"))
    document = DocumentField(_("letters"))
    sha256 = models.CharField(_("SHA-256 of the letters"), max_length=64)
    way = models.CharField(_("way"), max_length=10, choices=Way)
    sent_on = models.DateField(_("sent"))
    signable_on = models.DateField(_("the contract may be signed from"), null=True, blank=True)
    reason = models.TextField(_("reason for the correction"), blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("sent letters")
        verbose_name_plural = _("sent letters")
        ordering = ["decision", "number"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "number"], name="one_sending_per_number"),
            models.CheckConstraint(
                name="a_correction_of_letters_has_its_reason", condition=Q(number=1, reason="") | ~Q(reason="")
            ),
            models.CheckConstraint(name="letters_leave_in_a_known_way", condition=Q(way__in=["electronic", "other"])),
        ]

    def __str__(self) -> str:
        return f"{self.decision} – {self.number}"
