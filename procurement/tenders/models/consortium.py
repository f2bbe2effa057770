"""Who stands beside the tenderer of a bid: the other members of its consortium, and subcontractors."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from procurement.fields import ExactDecimalField
from procurement.registry.models import OriginFinding, Supplier
from procurement.tenders.models.bid import COUNTRY, Bid


class ConsortiumMemberQuerySet(models.QuerySet["ConsortiumMember"]):
    def visible_to(self, user: Any) -> "ConsortiumMemberQuerySet":
        return self.filter(bid__in=Bid.objects.visible_to(user))


class ConsortiumMember(models.Model):
    """An operator that performs a part of what a bid offers; the bid's tenderer leads the consortium (CCP R2142-23).

    Its origin is copied from the register when it is entered, as that of the tenderer is.
    """

    class Role(models.TextChoices):
        MEMBER = "member", _("member of the consortium")
        SUBCONTRACTOR = "subcontractor", _("subcontractor")

    bid = models.ForeignKey(Bid, verbose_name=_("bid"), on_delete=models.CASCADE, related_name="members")
    supplier = models.ForeignKey(
        Supplier, verbose_name=_("operator"), on_delete=models.PROTECT, related_name="parts_in_bids"
    )
    role = models.CharField(_("role"), max_length=14, choices=Role)
    share = ExactDecimalField(_("share of the value of the contract"), null=True, blank=True)  # a part of 1
    operator_country = models.CharField(
        _("country of origin of the operator"), max_length=2, blank=True, validators=[COUNTRY]
    )
    origin_finding = models.ForeignKey(
        OriginFinding,
        verbose_name=_("finding the origin was taken from"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )

    objects = ConsortiumMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a consortium")
        verbose_name_plural = _("members of consortia")
        ordering = ["bid_id", "role", "id"]
        constraints = [
            models.UniqueConstraint(fields=["bid", "supplier"], name="one_part_per_operator"),
            models.CheckConstraint(name="part_has_its_role", condition=Q(role__in=("member", "subcontractor"))),
            models.CheckConstraint(
                name="part_is_not_negative", condition=Q(share__isnull=True) | ~Q(share__startswith="-")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier} ({self.get_role_display()})"
