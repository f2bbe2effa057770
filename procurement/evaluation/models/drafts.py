"""What somebody typed for marks and has not given yet."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from procurement.tenders.models import Bid, Criterion

LONGEST_TYPED = 60  # characters of a mark as it is typed: more than any number needs


class MarkDraft(models.Model):
    """A mark or a reason half written: read by its author alone, and erased once the mark is given.

    ``mark`` is what was typed, a number or not. A mark that is given stays for ever, so that nothing gives one by
    itself; what is typed would be lost with the page, so that it waits here.
    """

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual", _("Individual mark")
        AGREED = "agreed", _("Agreed mark")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    bid = models.ForeignKey(Bid, verbose_name=_("bid"), on_delete=models.CASCADE, related_name="+")
    criterion = models.ForeignKey(Criterion, verbose_name=_("criterion"), on_delete=models.CASCADE, related_name="+")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    mark = models.CharField(_("mark"), max_length=LONGEST_TYPED, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    written_at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name = _("draft of a mark")
        verbose_name_plural = _("drafts of marks")
        ordering = ["written_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "bid", "criterion", "written_by"], name="one_draft_per_place"),
            models.CheckConstraint(name="draft_says_something", condition=~Q(mark="", reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.mark}"
