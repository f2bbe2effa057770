"""A price that seems abnormally low: what its tenderer is asked and answers; the conclusion is in `judging`."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from procurement.tenders.models import Bid, Lot


class PriceRequestQuerySet(models.QuerySet["PriceRequest"]):
    def visible_to(self, user: Any) -> "PriceRequestQuerySet":
        return self.filter(bid__lot__in=Lot.objects.visible_to(user))

    def pending(self) -> "PriceRequestQuerySet":
        """Those the buyer has not concluded."""
        return self.filter(conclusion=None)

    def with_what_came(self) -> "PriceRequestQuerySet":
        """With tenderer, answers, conclusion and those who wrote them: two queries in all."""
        rows = self.select_related("bid__supplier", "requested_by", "conclusion__recorded_by")
        return rows.prefetch_related(models.Prefetch("answers", PriceAnswer.objects.select_related("recorded_by")))


class PriceRequest(models.Model):
    """What a tenderer was asked about a price that seems abnormally low, and by when (CCP L2152-6, R2152-3).

    Rows are only added.
    """

    bid = models.ForeignKey(Bid, verbose_name=_("bid"), on_delete=models.PROTECT, related_name="price_requests")
    asked = models.TextField(_("what was asked"))
    sent_at = models.DateTimeField(_("sent"))
    due_at = models.DateTimeField(_("to be answered by"))
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("recorded"))

    objects = PriceRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request about a low price")
        verbose_name_plural = _("requests about low prices")
        ordering = ["bid", "pk"]
        constraints = [
            models.CheckConstraint(name="price_request_says_what_is_asked", condition=~Q(asked="")),
            models.CheckConstraint(name="price_request_leaves_time", condition=Q(due_at__gt=F("sent_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.bid} – {self.sent_at}"

    @property
    def concluded(self) -> Any:
        """The `AbnormallyLowExplanation` it ended in, or None; from `with_what_came` without a query."""
        return getattr(self, "conclusion", None)

    @property
    def last_answer(self) -> int:
        """The number of what came last, 0 for nothing yet; from `with_what_came` without a query."""
        return max((answer.pk for answer in self.answers.all()), default=0)


class PriceAnswer(models.Model):
    """Something a tenderer answered about its low price, and when it came. Rows are only added."""

    request = models.ForeignKey(
        PriceRequest, verbose_name=_("request"), on_delete=models.PROTECT, related_name="answers"
    )
    text = models.TextField(_("what came"))
    received_at = models.DateTimeField(_("received"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("answer about a low price")
        verbose_name_plural = _("answers about low prices")
        ordering = ["request", "pk"]
        constraints = [models.CheckConstraint(name="price_answer_says_what_came", condition=~Q(text=""))]

    def __str__(self) -> str:
        return f"{self.request}: {self.received_at}"

    @property
    def late(self) -> bool:
        """Whether it came after what the request allowed."""
        return self.received_at > self.request.due_at
