"""What policy officers enter: a document as JSON, an approval, a reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.policies.models import Policy, PolicyVersion


class DraftForm(forms.Form):
    """A draft as it was typed: the document stays text until it is read, so that nothing is lost.

    ``sha256`` is the hash of the document that was being changed; empty for a new draft.
    """

    kind = forms.ChoiceField(label=_("Kind"), choices=Policy.Kind.choices)
    identifier = forms.CharField(
        label=_("Identifier"),
        max_length=80,
        help_text=_("The document's id: small letters, digits and hyphens."),
    )
    title = forms.CharField(label=_("Title"), max_length=200)
    note = forms.CharField(label=_("What changes and why"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    document = forms.CharField(
        label=_("Document (JSON)"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 30, "class": "document", "spellcheck": "false"}),
    )
    sha256 = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, policy: Policy | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("kind", "identifier", "title") if policy else ():
            self.fields[name].disabled = True
            self.fields[name].initial = getattr(policy, name)


class ApprovalForm(forms.Form):
    """The status a second person gives a version, and the hash of the document that was read."""

    status = forms.ChoiceField(
        label=_("Status"), choices=PolicyVersion.Status.choices, widget=forms.RadioSelect, required=True
    )
    sha256 = forms.CharField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """Why a version goes back to its drafter."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))
