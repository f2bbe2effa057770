"""Preference policies and cash-back schemes: versioned documents that change no more once approved."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from procurement.fields import DocumentField
from procurement.people.roles import Role
from procurement.policies.seeded_texts import translated


class PolicyQuerySet(models.QuerySet["Policy"]):
    def visible_to(self, user: Any) -> "PolicyQuerySet":
        """The policies of which the reader may see a version."""
        return self.filter(pk__in=PolicyVersion.objects.visible_to(user).values("policy"))


class Policy(models.Model):
    """A policy or a scheme under one name, through all its versions."""

    class Kind(models.TextChoices):
        PREFERENCE = "preference", _("Preference policy")
        CASHBACK = "cashback", _("Cash-back scheme")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    identifier = models.SlugField(_("identifier"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(name="policy_has_a_known_kind", condition=Q(kind__in=["preference", "cashback"]))
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The title as pages show it: a seeded one in the reader's language."""
        return translated(self.title)


class VersionQuerySet(models.QuerySet["PolicyVersion"]):
    def visible_to(self, user: Any) -> "VersionQuerySet":
        """Everybody reads what was approved; drafts are policy staff's."""
        if user.role == Role.POLICY_OFFICER:
            return self
        return self.filter(state__in=[PolicyVersion.State.APPROVED, PolicyVersion.State.RETIRED])

    def approved(self) -> "VersionQuerySet":
        return self.filter(state=PolicyVersion.State.APPROVED)


class PolicyVersion(models.Model):
    """One version: draft → submitted → approved by a second person, who sets its status → retired."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Submitted")
        APPROVED = "approved", _("Approved")
        RETIRED = "retired", _("Retired")

    class Status(models.TextChoices):
        IN_FORCE = "in_force", _("In force")
        PROPOSED = "proposed", _("Proposal: simulation only")

    policy = models.ForeignKey(Policy, verbose_name=_("policy"), on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    status = models.CharField(_("status"), max_length=12, choices=Status, blank=True)
    document = DocumentField(_("document"))
    sha256 = models.CharField(_("SHA-256 of the document"), max_length=64)
    note = models.TextField(_("what changed and why"), blank=True)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(_("drafted"))
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(_("submitted"), null=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(_("approved"), null=True)
    retired_at = models.DateTimeField(_("retired"), null=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy version")
        verbose_name_plural = _("policy versions")
        ordering = ["policy__title", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "version"], name="one_version_of_a_number"),
            models.CheckConstraint(
                name="approved_by_a_second_person",
                condition=Q(state__in=["draft", "submitted"])
                | (
                    Q(approved_by__isnull=False)
                    & ~Q(approved_by=models.F("submitted_by"))
                    & ~Q(approved_by=models.F("drafted_by"))
                ),
            ),
            models.CheckConstraint(
                name="status_is_set_at_the_approval",
                condition=Q(state__in=["draft", "submitted"], status="")
                | Q(state__in=["approved", "retired"], status__in=["in_force", "proposed"]),
            ),
        ]

    def __str__(self) -> str:
        return _("%(title)s, version %(number)s") % {"title": self.policy.name, "number": self.version}

    @property
    def explanation(self) -> str:
        """The note as pages show it: a seeded one in the reader's language."""
        return translated(self.note)

    @property
    def proposed(self) -> bool:
        return self.status == self.Status.PROPOSED

    @property
    def since(self) -> datetime:
        """When it came into the state it is in."""
        return self.retired_at or self.approved_at or self.submitted_at or self.drafted_at

    @property
    def strip(self) -> str:
        """The status strip of its pages: until it is approved in force, it is a simulation; retired, it is over."""
        if self.status != self.Status.IN_FORCE:
            return "proposal"
        return "retired" if self.state == self.State.RETIRED else "in_force"
