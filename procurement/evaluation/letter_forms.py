"""What a buyer fills in about the letters of a lot: a paragraph of one of them, how they were sent."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.evaluation import services
from procurement.evaluation.forms import ReasonForm
from procurement.evaluation.models import SentLetters
from procurement.people.templatetags.reading import day


class ParagraphForm(forms.Form):
    """What the buyer adds to one letter."""

    text = forms.CharField(
        label=_("Paragraph"),
        required=False,
        max_length=services.LONGEST_PARAGRAPH,
        widget=forms.Textarea(attrs={"rows": 8, "lang": "fr"}),
        help_text=_(
            "The letter is in French. Name no other tenderer but the winner, and no price of a line: those are secrets."
        ),
    )


class SendingForm(ReasonForm):
    """When the letters left, and how; a correction gives its reason."""

    sent_on = forms.DateField(label=_("Sent on"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    way = forms.ChoiceField(label=_("Way"), choices=SentLetters.Way.choices)

    field_order = ("sent_on", "way", "reason")

    def __init__(self, *args: Any, correction: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if correction:
            self.fields["reason"].label = _("Reason for the correction")
        else:
            del self.fields["reason"]

    def _said(self, field: forms.BoundField) -> str:
        value = self.cleaned_data[field.name]
        return day(value) if isinstance(value, date) else super()._said(field)
