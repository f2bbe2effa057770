"""What a lot announces besides its rules: the text of its règlement on criteria, in every language."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from procurement.fields import DocumentField
from procurement.tenders.models.lot import Lot


class Announcement(models.Model):
    """Frozen at publication, append-only. A lot published before announcements existed, or a training copy, has none.

    `document` is what `regulation.announcement` makes; `sha256` that of its RFC 8785 bytes.
    """

    lot = models.OneToOneField(Lot, verbose_name=_("lot"), on_delete=models.PROTECT, related_name="announcement")
    document = DocumentField(_("announcement"))
    sha256 = models.CharField(_("SHA-256 of the announcement"), max_length=64)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")

    def __str__(self) -> str:
        return f"{self.lot}: {self.sha256}"
