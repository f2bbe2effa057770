"""What is still asked before a draft is published, before bids are opened, and of another deadline for them."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from procurement.people.filters import DAY
from procurement.people.moments import MomentField
from procurement.people.templatetags.reading import moment
from procurement.tenders.models import Tender

LONGEST_REASON = 4000  # characters


class OpeningForm(forms.Form):
    """The deadline for the receipt of bids, as it was in the end."""

    bids_due_at = MomentField(
        label=_("Deadline for the receipt of bids"),
        help_text=_(
            "Paris time, with every postponement. A bid that came after it is not opened: it is entered as late."
        ),
    )


class DeadlineForm(forms.Form):
    """Another deadline for the receipt of bids, and why."""

    bids_due_at = MomentField(label=_("Deadline for the receipt of bids"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the documents or the answers to tenderers made necessary, or what was typed wrongly."),
    )

    def summary(self, tender: Tender) -> list[tuple[str, str]]:
        """What changes, to be read again before it is done; from a form that is valid."""
        return [
            (gettext("Deadline until now"), moment(tender.bids_due_at) or gettext("not recorded")),
            (gettext("Deadline from now on"), moment(self.cleaned_data["bids_due_at"])),
            (gettext("Reason"), self.cleaned_data["reason"]),
        ]


class PublicationForm(forms.Form):
    """The launch date of a draft that has none; nothing else."""

    launched_on = forms.DateField(
        label=_("Launch date"), widget=DAY, help_text=_("The day of the notice: the law that applies depends on it.")
    )

    def __init__(self, *args: Any, tender: Tender) -> None:
        super().__init__(*args)
        if tender.launched_on:
            del self.fields["launched_on"]
