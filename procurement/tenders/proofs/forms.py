"""What a buyer fills in beside the file of a proof document, and why one is withdrawn."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.people.filters import DAY
from procurement.tenders.models import Bid, ProofDocument
from procurement.tenders.proofs.subjects import subjects


class ProofForm(forms.Form):
    """A file with its kind, what it proves, and its dates."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, PNG or JPEG, at most 20 MB; no password, script or attached file in a PDF."),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )
    kind = forms.ChoiceField(label=_("Kind of document"), choices=ProofDocument.Kind.choices)
    about = forms.ChoiceField(label=_("What it proves"))
    title = forms.CharField(
        label=_("Title"), max_length=200, required=False, help_text=_("Left empty, it is called as its file.")
    )
    issued_on = forms.DateField(label=_("Issued on"), widget=DAY)
    expires_on = forms.DateField(
        label=_("Valid until"),
        required=False,
        widget=DAY,
        help_text=_("That day included; left empty, the document says no end."),
    )

    def __init__(self, *args: Any, bid: Bid, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["about"].choices = list(subjects(bid).items())  # type: ignore[attr-defined]  # a ChoiceField


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It is recorded, and stands beside the document."),
    )
