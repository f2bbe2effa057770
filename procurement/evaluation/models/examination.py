"""What the examination of a bid leaves before it is judged: requests to regularise it, and the versions it had."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from procurement.fields import DocumentField
from procurement.tenders.models import Bid, Lot


class RegularisationQuerySet(models.QuerySet["Regularisation"]):
    def visible_to(self, user: Any) -> "RegularisationQuerySet":
        return self.filter(bid__lot__in=Lot.objects.visible_to(user))

    def pending(self) -> "RegularisationQuerySet":
        """Those the buyer has not concluded."""
        return self.filter(conclusion=None)

    def with_what_came(self) -> "RegularisationQuerySet":
        """With tenderer, answers, conclusion and those who wrote them: two queries in all."""
        rows = self.select_related("bid__supplier", "requested_by", "conclusion__concluded_by")
        answers = RegularisationAnswer.objects.select_related("recorded_by")
        return rows.prefetch_related(models.Prefetch("answers", answers))


class Regularisation(models.Model):
    """What a tenderer was asked to mend in an irregular bid, and by when (CCP R2152-2). Rows are only added."""

    bid = models.ForeignKey(Bid, verbose_name=_("bid"), on_delete=models.PROTECT, related_name="regularisations")
    irregularity = models.TextField(_("what makes the bid irregular"))
    asked = models.TextField(_("what the tenderer is asked"))
    sent_at = models.DateTimeField(_("sent"))
    due_at = models.DateTimeField(_("to be answered by"))
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("recorded"))

    objects = RegularisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for regularisation")
        verbose_name_plural = _("requests for regularisation")
        ordering = ["bid", "pk"]
        constraints = [
            models.CheckConstraint(
                name="regularisation_says_what_is_asked", condition=~Q(irregularity="") & ~Q(asked="")
            ),
            models.CheckConstraint(name="regularisation_leaves_time", condition=Q(due_at__gt=F("sent_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.bid} – {self.sent_at}"

    @property
    def concluded(self) -> "RegularisationConclusion | None":
        """How it ended, or None; from `with_what_came` without a query."""
        return getattr(self, "conclusion", None)

    @property
    def last_answer(self) -> int:
        """The number of what came last, 0 for nothing yet; from `with_what_came` without a query."""
        return max((answer.pk for answer in self.answers.all()), default=0)


class RegularisationAnswer(models.Model):
    """Something a tenderer answered to a request for regularisation, and when it came. Rows are only added."""

    regularisation = models.ForeignKey(
        Regularisation, verbose_name=_("request"), on_delete=models.PROTECT, related_name="answers"
    )
    text = models.TextField(_("what came"))
    received_at = models.DateTimeField(_("received"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("answer to a request for regularisation")
        verbose_name_plural = _("answers to requests for regularisation")
        ordering = ["regularisation", "pk"]
        constraints = [models.CheckConstraint(name="regularisation_answer_says_what_came", condition=~Q(text=""))]

    def __str__(self) -> str:
        return f"{self.regularisation}: {self.received_at}"

    @property
    def late(self) -> bool:
        """Whether it came after what the request allowed."""
        return self.received_at > self.regularisation.due_at


class RegularisationConclusion(models.Model):
    """How a request for regularisation ended: the bid is regular now, or is excluded as irregular. Append-only."""

    regularisation = models.OneToOneField(
        Regularisation, verbose_name=_("request"), on_delete=models.PROTECT, related_name="conclusion"
    )
    regularised = models.BooleanField(_("the bid is regularised"))
    reason = models.TextField(_("reason"))
    concluded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    concluded_at = models.DateTimeField(_("concluded"))

    class Meta:
        verbose_name = _("conclusion of a request for regularisation")
        verbose_name_plural = _("conclusions of requests for regularisation")
        ordering = ["regularisation"]
        constraints = [models.CheckConstraint(name="regularisation_conclusion_has_a_reason", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.regularisation}: {self.regularised}"


class BidVersionQuerySet(models.QuerySet["BidVersion"]):
    def visible_to(self, user: Any) -> "BidVersionQuerySet":
        return self.filter(bid__lot__in=Lot.objects.visible_to(user))


class BidVersion(models.Model):
    """A bid as it was until a later version took its place, and why one did. Rows are only added.

    What is scored are the rows of the bid itself: its last version, number = that of its former ones + 1.
    `document` is what `versions.snapshot` makes, `sha256` that of its RFC 8785 bytes.
    """

    class Reason(models.TextChoices):
        NEGOTIATION = "negotiation", _("Negotiation")
        REGULARISATION = "regularisation", _("Regularisation")

    bid = models.ForeignKey(Bid, verbose_name=_("bid"), on_delete=models.PROTECT, related_name="former_versions")
    number = models.PositiveSmallIntegerField(_("number"))
    document = DocumentField(_("bid as it was"))
    sha256 = models.CharField(_("SHA-256 of the bid as it was"), max_length=64)
    reason = models.CharField(_("why it was replaced"), max_length=14, choices=Reason)
    round = models.PositiveSmallIntegerField(_("round of the negotiation"), null=True, blank=True)
    regularisation = models.ForeignKey(
        Regularisation,
        verbose_name=_("request for regularisation"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="versions",
    )
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(_("replaced"))

    objects = BidVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("former version of a bid")
        verbose_name_plural = _("former versions of bids")
        ordering = ["bid", "number"]
        constraints = [
            models.UniqueConstraint(fields=["bid", "number"], name="one_version_per_number"),
            models.CheckConstraint(
                name="a_version_has_its_round_or_its_request",
                condition=Q(reason="negotiation", round__gte=1, regularisation__isnull=True)
                | Q(reason="regularisation", round__isnull=True, regularisation__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bid} – {self.number}"
