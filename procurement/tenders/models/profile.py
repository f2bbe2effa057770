"""An invented bid, on which the method of a draft is tried before any bid came."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from procurement.fields import DocumentField
from procurement.tenders.models.lot import Lot


class ProfileQuerySet(models.QuerySet["Profile"]):
    def visible_to(self, user: Any) -> "ProfileQuerySet":
        return self.filter(lot__in=Lot.objects.visible_to(user))


class Profile(models.Model):
    """One of the 3 to 8 invented bids of a lot: `document` is a `documents.PROFILE`, never a bid that was received."""

    lot = models.ForeignKey(Lot, verbose_name=_("lot"), on_delete=models.CASCADE, related_name="profiles")
    position = models.PositiveSmallIntegerField(_("position"))
    document = DocumentField(_("invented bid"))

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        ordering = ["lot_id", "position"]
        constraints = [models.UniqueConstraint(fields=["lot", "position"], name="one_profile_per_position")]

    def __str__(self) -> str:
        return str(self.document["name"])
