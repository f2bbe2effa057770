"""What is still asked before a draft is published."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.people.filters import DAY
from procurement.people.moments import MomentField
from procurement.tenders.models import Tender


class OpeningForm(forms.Form):
    """The deadline for the receipt of bids, as it was in the end: asked for here and nowhere else."""

    bids_due_at = MomentField(
        label=_("Deadline for the receipt of bids"),
        help_text=_(
            "Paris time, with every postponement: it no longer changes. A bid that came after it is entered as late."
        ),
    )


class PublicationForm(forms.Form):
    """The launch date of a draft that has none; nothing else."""

    launched_on = forms.DateField(
        label=_("Launch date"), widget=DAY, help_text=_("The day of the notice: the law that applies depends on it.")
    )

    def __init__(self, *args: Any, tender: Tender) -> None:
        super().__init__(*args)
        if tender.launched_on:
            del self.fields["launched_on"]
