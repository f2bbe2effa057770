"""The procedure: who buys, how, since when, for how much."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from procurement.people.models import Hospital
from procurement.people.roles import Role
from procurement.people.scope import hospitals_of, mandates_of
from procurement.tenders.models.stage import DECIDED, Stage

CPV = RegexValidator(r"^[0-9]{8}$", _("A CPV code is 8 digits, without its check digit: 33140000."))
CURRENCY = RegexValidator(r"^[A-Z]{3}$", _("A currency is three capital letters: EUR."))


class TenderQuerySet(models.QuerySet["Tender"]):
    def visible_to(self, user: Any) -> "TenderQuerySet":
        """A buyer sees the procedures of his hospitals; an auditor those of his mandates, once the bids are opened."""
        if user.role == Role.BUYER:
            return self.filter(contracting_body__in=hospitals_of(user))
        if user.role == Role.AUDITOR:
            covering = mandates_of(user).filter(
                hospitals=OuterRef("contracting_body"),
                starts_on__lte=OuterRef("launched_on"),
                ends_on__gte=OuterRef("launched_on"),
            )
            return self.filter(Exists(covering), training=False).exclude(stage__in=[Stage.DRAFT, Stage.PUBLISHED])
        return self.none()


class Tender(models.Model):
    """A procedure of one contracting body, for itself and for the beneficiaries named by its lots' needs."""

    class Procedure(models.TextChoices):
        OPEN = "open", _("Open procedure")
        RESTRICTED = "restricted", _("Restricted procedure")
        NEGOTIATED = "negotiated", _("Competitive procedure with negotiation")
        ADAPTED = "adapted", _("Adapted procedure (MAPA)")

    class Technique(models.TextChoices):
        NONE = "none", _("Ordinary contract")
        FRAMEWORK = "framework", _("Framework agreement")

    reference = models.CharField(_("reference"), max_length=60)
    title = models.CharField(_("title"), max_length=300)
    contracting_body = models.ForeignKey(
        Hospital, verbose_name=_("contracting body"), on_delete=models.PROTECT, related_name="tenders"
    )
    procedure = models.CharField(_("procedure"), max_length=12, choices=Procedure)
    technique = models.CharField(_("technique"), max_length=12, choices=Technique, default=Technique.NONE)
    framework_maximum_cents = models.PositiveBigIntegerField(
        _("maximum of the framework agreement, in cents"), null=True, blank=True
    )
    framework_months = models.PositiveSmallIntegerField(_("duration in months"), null=True, blank=True)
    framework_holders = models.PositiveSmallIntegerField(_("number of holders"), null=True, blank=True)
    launched_on = models.DateField(_("launched on"), null=True, blank=True)
    cpv = models.CharField(_("CPV code"), max_length=8, validators=[CPV])
    estimated_value_cents = models.PositiveBigIntegerField(
        _("estimated value of the whole procedure, options and renewals included, excluding VAT, in cents"),
        null=True,
        blank=True,
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR", validators=[CURRENCY])
    prices_include_vat = models.BooleanField(_("prices include VAT"), default=False)
    ipi_announced = models.BooleanField(_("the consultation documents announce the IPI measure"), null=True, blank=True)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage, default=Stage.DRAFT)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    opened_at = models.DateTimeField(_("bids opened"), null=True, blank=True)
    # Said at the opening at the latest, with every postponement (eForms BT-131).
    bids_due_at = models.DateTimeField(_("deadline for the receipt of bids"), null=True, blank=True)
    training = models.BooleanField(_("training copy"), default=False)
    copied_from = models.ForeignKey(
        "self",
        verbose_name=_("copy of"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="copies",
    )
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = TenderQuerySet.as_manager()

    class Meta:
        verbose_name = _("tender")
        verbose_name_plural = _("tenders")
        ordering = ["-launched_on", "reference"]
        constraints = [
            models.UniqueConstraint(fields=["contracting_body", "reference"], name="one_tender_per_reference"),
            models.CheckConstraint(name="tender_has_a_known_stage", condition=Q(stage__in=Stage.values)),
            models.CheckConstraint(
                name="framework_states_its_terms",
                condition=Q(
                    technique="none",
                    framework_maximum_cents__isnull=True,
                    framework_months__isnull=True,
                    framework_holders__isnull=True,
                )
                | Q(
                    technique="framework",
                    framework_maximum_cents__isnull=False,
                    framework_months__isnull=False,
                    framework_holders__gte=1,
                ),
            ),
            models.CheckConstraint(
                name="published_tender_has_a_launch_date",
                condition=Q(stage="draft") | Q(launched_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def formalised(self) -> bool:
        """Formalised procedures weight their criteria and keep a standstill (CCP R2152-12, R2182-1)."""
        return self.procedure != self.Procedure.ADAPTED

    @property
    def bids_may_be_copied(self) -> bool:
        """Whether a training copy may hold the bids: once every lot is decided, or when they are not real."""
        return self.training or self.stage in DECIDED

    @property
    def estimated_value(self) -> Decimal | None:
        """In units of the currency."""
        return None if self.estimated_value_cents is None else Decimal(self.estimated_value_cents).scaleb(-2)

    @property
    def framework_maximum(self) -> Decimal | None:
        """In units of the currency."""
        return None if self.framework_maximum_cents is None else Decimal(self.framework_maximum_cents).scaleb(-2)
