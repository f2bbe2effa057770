"""What a bid brings for each environmental indicator of the lot's policy."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from procurement.people.figures import FigureField
from procurement.tenders.models.bid import Assurance

Document = dict[str, Any]


class EvidenceForm(forms.Form):
    """A value and its assurance for each of ``indicators`` (of a policy document); left empty, nothing was brought."""

    use_required_attribute = False

    def __init__(self, data: Any, *, indicators: Sequence[Document]) -> None:
        super().__init__(data, prefix="evidence")
        self.indicators = [indicator["id"] for indicator in indicators]
        for indicator in indicators:
            name = {"indicator": indicator["id"]}
            self.fields[f"value/{indicator['id']}"] = _value_field(indicator, _("Evidence: %(indicator)s") % name)
            self.fields[f"assurance/{indicator['id']}"] = forms.ChoiceField(
                label=_("Assurance: %(indicator)s") % name, choices=Assurance.choices, required=False
            )

    def document(self) -> Document:
        """What was typed, as `documents.BID` has it under "environment"; from a form that is valid."""
        return {
            indicator: {
                "value": self.cleaned_data[f"value/{indicator}"],
                "assurance": self.cleaned_data[f"assurance/{indicator}"] or Assurance.DECLARED.value,
            }
            for indicator in self.indicators
            if self.cleaned_data[f"value/{indicator}"]
        }

    def show_at(self, place: str, sentence: str) -> None:
        """Put what is wrong at ``place`` of the evidence (a pointer without its first slash)."""
        field = f"value/{place.split('/')[0]}"
        self.add_error(field if field in self.fields else None, sentence)


def _value_field(indicator: Document, label: str) -> forms.Field:
    if indicator["kind"] == "number":
        return FigureField(label=label, required=False)
    choices = [("", _("none")), *((name, name) for name in indicator["labels"])]
    return forms.ChoiceField(label=label, choices=choices, required=False)
