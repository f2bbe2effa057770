"""The panel of a lot: who sits on it, the interests they declared, the marks each of them gave, the lock."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from procurement.fields import ExactDecimalField
from procurement.people.roles import Role
from procurement.people.scope import evaluates_for
from procurement.tenders.models import Bid, Criterion, Lot


class PanelQuerySet(models.QuerySet["Panel"]):
    def visible_to(self, user: Any) -> "PanelQuerySet":
        """An evaluator sees the panels he sits on, of hospitals he works for; others, those of the lots they see."""
        if user.role == Role.EVALUATOR:
            seats = Panelist.objects.filter(user=user)
            return self.filter(pk__in=seats.values("panel"), lot__tender__contracting_body__in=evaluates_for(user))
        return self.filter(lot__in=Lot.objects.visible_to(user))


class Panel(models.Model):
    """Those who judge a lot together. A lot that has one is scored only once its marks are locked.

    ``seed`` is a secret: with it the letters of an anonymous lot are drawn. ``lettered`` keeps what was drawn.
    """

    lot = models.OneToOneField(Lot, verbose_name=_("lot"), on_delete=models.PROTECT, related_name="panel")
    seed = models.CharField(_("secret the letters are drawn with"), max_length=64)
    # The ids of the bids that have their letter, A first: a bid that is entered later takes nobody's.
    lettered = models.JSONField(_("bids in the order of their letters"), default=list)

    objects = PanelQuerySet.as_manager()

    class Meta:
        verbose_name = _("panel")
        verbose_name_plural = _("panels")
        ordering = ["lot"]

    def __str__(self) -> str:
        return str(self.lot)


class Panelist(models.Model):
    """A person who sits on a panel."""

    panel = models.ForeignKey(Panel, verbose_name=_("panel"), on_delete=models.CASCADE, related_name="panelists")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="seats"
    )

    class Meta:
        verbose_name = _("member of a panel")
        verbose_name_plural = _("members of panels")
        ordering = ["panel", "pk"]
        constraints = [models.UniqueConstraint(fields=["panel", "user"], name="one_seat_per_person")]

    def __str__(self) -> str:
        return f"{self.panel} – {self.user}"


class DeclarationQuerySet(models.QuerySet["Declaration"]):
    def visible_to(self, user: Any) -> "DeclarationQuerySet":
        return self.filter(lot__in=Lot.objects.visible_to(user))


class Declaration(models.Model):
    """What a member declared before reading the bids of a lot. Rows are only added; the last one of a person counts.

    What the interests are is personal: the text stands beside the record, where it can be erased, and not here.
    """

    lot = models.ForeignKey(Lot, verbose_name=_("lot"), on_delete=models.PROTECT, related_name="declarations")
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    conflict = models.BooleanField(_("conflict of interest"))
    declared_at = models.DateTimeField(_("declared"))

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = _("declaration of interests")
        verbose_name_plural = _("declarations of interests")
        ordering = ["lot", "pk"]

    def __str__(self) -> str:
        return f"{self.lot} – {self.declared_by}"


class IndividualMarkQuerySet(models.QuerySet["IndividualMark"]):
    def standing(self) -> "IndividualMarkQuerySet":
        """The last mark each member gave a bid on a criterion: those that count."""
        same = {name: models.OuterRef(name) for name in ("bid", "criterion", "given_by")}
        later = IndividualMark.objects.filter(**same, pk__gt=models.OuterRef("pk"))
        return self.filter(~models.Exists(later))


class IndividualMark(models.Model):
    """The mark one member gave. Rows are only added: a change is a new row, and what was thought first stays."""

    bid = models.ForeignKey(Bid, verbose_name=_("bid"), on_delete=models.PROTECT, related_name="individual_marks")
    criterion = models.ForeignKey(
        Criterion, verbose_name=_("criterion"), on_delete=models.PROTECT, related_name="individual_marks"
    )
    value = ExactDecimalField(_("mark"))
    reason = models.TextField(_("reason"))
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("given"))

    objects = IndividualMarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("individual mark")
        verbose_name_plural = _("individual marks")
        ordering = ["bid", "criterion", "pk"]
        constraints = [
            models.CheckConstraint(name="individual_mark_is_not_negative", condition=~Q(value__startswith="-")),
            models.CheckConstraint(name="individual_mark_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value}"


class MarkLock(models.Model):
    """The moment from which the marks of a lot no longer change, and the hash of what they were then."""

    lot = models.OneToOneField(Lot, verbose_name=_("lot"), on_delete=models.PROTECT, related_name="mark_lock")
    marks_sha256 = models.CharField(_("SHA-256 of the agreed marks"), max_length=64)
    locked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    locked_at = models.DateTimeField(_("locked"))

    class Meta:
        verbose_name = _("lock of marks")
        verbose_name_plural = _("locks of marks")
        ordering = ["lot"]

    def __str__(self) -> str:
        return f"{self.lot} – {self.locked_at}"
