"""A bid as entered after opening: prices by item, origins, environmental evidence."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from procurement.fields import ExactDecimalField
from procurement.registry.models import OriginFinding, Supplier
from procurement.tenders.models.lot import Item, Lot
from procurement.tenders.models.stage import OPEN

PRICES_BELOW = 10**18  # what the column holds; the sum of a document's lines may be larger
COUNTRY = RegexValidator(r"^[A-Z]{2}$", _("A country is two capital letters (ISO 3166-1): FR."))


class Assurance(models.TextChoices):
    DECLARED = "declared", _("declared")
    DOCUMENTED = "documented", _("documented")
    VERIFIED = "verified", _("verified")


class BidQuerySet(models.QuerySet["Bid"]):
    def visible_to(self, user: Any) -> "BidQuerySet":
        return self.filter(lot__in=Lot.objects.visible_to(user))

    def of_open_procedures(self) -> "BidQuerySet":
        """Real bids that wait for a decision: no other rule than the published one is computed on them."""
        return self.filter(lot__stage__in=OPEN, lot__tender__training=False)

    def sharing(self, prices: Iterable[Decimal]) -> dict[int, int]:
        """By lot, how many of its bids have one of these prices, each price taken as often as it is given."""
        asked = Counter(price for price in prices if price < PRICES_BELOW)
        stand: dict[int, Counter[Decimal]] = defaultdict(Counter)
        for lot, price in self.filter(price__in=list(asked)).values_list("lot_id", "price"):
            if price is not None:
                stand[lot][price] += 1
        return {lot: (found & asked).total() for lot, found in stand.items()}

    def offering(self, offers: Iterable[tuple[str, Decimal]]) -> list["Bid"]:
        """Those of one of these tenderers' names at the price beside it."""
        wanted = set(offers)
        named = self.filter(supplier__name__in={name for name, _price in wanted}).select_related("supplier")
        return [bid for bid in named if (bid.supplier.name, bid.price) in wanted]

    def with_lines(self) -> "BidQuerySet":
        """With the tenderer, the lines and their items, the origins, the evidence, and who bids with it.

        Five queries in all, seven where somebody does.
        """
        return self.select_related("supplier", "origin_finding").prefetch_related(
            models.Prefetch("lines", BidLine.objects.select_related("item").order_by("item__key")),
            "lines__origins",
            "evidence",
            "members__supplier",
            "members__origin_finding",
        )


