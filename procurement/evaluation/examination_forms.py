"""What a buyer fills in to have an irregular bid mended or a low price explained: request, what came, conclusion."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.evaluation.models import AbnormallyLowExplanation
from procurement.people.moments import MomentField

LONGEST = 4000  # characters of a text


def _text(label: Any, help_text: Any = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows})
    )


class RequestForm(forms.Form):
    """What is asked of one tenderer, since when and until when."""

    irregularity = _text(
        _("What makes the bid irregular"),
        _("Which requirement of the documents, or which law, it does not meet. It is recorded and printed."),
    )
    asked = _text(
        _("What the tenderer is asked"),
        _("Name exactly what it may mend; substantial characteristics of the bid may not change."),
    )
    sent_at = MomentField(label=_("Sent"))
    due_at = MomentField(
        label=_("To be answered by"),
        help_text=_("Paris time. An appropriate time, the same for every tenderer that is asked the same."),
    )


class PriceRequestForm(forms.Form):
    """What is asked of one tenderer about its price, since when and until when."""

    asked = _text(
        _("What the tenderer is asked"),
        _("Which prices seem too low and what is to account for them. It is recorded and printed."),
    )
    sent_at = MomentField(label=_("Sent"))
    due_at = MomentField(label=_("To be answered by"), help_text=_("Paris time. An appropriate time."))


class PriceConclusionForm(forms.Form):
    """Whether what came accounts for the price."""

    conclusion = forms.ChoiceField(
        label=_("Conclusion"), choices=AbnormallyLowExplanation.Conclusion.choices, widget=forms.RadioSelect
    )
    reason = _text(_("Reason"), _("It is recorded; a tenderer that is excluded is told it."))

    @property
    def rejects(self) -> bool:
        """Whether the filled-in conclusion is that the price is abnormally low, so that the bid is to be excluded."""
        return bool(self.cleaned_data["conclusion"] == AbnormallyLowExplanation.Conclusion.REJECTED)


class AnswerForm(forms.Form):
    """What a tenderer answered, and when it came."""

    text = _text(_("What came"), _("The documents, the explanation, the corrected amounts. It is recorded."))
    received_at = MomentField(label=_("Received"))


class ConclusionForm(forms.Form):
    """Whether the bid is regular now."""

    regularised = forms.TypedChoiceField(
        label=_("Conclusion"),
        choices=[
            ("yes", _("The bid is regularised: it is judged.")),
            ("no", _("The bid is not regularised: it is excluded as irregular.")),
        ],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )
    reason = _text(_("Reason"), _("It is recorded; a tenderer that is excluded is told it."))

    def summary(self) -> list[tuple[str, str]]:
        """What the filled-in form says, to be read again before it is done."""
        words = dict(self.fields["regularised"].choices)  # type: ignore[attr-defined]  # a ChoiceField
        said = str(words["yes" if self.cleaned_data["regularised"] else "no"])
        return [(str(self["regularised"].label), said), (str(self["reason"].label), self.cleaned_data["reason"])]
