"""Suppliers, and where an operator originates."""

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import CharField, Count, F, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower, Replace
from django.utils.translation import gettext_lazy as _

from procurement.people.roles import Role
from procurement.people.scope import hospitals_of

SPACES = (" ", "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}")  # a SIRET is often written in groups


def ungrouped(number: str) -> str:
    """A registration number as it is compared: without spaces, capitals aside."""
    return "".join(number.split()).lower()


def number_ungrouped() -> Lower:
    """In a query, the registration number of a supplier as `ungrouped` has it."""
    number: Combinable = F("registration_number")
    for space in SPACES:
        number = Replace(number, Value(space), Value(""), output_field=CharField())
    return Lower(number)


class SupplierQuerySet(models.QuerySet["Supplier"]):
    def visible_to(self, user: Any) -> "SupplierQuerySet":
        """The register is shared by the buyers of all hospitals: it says who exists, never who bids where."""
        return self if user.role == Role.BUYER else self.none()

    def with_bids_for(self, user: Any) -> "SupplierQuerySet":
        """With `own_bids`, the number of bids for procedures of the reader's hospitals."""
        own = Q(bids__lot__tender__contracting_body__in=hospitals_of(user), bids__lot__tender__training=False)
        return self.annotate(own_bids=Count("bids", filter=own, distinct=True))


class Supplier(models.Model):
    """An economic operator. Its origin (IPI Regulation art. 3) is recorded apart from its address."""

    class OriginBasis(models.TextChoices):
        PERSON = "person", _("a natural person: nationality or right of permanent residence")
        CONSTITUTION = "constitution", _("law of constitution, with substantive business there")
        INFLUENCE = "influence", _("dominant influence, without substantive business where it is constituted")

    name = models.CharField(_("name"), max_length=300, unique=True)
    registration_number = models.CharField(_("registration number"), max_length=40, blank=True)
    address_country = models.CharField(
        _("country of the address"), max_length=2, blank=True, validators=[RegexValidator(r"^[A-Z]{2}$")]
    )
    operator_country = models.CharField(
        _("country of origin of the operator"),
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{2}$")],
    )
    operator_origin_basis = models.CharField(
        _("basis of the operator's origin"), max_length=20, choices=OriginBasis, blank=True
    )

    objects = SupplierQuerySet.as_manager()

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="operator_origin_has_its_basis",
                condition=Q(operator_country="", operator_origin_basis="")
                | (~Q(operator_country="") & ~Q(operator_origin_basis="")),
            )
        ]

    def __str__(self) -> str:
        return self.name


class OriginFinding(models.Model):
    """What was found about where an operator originates, and on what evidence; a later finding stands beside it.

    Its country is "" where the origin was looked into and stays unknown.
    """

    supplier = models.ForeignKey(
        Supplier, verbose_name=_("supplier"), on_delete=models.PROTECT, related_name="origin_findings"
    )
    country = models.CharField(
        _("country of origin of the operator"), max_length=2, blank=True, validators=[RegexValidator(r"^[A-Z]{2}$")]
    )
    basis = models.CharField(
        _("basis of the operator's origin"), max_length=20, choices=Supplier.OriginBasis, blank=True
    )
    evidence = models.TextField(_("evidence"), blank=True)
    reference = models.CharField(_("reference of the evidence"), max_length=200, blank=True)
    found_on = models.DateField(_("found on"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("finding on the origin of an operator")
        verbose_name_plural = _("findings on the origin of operators")
        ordering = ["supplier", "pk"]
        constraints = [
            models.CheckConstraint(
                name="found_origin_has_its_basis",
                condition=Q(country="", basis="") | (~Q(country="") & ~Q(basis="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.supplier}: {self.country or _('unknown')}"
