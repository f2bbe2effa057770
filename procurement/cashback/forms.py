"""Which hospital's year to estimate, under which policy and scheme."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from procurement.cashback.services import FIRST_YEAR
from procurement.people.models import Hospital
from procurement.people.scope import hospitals_of
from procurement.policies.models import Policy, PolicyVersion


class EstimateForm(forms.Form):
    hospital = forms.ModelChoiceField(label=_("Hospital"), queryset=Hospital.objects.none())
    year = forms.IntegerField(label=_("Year of award"), min_value=FIRST_YEAR)
    policy_version = forms.ModelChoiceField(
        label=_("Policy"), queryset=PolicyVersion.objects.none(), empty_label=_("Choose a policy")
    )
    scheme_version = forms.ModelChoiceField(
        label=_("Cash-back scheme"),
        queryset=PolicyVersion.objects.none(),
        required=False,
        empty_label=_("The one the policy embeds"),
    )

    def __init__(self, *args: Any, user: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        hospitals = hospitals_of(user)
        self.fields["hospital"].queryset = hospitals  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["hospital"].initial = hospitals.first()
        self.fields["year"].initial = timezone.localdate().year
        approved = PolicyVersion.objects.approved().select_related("policy")
        for name, kind in (("policy_version", Policy.Kind.PREFERENCE), ("scheme_version", Policy.Kind.CASHBACK)):
            self.fields[name].queryset = approved.filter(policy__kind=kind)  # type: ignore[attr-defined]  # a ModelChoiceField
