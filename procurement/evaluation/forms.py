"""What a person fills in to decide a lot, to lift a block, to simulate."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.evaluation.models import Decision, ScoreSheet
from procurement.evaluation.present.reading import Reading
from procurement.policies.models import Policy, PolicyVersion
from procurement.tenders.models import Bid, Lot


class ReasonForm(forms.Form):
    """A written reason, which the record keeps."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), help_text=_("It is recorded and printed.")
    )

    def summary(self) -> list[tuple[str, str]]:
        """What a filled-in form says, as label and text, to be read again before it is done."""
        return [(str(field.label), self._said(field)) for field in self if not field.is_hidden]

    def _said(self, field: forms.BoundField) -> str:
        value = self.cleaned_data[field.name]
        return str(dict(getattr(field.field, "choices", ())).get(value, value))


class AwardForm(ReasonForm):
    """Who gets the lot: a bid of the first rank of the sheet the person has before the eyes."""

    sheet = forms.IntegerField(widget=forms.HiddenInput)
    bid = forms.ChoiceField(label=_("Awarded to"))
    draw = forms.CharField(
        label=_("How the draw between the tied bids was made"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who drew, before whom, when, and what came out."),
    )

    field_order = ("sheet", "bid", "draw", "reason")

    def __init__(self, *args: Any, sheet: ScoreSheet, reading: Reading, **options: Any) -> None:
        super().__init__(*args, **options)
        first = [row["bid"] for row in reading.ranking if row["rank"] == 1]
        self.fields["sheet"].initial = sheet.pk
        self.fields["bid"].choices = [(bid, reading.supplier(bid)) for bid in first]  # type: ignore[attr-defined]  # a ChoiceField
        if len(first) < 2:
            del self.fields["draw"]


class EndForm(ReasonForm):
    """How a lot ends without an award."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[(o, o.label) for o in Decision.Outcome if o != Decision.Outcome.AWARDED],
        widget=forms.RadioSelect,
    )

    field_order = ("outcome", "reason")


class ExclusionForm(ReasonForm):
    """Why a bid is not judged; the tenderer is told."""

    ground = forms.ChoiceField(label=_("Ground"), choices=Bid.Exclusion.choices, widget=forms.RadioSelect)

    field_order = ("ground", "reason")

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.fields["reason"].help_text = _("It is recorded and printed, and the tenderer is told it.")


class IpiExceptionForm(ReasonForm):
    """Which of the two exceptions of the International Procurement Instrument applies."""

    exception = forms.ChoiceField(label=_("Exception"), choices=Lot.IpiException.choices, widget=forms.RadioSelect)

    field_order = ("exception", "reason")


class SimulationForm(forms.Form):
    """Under which rules a decided lot is scored once more."""

    policy_version = forms.ModelChoiceField(
        label=_("Policy"),
        queryset=PolicyVersion.objects.approved().filter(policy__kind=Policy.Kind.PREFERENCE).select_related("policy"),
        required=False,
        empty_label=_("No policy"),
    )


class GroupOriginForm(ReasonForm):
    """Which origin is retained for a consortium one of whose members alone comes under a measure."""

    country = forms.ChoiceField(
        label=_("Origin retained"),
        widget=forms.RadioSelect,
        help_text=_(
            "The first is the cautious reading: a member brings the whole bid under the measure, which blocks the "
            "award. With another one the bid stands, and a second person awards the lot if it wins."
        ),
    )

    field_order = ("country", "reason")

    def __init__(self, *args: Any, origins: list[tuple[str, str]]) -> None:
        super().__init__(*args)
        self.fields["country"].choices = origins  # type: ignore[attr-defined]  # a ChoiceField
