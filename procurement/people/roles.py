"""The roles of the portal. A person has one."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    BUYER = "buyer", _("Buyer")
    EVALUATOR = "evaluator", _("Evaluator")
    POLICY_OFFICER = "policy_officer", _("Policy officer")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


WORKING_FOR_HOSPITALS = frozenset({Role.BUYER, Role.EVALUATOR})  # those who work for hospitals, by their memberships
