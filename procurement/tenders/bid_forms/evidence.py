"""What a bid brings for each environmental indicator of the lot's policy."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from procurement.people.figures import FigureField
from procurement.people.filters import DAY
from procurement.policies.seeded_texts import indicator_name, translated
from procurement.tenders.models.bid import Assurance

Document = dict[str, Any]


class EvidenceForm(forms.Form):
    """A value and its assurance for each of ``indicators`` (of a policy document); left empty, nothing was brought."""

    use_required_attribute = False

    def __init__(self, data: Any, *, indicators: Sequence[Document]) -> None:
        super().__init__(data, prefix="evidence")
        self.indicators = [indicator["id"] for indicator in indicators]
        for indicator in indicators:
            name = {"indicator": indicator_name(indicator["id"])}
            self.fields[f"value/{indicator['id']}"] = value_field(indicator, _("Evidence: %(indicator)s") % name)
            self.fields[f"assurance/{indicator['id']}"] = forms.ChoiceField(
                label=_("Assurance: %(indicator)s") % name, choices=Assurance.choices, required=False
            )
            self.fields[f"expires_on/{indicator['id']}"] = forms.DateField(
                label=_("Valid until: %(indicator)s") % name, required=False, widget=DAY
            )

    def clean(self) -> Document:
        for indicator in self.indicators:
            value = f"value/{indicator}"
            if self.cleaned_data.get(f"expires_on/{indicator}") and not (
                self.cleaned_data.get(value) or value in self.errors
            ):
                self.add_error(value, _("Give the value as well, or leave the day empty."))
        return self.cleaned_data

    def document(self) -> Document:
        """What was typed, as `documents.BID` has it under "environment"; from a form that is valid."""
        return {
            indicator: self._piece(indicator)
            for indicator in self.indicators
            if self.cleaned_data[f"value/{indicator}"]
        }

    def _piece(self, indicator: str) -> Document:
        given = self.cleaned_data
        assurance = given[f"assurance/{indicator}"] or Assurance.DECLARED.value
        piece = {"value": given[f"value/{indicator}"], "assurance": assurance}
        last = given[f"expires_on/{indicator}"]
        return {**piece, "expires_on": last.isoformat()} if last else piece

    def show_at(self, place: str, sentence: str) -> None:
        """Put what is wrong at ``place`` of the evidence (a pointer without its first slash)."""
        indicator, _slash, part = place.partition("/")
        field = f"{'expires_on' if part == 'expires_on' else 'value'}/{indicator}"
        self.add_error(field if field in self.fields else None, sentence)


def value_field(indicator: Document, label: str) -> forms.Field:
    """The field for what is brought for an indicator: a number, or one of the kinds of evidence its policy names."""
    asked = translated(indicator.get("reference", ""))
    if indicator["kind"] == "number":
        return FigureField(label=label, required=False, help_text=asked)
    choices = [("", "–"), *((name, translated(name)) for name in indicator["labels"])]
    return forms.ChoiceField(label=label, choices=choices, required=False, help_text=asked)