class Bid(models.Model):
    """One tenderer's offer for a lot. An excluded bid stays visible with its reason."""

    class Status(models.TextChoices):
        ADMISSIBLE = "admissible", _("Admissible")
        EXCLUDED = "excluded", _("Excluded")

    class Exclusion(models.TextChoices):
        LATE = "late", _("Late")
        IRREGULAR = "irregular", _("Irregular")
        UNACCEPTABLE = "unacceptable", _("Unacceptable")
        INAPPROPRIATE = "inappropriate", _("Inappropriate")
        ABNORMALLY_LOW = "abnormally_low", _("Abnormally low")  # CCP L2152-6: only once its explanations were judged

    class Consortium(models.TextChoices):
        """The form of a consortium, CCP R2142-20 and -24: who answers for what the others do not perform."""

        SEVERAL = "several", _("several: each member answers for its own part")
        LIABLE_LEADER = "liable_leader", _("several, the leader answering for every member")
        JOINT_AND_SEVERAL = "joint_and_several", _("joint and several: each member answers for the whole")

    lot = models.ForeignKey(Lot, verbose_name=_("lot"), on_delete=models.CASCADE, related_name="bids")
    key = models.SlugField(_("key"), max_length=40)
    supplier = models.ForeignKey(Supplier, verbose_name=_("tenderer"), on_delete=models.PROTECT, related_name="bids")
    # Copied from the register when the bid is entered: what another hospital records later changes nothing here.
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
    # "" for a tenderer alone, and where a consortium does not say its form.
    consortium = models.CharField(_("form of the consortium"), max_length=17, choices=Consortium, blank=True)
    # What the buyer retains where the members of a consortium differ before a measure (docs/decisions/0090).
    group_country = models.CharField(
        _("origin retained for the consortium"), max_length=2, blank=True, validators=[COUNTRY]
    )
    group_reason = models.TextField(_("reason for the origin retained"), blank=True)
    group_retained_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person who retained the origin"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    submitted_at = models.DateTimeField(_("received"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.ADMISSIBLE)
    exclusion = models.CharField(_("ground for exclusion"), max_length=14, choices=Exclusion, blank=True)
    exclusion_reason = models.TextField(_("reason for the exclusion"), blank=True)
    price = ExactDecimalField(_("price"), null=True, blank=True)
    cost = ExactDecimalField(_("life-cycle cost"), null=True, blank=True)

    objects = BidQuerySet.as_manager()

    class Meta:
        verbose_name = _("bid")
        verbose_name_plural = _("bids")
        ordering = ["lot_id", "key"]
        constraints = [
            models.UniqueConstraint(fields=["lot", "key"], name="one_bid_per_key"),
            models.UniqueConstraint(fields=["lot", "supplier"], name="one_bid_per_tenderer"),
            models.CheckConstraint(
                name="exclusion_has_its_ground",
                condition=Q(status="admissible", exclusion="") | (Q(status="excluded") & ~Q(exclusion="")),
            ),
            models.CheckConstraint(
                name="group_origin_has_its_reason",
                condition=Q(group_country="", group_reason="") | (~Q(group_country="") & ~Q(group_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.supplier}"


class BidLine(models.Model):
    """The unit price a bid asks for an item."""

    bid = models.ForeignKey(Bid, verbose_name=_("bid"), on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, verbose_name=_("item"), on_delete=models.PROTECT, related_name="bid_lines")
    unit_price = ExactDecimalField(_("unit price"))

    class Meta:
        verbose_name = _("bid line")
        verbose_name_plural = _("bid lines")
        ordering = ["bid_id", "item_id"]
        constraints = [
            models.UniqueConstraint(fields=["bid", "item"], name="one_line_per_item"),
            models.CheckConstraint(name="unit_price_is_not_negative", condition=~Q(unit_price__startswith="-")),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.unit_price}"


class LineOrigin(models.Model):
    """The part of a line's value made of goods of one origin; what is missing to 1 is unknown."""

    line = models.ForeignKey(BidLine, verbose_name=_("line"), on_delete=models.CASCADE, related_name="origins")
    country = models.CharField(_("country of origin"), max_length=2, validators=[COUNTRY])
    share = ExactDecimalField(_("share of the value"))
    assurance = models.CharField(_("assurance"), max_length=12, choices=Assurance, default=Assurance.DECLARED)

    class Meta:
        verbose_name = _("origin")
        verbose_name_plural = _("origins")
        ordering = ["line_id", "country", "id"]
        constraints = [
            models.CheckConstraint(name="share_is_not_negative", condition=~Q(share__startswith="-")),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.share}"


class EnvironmentalEvidence(models.Model):
    """What a bid brings for one environmental indicator of the policy."""

    bid = models.ForeignKey(Bid, verbose_name=_("bid"), on_delete=models.CASCADE, related_name="evidence")
    indicator = models.SlugField(_("indicator"), max_length=60)
    value = models.CharField(_("value"), max_length=120)
    assurance = models.CharField(_("assurance"), max_length=12, choices=Assurance, default=Assurance.DECLARED)
    # Shown and recorded; what is scored is the evidence as declared, expired or not.
    expires_on = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("environmental evidence")
        verbose_name_plural = _("environmental evidence")
        ordering = ["bid_id", "indicator"]
        constraints = [models.UniqueConstraint(fields=["bid", "indicator"], name="one_evidence_per_indicator")]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value}"
