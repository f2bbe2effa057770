"""What a tenderer states beside its unit prices."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from procurement.fields import ExactDecimalField
from procurement.tenders.models.bid import Bid
from procurement.tenders.models.lot import Item


class StatedAmount(models.Model):
    """An amount of a bid exactly as its tenderer stated it, in the currency of the tender.

    Nothing is computed from it: bids are evaluated on unit prices × quantities, and what differs is shown. The amount
    of an item is on the basis of the prices of the tender, with VAT or without.
    """

    class What(models.TextChoices):
        LINE = "line", _("Amount of the item")
        TOTAL_EXCL_VAT = "total_excl_vat", _("Total excluding VAT")
        VAT = "vat", _("VAT")
        TOTAL_INCL_VAT = "total_incl_vat", _("Total including VAT")

    bid = models.ForeignKey(Bid, verbose_name=_("bid"), on_delete=models.CASCADE, related_name="stated")
    what = models.CharField(_("what is stated"), max_length=14, choices=What)
    item = models.ForeignKey(
        Item, verbose_name=_("item"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    value = ExactDecimalField(_("stated amount"))

    class Meta:
        verbose_name = _("stated amount")
        verbose_name_plural = _("stated amounts")
        ordering = ["bid", "what", "item"]
        constraints = [
            models.UniqueConstraint(fields=["bid", "item"], name="one_stated_amount_per_item"),
            models.UniqueConstraint(
                fields=["bid", "what"], condition=Q(item__isnull=True), name="one_stated_total_of_a_kind"
            ),
            models.CheckConstraint(
                name="a_line_is_of_an_item_and_a_total_of_none",
                condition=Q(what="line", item__isnull=False)
                | Q(what__in=["total_excl_vat", "vat", "total_incl_vat"], item__isnull=True),
            ),
            models.CheckConstraint(name="stated_amount_is_not_negative", condition=~Q(value__startswith="-")),
        ]

    def __str__(self) -> str:
        return f"{self.item or self.get_what_display()}: {self.value}"
