"""What people enter about people."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from procurement.ledger.models import Line
from procurement.people.models import Hospital, HospitalGroup, Mandate, Membership, Token, User
from procurement.people.roles import Role


class LoginForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _("This name and this password do not go together. Capital letters matter in both."),
        "inactive": _("This account is closed. Ask an administrator to open it again."),
    }


class NewPersonForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["username", "first_name", "last_name", "email", "role", "language"]
        labels = {"username": _("Log-in name"), "email": _("E-mail")}
        help_texts = {"username": _("Letters, digits and @ . + - _ only. It cannot be changed later.")}


class RoleForm(forms.Form):
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        help_text=_(
            "Memberships end when somebody stops being a buyer, mandates when somebody stops being an auditor."
        ),
    )


class MembershipForm(forms.ModelForm):
    class Meta:
        model = Membership
        fields = ["hospital", "group"]
        help_texts = {"group": _("For every hospital of a group. Choose either a hospital or a group.")}

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        if bool(entered.get("hospital")) == bool(entered.get("group")):
            raise forms.ValidationError(_("Choose either a hospital or a group."))
        return entered


class MandateForm(forms.ModelForm):
    class Meta:
        model = Mandate
        fields = ["reference", "hospitals", "starts_on", "ends_on"]
        widgets = {
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "starts_on": _("The first day: procedures launched before it are not read."),
            "ends_on": _("The last day: procedures launched after it are not read."),
        }

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        first, last = entered.get("starts_on"), entered.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The mandate ends before it starts: the last day comes after the first."))
        return entered


class HospitalForm(forms.ModelForm):
    class Meta:
        model = Hospital
        fields = ["name", "finess", "siret", "town", "group"]
        help_texts = {"finess": _("9 characters, as in the national register of hospitals."), "siret": _("14 digits.")}
        error_messages = {
            "finess": {"invalid": _("A FINESS number has 9 characters, digits or A and B: 440000289.")},
            "siret": {"invalid": _("A SIRET number has 14 digits without spaces: 26440013600471.")},
        }


class GroupForm(forms.ModelForm):
    class Meta:
        model = HospitalGroup
        fields = ["name"]


class TokenForm(forms.ModelForm):
    class Meta:
        model = Token
        fields = ["name"]
        help_texts = {"name": _("What will use it, so that you know which one to revoke.")}


class ErasureForm(forms.Form):
    """Which line's reason is erased, and at whose request."""

    line = forms.ModelChoiceField(
        label=_("Number of the line"),
        queryset=Line.objects.all(),
        to_field_name="sequence",
        widget=forms.NumberInput(attrs={"min": 1}),
        error_messages={"invalid_choice": _("The record has no line of this number.")},
    )
    reason = forms.CharField(
        label=_("Who asked for it and why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Name no person: the record keeps this."),
    )
