"""Whether a bid is entered as excluded from the start, and why: it stays visible with its reason."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from procurement.people.templatetags.reading import moment
from procurement.tenders.documents import ENTERED_EXCLUDED
from procurement.tenders.models import Bid

Document = dict[str, Any]
GROUNDS = [(ground, Bid.Exclusion(ground).label) for ground in ENTERED_EXCLUDED]
ENTERED = [("", gettext_lazy("no: the bid is judged")), *GROUNDS]  # how a bid may come in


# Eliminated without being opened (CCP R2151-5): whoever types one knows its tenderer and its time.
NOT_OPENED = gettext_lazy(
    "A bid that came late is entered too, and stays visible; it is not opened: nothing of what it offers is kept."
)


def ground_field(help_text: Any) -> forms.ChoiceField:
    """Whether a bid is excluded from the start, and on which ground."""
    return forms.ChoiceField(
        label=gettext_lazy("Excluded from the start"), choices=ENTERED, required=False, help_text=help_text
    )


def reason_field() -> forms.CharField:
    """Why a bid is excluded from the start."""
    return forms.CharField(
        label=gettext_lazy("Reason for the exclusion"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("The tenderer is told it."),
    )


class ExclusionForm(forms.Form):
    """A ground and the reason; left empty, the bid is admissible. ``judged``: the lot is, so that it cannot be."""

    use_required_attribute = False
    prefix = "exclusion"
    ground = ground_field(NOT_OPENED)
    reason = reason_field()

    def __init__(self, data: Any = None, *, judged: bool = False) -> None:
        super().__init__(data)
        if judged:
            self.fields["ground"].choices = GROUNDS  # type: ignore[attr-defined]  # a ChoiceField
            self.fields["ground"].required = self.fields["reason"].required = True

    def clean(self) -> Document:
        given = self.cleaned_data
        if given.get("ground") and not given.get("reason") and "reason" not in self.errors:
            self.add_error("reason", gettext_lazy("Write the reason for the exclusion: the tenderer is told it."))
        if given.get("reason") and not given.get("ground") and "ground" not in self.errors:
            self.add_error("ground", gettext_lazy("Choose the ground, or take the reason away."))
        return given

    def document(self) -> Document:
        """What was typed, as a part of `documents.BID`; from a form that is valid."""
        if not self.cleaned_data["ground"]:
            return {}
        given = self.cleaned_data
        return {
            "status": Bid.Status.EXCLUDED.value,
            "exclusion": given["ground"],
            "exclusion_reason": given["reason"],
        }

    def propose_late(self, received: datetime, due: datetime, sentence: str) -> None:
        """Fill in that the bid came late, for whoever typed it to confirm; ``sentence`` says why."""
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        typed[self.add_prefix("ground")] = Bid.Exclusion.LATE.value
        if not self.cleaned_data.get("reason"):
            typed[self.add_prefix("reason")] = _("Received %(received)s, after the deadline of %(due)s.") % {
                "received": moment(received),
                "due": moment(due),
            }
        self.data = typed
        self.add_error("ground", sentence)

    def show_at(self, sentence: str) -> None:
        """Put what is wrong with the exclusion beside its ground."""
        self.add_error("ground", sentence)
