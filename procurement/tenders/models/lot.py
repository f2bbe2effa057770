"""A lot: the items it asks for, the needs of each beneficiary, the criteria, and the rules frozen at publication."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from procurement.fields import DocumentField, ExactDecimalField
from procurement.people.models import Hospital
from procurement.policies.models import PolicyVersion
from procurement.tenders.models.stage import DECIDED, OPEN, Stage
from procurement.tenders.models.tender import CPV, Tender


class LotQuerySet(models.QuerySet["Lot"]):
    def visible_to(self, user: Any) -> "LotQuerySet":
        return self.filter(tender__in=Tender.objects.visible_to(user))

    def for_rules(self) -> "LotQuerySet":
        """With what `rules.rules_of` reads: tender, policy, criteria; two queries in all."""
        return self.select_related("tender", "policy_version__policy").prefetch_related("criteria")

    def for_draft(self) -> "LotQuerySet":
        """With what `drafted.lot_document` reads: also the items and their needs; five queries in all."""
        return self.for_rules().prefetch_related("items__needs__hospital")


class Lot(models.Model):
    """A lot is judged and decided on its own. From publication on, `rules` says how, and no longer changes."""

    class IpiException(models.TextChoices):
        """The two exceptions to an IPI measure (Regulation (EU) 2022/1031, art. 9)."""

        NO_OTHER_COMPLIANT_TENDER = "no_other_compliant_tender", _("no other tender meets the requirements")
        OVERRIDING_PUBLIC_INTEREST = "overriding_public_interest", _("overriding reasons of public interest")

    tender = models.ForeignKey(Tender, verbose_name=_("tender"), on_delete=models.CASCADE, related_name="lots")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=300)
    cpv = models.CharField(_("CPV code"), max_length=8, blank=True, validators=[CPV])
    stage = models.CharField(_("stage"), max_length=20, choices=Stage, default=Stage.DRAFT)
    policy_version = models.ForeignKey(
        PolicyVersion,
        verbose_name=_("policy"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="lots",
    )
    rounding_decimals = models.PositiveSmallIntegerField(_("decimals of points"), default=2)
    tie_break = models.JSONField(_("tie-break"), default=list)
    anonymous = models.BooleanField(_("evaluators see the tenderers as letters"), default=False)
    two_envelopes = models.BooleanField(_("evaluators see no price until the marks are locked"), default=False)
    # What bids may plausibly cost in all: nothing is scored on it, the curve of the price is drawn over it.
    plausible_low_cents = models.PositiveBigIntegerField(_("lowest plausible price, in cents"), null=True, blank=True)
    plausible_high_cents = models.PositiveBigIntegerField(_("highest plausible price, in cents"), null=True, blank=True)
    rules = DocumentField(_("published rules"), null=True, blank=True)
    rules_sha256 = models.CharField(_("SHA-256 of the published rules"), max_length=64, blank=True)
    # Written by the lock of the panel (evaluation): from then on no bid comes in that would have to be marked.
    marks_locked_at = models.DateTimeField(_("marks locked"), null=True, blank=True)
    ipi_exception = models.CharField(_("exception to the IPI measure"), max_length=30, choices=IpiException, blank=True)
    ipi_exception_reason = models.TextField(_("reason for the exception to the IPI measure"), blank=True)

    objects = LotQuerySet.as_manager()

    class Meta:
        verbose_name = _("lot")
        verbose_name_plural = _("lots")
        ordering = ["tender_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["tender", "number"], name="one_lot_per_number"),
            models.CheckConstraint(name="lot_has_a_known_stage", condition=Q(stage__in=Stage.values)),
            models.CheckConstraint(name="points_have_at_most_6_decimals", condition=Q(rounding_decimals__lte=6)),
            models.CheckConstraint(
                name="published_lot_has_its_rules",
                condition=Q(stage="draft", rules__isnull=True, rules_sha256="")
                | (~Q(stage="draft") & Q(rules__isnull=False) & ~Q(rules_sha256="")),
            ),
            models.CheckConstraint(
                name="plausible_prices_are_a_range",
                condition=Q(plausible_low_cents__isnull=True, plausible_high_cents__isnull=True)
                | Q(plausible_low_cents__gte=1, plausible_high_cents__gt=F("plausible_low_cents")),
            ),
            models.CheckConstraint(
                name="ipi_exception_has_its_reason",
                condition=Q(ipi_exception="", ipi_exception_reason="")
                | (
                    Q(ipi_exception__in=["no_other_compliant_tender", "overriding_public_interest"])
                    & ~Q(ipi_exception_reason="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tender.reference}/{self.number} {self.title}"

    @property
    def plausible_low(self) -> Decimal | None:
        """In units of the currency; None together with `plausible_high`."""
        return None if self.plausible_low_cents is None else Decimal(self.plausible_low_cents).scaleb(-2)

    @property
    def plausible_high(self) -> Decimal | None:
        """In units of the currency; None together with `plausible_low`."""
        return None if self.plausible_high_cents is None else Decimal(self.plausible_high_cents).scaleb(-2)

    @property
    def decided(self) -> bool:
        return self.stage in DECIDED

    @property
    def open(self) -> bool:
        """Published and not decided: only its published rules are computed."""
        return self.stage in OPEN


class Item(models.Model):
    """One line of the price schedule: what is bought, in which unit."""

    lot = models.ForeignKey(Lot, verbose_name=_("lot"), on_delete=models.CASCADE, related_name="items")
    key = models.SlugField(_("key"), max_length=40)
    designation = models.CharField(_("designation"), max_length=300)
    unit = models.CharField(_("unit"), max_length=40)
    vat_rate = ExactDecimalField(_("VAT rate, in percent"), null=True, blank=True)

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["lot_id", "key"]
        constraints = [
            models.UniqueConstraint(fields=["lot", "key"], name="one_item_per_key"),
            models.CheckConstraint(name="vat_rate_is_not_negative", condition=~Q(vat_rate__startswith="-")),
        ]

    def __str__(self) -> str:
        return self.designation


class Need(models.Model):
    """How much of an item one beneficiary hospital needs; bids are compared on the sum."""

    item = models.ForeignKey(Item, verbose_name=_("item"), on_delete=models.CASCADE, related_name="needs")
    hospital = models.ForeignKey(
        Hospital, verbose_name=_("beneficiary"), on_delete=models.PROTECT, related_name="needs"
    )
    quantity = ExactDecimalField(_("quantity"))

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        ordering = ["item_id", "hospital_id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "hospital"], name="one_need_per_beneficiary"),
            models.CheckConstraint(
                name="need_is_more_than_nothing", condition=~Q(quantity__startswith="-") & ~Q(quantity="0")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} – {self.hospital}: {self.quantity}"


class Criterion(models.Model):
    """An award criterion. `formula` is a key of `scoring.formulas`; `parent` groups sub-criteria for display."""

    class Kind(models.TextChoices):
        PRICE = "price", _("Price")
        COST = "cost", _("Life-cycle cost")
        QUALITY = "quality", _("Quality")
        ENVIRONMENT = "environment", _("Environment")
        DELIVERY = "delivery", _("Delivery")
        SOCIAL = "social", _("Social")

    lot = models.ForeignKey(Lot, verbose_name=_("lot"), on_delete=models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField(_("position"))
    key = models.SlugField(_("key"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    weight = ExactDecimalField(_("weight, out of 100"))
    formula = models.CharField(_("formula"), max_length=40)
    params = models.JSONField(_("parameters of the formula"), default=dict, blank=True)
    scale = ExactDecimalField(_("highest mark"), null=True, blank=True)
    minimum = ExactDecimalField(_("eliminating mark"), null=True, blank=True)
    # What a mark means, from the lowest to the highest: [{"value": plain decimal, "meaning": text}, …].
    steps = models.JSONField(_("steps of the scale"), default=list, blank=True)
    parent = models.CharField(_("criterion it belongs to"), max_length=200, blank=True)
    counts_environment = models.BooleanField(_("takes the environment into account"), default=False)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["lot_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["lot", "key"], name="one_criterion_per_key"),
            models.UniqueConstraint(fields=["lot", "position"], name="one_criterion_per_position"),
            models.CheckConstraint(
                name="weight_is_more_than_nothing", condition=~Q(weight__startswith="-") & ~Q(weight="0")
            ),
            models.CheckConstraint(
                name="a_mark_has_a_scale",
                condition=Q(kind__in=["price", "cost"], scale__isnull=True, minimum__isnull=True)
                | (~Q(kind__in=["price", "cost"]) & Q(scale__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.title
