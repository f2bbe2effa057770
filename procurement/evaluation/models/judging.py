"""What judging leaves: agreed marks, explanations of low prices, score sheets, lifted blocks, decisions."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from procurement.evaluation.models.low_prices import PriceRequest
from procurement.fields import DocumentField, ExactDecimalField
from procurement.policies.models import PolicyVersion
from procurement.tenders.models import Bid, Criterion, Lot


class Mark(models.Model):
    """The mark a bid got on a criterion, with its reason: where the lot has a panel, what its members agreed on."""

    bid = models.ForeignKey(Bid, verbose_name=_("bid"), on_delete=models.CASCADE, related_name="marks")
    criterion = models.ForeignKey(
        Criterion, verbose_name=_("criterion"), on_delete=models.CASCADE, related_name="marks"
    )
    value = ExactDecimalField(_("mark"))
    reason = models.TextField(_("reason"), blank=True)
    simulated = models.BooleanField(_("simulated"), default=False)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        ordering = ["bid", "criterion"]
        constraints = [
            models.UniqueConstraint(fields=["bid", "criterion"], name="one_mark_per_criterion"),
            models.CheckConstraint(name="mark_is_not_negative", condition=~Q(value__startswith="-")),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value}"

    @property
    def meaning(self) -> str:
        """What the scale of the criterion says of this very mark; empty between its steps and where it says nothing."""
        said = {Decimal(step["value"]): step["meaning"] for step in self.criterion.steps}
        return str(said.get(self.value, ""))


class MarkVersion(models.Model):
    """A mark as it was when it was given or changed: from these rows a change is undone. Rows are only ever added."""

    bid = models.ForeignKey(Bid, verbose_name=_("bid"), on_delete=models.PROTECT, related_name="mark_versions")
    criterion = models.ForeignKey(
        Criterion, verbose_name=_("criterion"), on_delete=models.PROTECT, related_name="mark_versions"
    )
    value = ExactDecimalField(_("mark"))
    reason = models.TextField(_("reason"), blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("given"))

    class Meta:
        verbose_name = _("version of a mark")
        verbose_name_plural = _("versions of marks")
        ordering = ["bid", "criterion", "pk"]
        constraints = [
            models.CheckConstraint(name="mark_version_is_not_negative", condition=~Q(value__startswith="-")),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value}"


class SheetQuerySet(models.QuerySet["ScoreSheet"]):
    def visible_to(self, user: Any) -> "SheetQuerySet":
        return self.filter(lot__in=Lot.objects.visible_to(user))

    def published(self) -> "SheetQuerySet":
        return self.filter(purpose=ScoreSheet.Purpose.PUBLISHED_RULES)


class ScoreSheet(models.Model):
    """One scoring of a lot: the case as it was, the sheet, their hashes, the software. Rows are only ever added."""

    class Purpose(models.TextChoices):
        PUBLISHED_RULES = "published_rules", _("Published rules")
        SIMULATION = "simulation", _("Simulation")

    lot = models.ForeignKey(Lot, verbose_name=_("lot"), on_delete=models.PROTECT, related_name="sheets")
    number = models.PositiveIntegerField(_("number"))
    purpose = models.CharField(_("purpose"), max_length=16, choices=Purpose)
    policy_version = models.ForeignKey(
        PolicyVersion,
        verbose_name=_("policy"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sheets",
    )
    case = DocumentField(_("case"))
    case_sha256 = models.CharField(_("SHA-256 of the case"), max_length=64)
    sheet = DocumentField(_("score sheet"))
    sheet_sha256 = models.CharField(_("SHA-256 of the sheet"), max_length=64)
    software = models.CharField(_("software version"), max_length=40)
    scored_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    scored_at = models.DateTimeField(_("scored"))

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("score sheet")
        verbose_name_plural = _("score sheets")
        ordering = ["lot", "number"]
        constraints = [models.UniqueConstraint(fields=["lot", "number"], name="one_sheet_per_number")]

    def __str__(self) -> str:
        return f"{self.lot} – {self.number}"


class SheetEvidence(models.Model):
    """What a sheet was bound to in the record when it was made; rows are only ever added.

    Kept apart from the sheet because the key is a secret: whoever has it and a hidden leaf's hash can try values out.
    """

    sheet = models.OneToOneField(
        ScoreSheet, verbose_name=_("score sheet"), on_delete=models.PROTECT, related_name="evidence"
    )
    case_root = models.CharField(_("root of the case"), max_length=64)
    commitment_key = models.CharField(_("key of the salts of the case"), max_length=64)
    legal_values = DocumentField(_("legal values the guards looked at"))

    class Meta:
        verbose_name = _("evidence of a score sheet")
        verbose_name_plural = _("evidence of score sheets")
        ordering = ["sheet"]

    def __str__(self) -> str:
        return str(self.sheet)


class ExplanationQuerySet(models.QuerySet["AbnormallyLowExplanation"]):
    def of_the_standing_price(self) -> "ExplanationQuerySet":
        """Those of the bid as it stands: what explained the price of a version that was replaced explains none."""
        replaced = {"bid__former_versions__replaced_at__gte": models.F("recorded_at")}
        return self.exclude(pk__in=AbnormallyLowExplanation.objects.filter(**replaced).values("pk"))


class AbnormallyLowExplanation(models.Model):
    """What was asked of a tenderer about a suspiciously low price, what it answered, what follows (CCP L2152-6).

    Rows are only added; the last one of a bid counts. ``asked``: the request that it concludes, whose text and answers
    it repeats, with the reason; without one all of it was recorded in one go.
    """

    class Conclusion(models.TextChoices):
        ACCEPTED = "accepted", _("The explanations account for the price")
        REJECTED = "rejected", _("The explanations do not account for the price")

    bid = models.ForeignKey(Bid, verbose_name=_("bid"), on_delete=models.PROTECT, related_name="explanations")
    asked = models.OneToOneField(
        PriceRequest,
        verbose_name=_("request"),
        on_delete=models.PROTECT,
        related_name="conclusion",
        null=True,
        blank=True,
    )
    request = models.TextField(_("what was asked"))
    answer = models.TextField(_("what the tenderer answered"), blank=True)
    conclusion = models.CharField(_("conclusion"), max_length=10, choices=Conclusion)
    reason = models.TextField(_("reason"), blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded"))

    objects = ExplanationQuerySet.as_manager()

    class Meta:
        verbose_name = _("explanation of an abnormally low price")
        verbose_name_plural = _("explanations of abnormally low prices")
        ordering = ["bid", "recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="explanation_has_request_and_answer",
                condition=~Q(request="")
                & ((Q(asked__isnull=True) & ~Q(answer="")) | (Q(asked__isnull=False) & ~Q(reason=""))),
            ),
            models.CheckConstraint(
                name="explanation_has_a_known_conclusion", condition=Q(conclusion__in=["accepted", "rejected"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bid}: {self.get_conclusion_display()}"


class LiftedBlock(models.Model):
    """One blocking finding of one sheet, lifted by a second person's written reason; it is printed in the report.

    The lift holds for exactly this finding: the same code on another bid blocks again.
    """

    lot = models.ForeignKey(Lot, verbose_name=_("lot"), on_delete=models.PROTECT, related_name="lifted_blocks")
    sheet = models.ForeignKey(
        ScoreSheet, verbose_name=_("score sheet"), on_delete=models.PROTECT, related_name="lifted_blocks"
    )
    code = models.CharField(_("code of the finding"), max_length=60)
    finding = DocumentField(_("finding"))
    finding_sha256 = models.CharField(_("SHA-256 of the finding"), max_length=64)
    reason = models.TextField(_("reason"))
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(_("lifted"))

    class Meta:
        verbose_name = _("lifted block")
        verbose_name_plural = _("lifted blocks")
        ordering = ["lot", "lifted_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["lot", "finding_sha256"], name="a_block_is_lifted_once"),
            models.CheckConstraint(name="lifting_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.lot} – {self.code}"


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: Any) -> "DecisionQuerySet":
        return self.filter(lot__in=Lot.objects.visible_to(user))


class Decision(models.Model):
    """How a lot ended. An award names the sheet it rests on; what ends otherwise names its reason."""

    class Outcome(models.TextChoices):
        AWARDED = "awarded", _("Awarded")
        UNSUCCESSFUL = "unsuccessful", _("Unsuccessful")
        WITHOUT_FOLLOW_UP = "without_follow_up", _("Without follow-up")

    lot = models.OneToOneField(Lot, verbose_name=_("lot"), on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    bid = models.ForeignKey(Bid, verbose_name=_("bid"), on_delete=models.PROTECT, null=True, related_name="+")
    sheet = models.ForeignKey(
        ScoreSheet, verbose_name=_("score sheet"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    draw = models.TextField(_("draw between tied bids"), blank=True)
    reason = models.TextField(_("reason"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided"))

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-decided_at"]
        constraints = [
            models.CheckConstraint(
                name="an_award_names_its_bid_and_sheet",
                condition=Q(outcome="awarded", bid__isnull=False, sheet__isnull=False)
                | Q(outcome__in=["unsuccessful", "without_follow_up"], bid__isnull=True),
            ),
            models.CheckConstraint(name="decision_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="only_an_award_is_drawn", condition=Q(draw="") | Q(outcome="awarded")),
        ]

    def __str__(self) -> str:
        return f"{self.lot}: {self.get_outcome_display()}"
