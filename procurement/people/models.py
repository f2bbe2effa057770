"""Who works in the portal, for which hospitals, in which role."""

from typing import Any

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken, AuthTokenManager
from knox.settings import CONSTANTS

from procurement.people.roles import Role


class HospitalGroup(models.Model):
    """A *groupement hospitalier de territoire* (GHT): hospitals that buy together."""

    name = models.CharField(_("name"), max_length=200, unique=True)

    class Meta:
        verbose_name = _("hospital group")
        verbose_name_plural = _("hospital groups")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Hospital(models.Model):
    """A public hospital: it buys, for itself or for the members of its group."""

    name = models.CharField(_("name"), max_length=200)
    finess = models.CharField(
        _("FINESS number"), max_length=9, unique=True, validators=[RegexValidator(r"^[0-9AB]{9}$")]
    )
    siret = models.CharField(_("SIRET number"), max_length=14, blank=True, validators=[RegexValidator(r"^[0-9]{14}$")])
    town = models.CharField(_("town"), max_length=120, blank=True)
    group = models.ForeignKey(
        HospitalGroup,
        verbose_name=_("group"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="hospitals",
    )

    class Meta:
        verbose_name = _("hospital")
        verbose_name_plural = _("hospitals")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PersonQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: Any) -> "PersonQuerySet":
        """Administrators see everybody; anybody else, themselves."""
        return self if user.role == Role.ADMINISTRATOR else self.filter(pk=user.pk)


class PersonManager(UserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]  # a class made at run time
    """Makes accounts as Django does, and narrows them to what a reader may see."""

    use_in_migrations = False


class WorkQuerySet(models.QuerySet[Any]):
    """Memberships and mandates: administrators' business."""

    def visible_to(self, user: Any) -> "WorkQuerySet":
        return self if user.role == Role.ADMINISTRATOR else self.none()


class TokenQuerySet(models.QuerySet["Token"]):
    def visible_to(self, user: Any) -> "TokenQuerySet":
        """Everybody's own."""
        return self.filter(user=user)


class User(AbstractUser):  # type: ignore[django-manager-missing] # knox names its token set itself
    """A person with one role.

    What the role may do stands in `permissions.py`; for which hospitals, in memberships and mandates.
    """

    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.BUYER)
    language = models.CharField(
        _("language"), max_length=2, choices=[("fr", _("French")), ("en", _("English"))], default="fr"
    )
    password_is_temporary = models.BooleanField(
        _("the password was given by an administrator and is still to be changed"), default=False
    )

    objects = PersonManager()  # type: ignore[misc] # AbstractUser declares its own manager for the class

    class Meta(AbstractUser.Meta):
        verbose_name = _("person")  # type: ignore[assignment] # Django takes lazy texts, its stubs a str
        verbose_name_plural = _("people")  # type: ignore[assignment]  # as above
        constraints = [models.CheckConstraint(name="user_has_a_known_role", condition=Q(role__in=Role.values))]

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Membership(models.Model):
    """A buyer or an evaluator works for one hospital, or for every hospital of a group."""

    user = models.ForeignKey(User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="memberships")
    hospital = models.ForeignKey(Hospital, verbose_name=_("hospital"), on_delete=models.CASCADE, null=True, blank=True)
    group = models.ForeignKey(HospitalGroup, verbose_name=_("group"), on_delete=models.CASCADE, null=True, blank=True)

    objects = WorkQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.CheckConstraint(
                name="membership_is_of_a_hospital_or_a_group",
                condition=Q(hospital__isnull=True, group__isnull=False) | Q(hospital__isnull=False, group__isnull=True),
            ),
            models.UniqueConstraint(fields=["user", "hospital"], name="one_membership_per_hospital"),
            models.UniqueConstraint(fields=["user", "group"], name="one_membership_per_group"),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.hospital or self.group}"


class Mandate(models.Model):
    """What an auditor may read: the procedures of these hospitals launched between two dates (inclusive)."""

    auditor = models.ForeignKey(User, verbose_name=_("auditor"), on_delete=models.CASCADE, related_name="mandates")
    hospitals = models.ManyToManyField(Hospital, verbose_name=_("hospitals"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    reference = models.CharField(_("reference of the mandate"), max_length=200)

    objects = WorkQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        constraints = [
            models.CheckConstraint(name="mandate_ends_after_it_starts", condition=Q(ends_on__gte=models.F("starts_on")))
        ]

    def __str__(self) -> str:
        return self.reference


class Token(AbstractAuthToken):
    """Access to the API in the name of a person. Only its digest is kept: the token itself is shown once."""

    digest = models.CharField(_("digest"), max_length=CONSTANTS.DIGEST_LENGTH, unique=True)
    name = models.CharField(_("name"), max_length=80)

    objects = AuthTokenManager.from_queryset(TokenQuerySet)()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-created"]

    def __str__(self) -> str:
        return self.name
