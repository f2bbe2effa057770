"""What members of a panel fill in: a declaration of interests, a mark and its reason for each bid and criterion."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from procurement.evaluation.disclosure import field_name
from procurement.evaluation.models import Panel
from procurement.evaluation.services import Given
from procurement.fields import plain
from procurement.people.figures import FigureField
from procurement.people.models import User
from procurement.people.templatetags.reading import points
from procurement.tenders.models import Bid, Criterion

LONGEST_REASON = 2000  # characters
Place = tuple[int, int]  # the ids of a bid and of a criterion


class SeatForm(forms.Form):
    """Who sits down."""

    person = forms.ModelChoiceField(User.objects.none(), label=_("Evaluator"))

    def __init__(self, *args: Any, people: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class DeclarationForm(forms.Form):
    """Whether somebody has an interest in the outcome, and which."""

    conflict = forms.TypedChoiceField(
        label=_("Your interests"),
        choices=[
            ("no", _("I have no interest in any of the companies that may have tendered, and no tie to them.")),
            ("yes", _("I have an interest or a tie that may be a conflict: the lot stays closed to me.")),
        ],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What it is"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Needed with a conflict. The buyer reads it; it can be erased later, the declaration itself stays."
        ),
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("conflict") and not given.get("text", "").strip():
            self.add_error("text", _("Write what the conflict is: the buyer reads it."))
        return given


@dataclass(frozen=True, slots=True)
class Cell:
    """The two fields of one bid on one criterion."""

    bid: Bid
    bidder: str
    mark: forms.BoundField
    reason: forms.BoundField


class MarksForm(forms.Form):
    """A grid: for each of ``bids`` on each of ``criteria`` a mark and its reason; what is left empty is no mark yet.

    ``bidders`` says by id of the bid how its tenderer is called here, ``given`` what stands already.
    """

    def __init__(
        self,
        *args: Any,
        panel: Panel,
        bids: Sequence[Bid],
        criteria: Sequence[Criterion],
        bidders: Mapping[int, str],
        given: Mapping[Place, tuple[Decimal, str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.bidders, self.criteria, self.given = bidders, criteria, given
        self.bids = sorted(bids, key=lambda bid: (len(bidders[bid.pk]) > 2, bidders[bid.pk]))
        self.names = {bid.pk: field_name(panel, bid.pk) for bid in bids}
        for bid in self.bids:
            for criterion in criteria:
                self._add_fields(bid, criterion)

    def _add_fields(self, bid: Bid, criterion: Criterion) -> None:
        name = self._name(bid, criterion)
        value, reason = self.given.get((bid.pk, criterion.pk), (None, ""))
        initial = "" if value is None else plain(value)
        self.fields[f"{name}-mark"] = FigureField(label=_("Mark"), required=False, initial=initial)
        rows = forms.Textarea(attrs={"rows": 2})
        self.fields[f"{name}-reason"] = forms.CharField(
            label=_("Reason"), required=False, initial=reason, max_length=LONGEST_REASON, widget=rows
        )

    def _name(self, bid: Bid, criterion: Criterion) -> str:
        return f"{self.names[bid.pk]}-{criterion.key}"

    def sections(self) -> Iterator[tuple[Criterion, list[Cell]]]:
        """Criterion by criterion, the fields of every bid."""
        for criterion in self.criteria:
            names = [(bid, self._name(bid, criterion)) for bid in self.bids]
            yield (
                criterion,
                [Cell(b, self.bidders[b.pk], self[f"{name}-mark"], self[f"{name}-reason"]) for b, name in names],
            )

    def clean(self) -> dict[str, Any]:
        for bid in self.bids:
            for criterion in self.criteria:
                self._check(bid, criterion)
        return self.cleaned_data

    def _check(self, bid: Bid, criterion: Criterion) -> None:
        """What is wrong with one mark stands beside it."""
        name = self._name(bid, criterion)
        if f"{name}-mark" in self.errors or f"{name}-reason" in self.errors:
            return
        mark, reason = self.cleaned_data[f"{name}-mark"], self.cleaned_data[f"{name}-reason"]
        if not mark and (reason or (bid.pk, criterion.pk) in self.given):
            self.add_error(f"{name}-mark", _("Write the mark: one that was given is changed, not taken back."))
        elif mark and not reason:
            self.add_error(f"{name}-reason", _("Write the reason of this mark."))
        elif mark and not 0 <= Decimal(mark) <= (criterion.scale or 0):
            highest = points(plain(criterion.scale or Decimal(0)))
            self.add_error(f"{name}-mark", gettext("A mark is a number from 0 to %(highest)s.") % {"highest": highest})

    def marks(self) -> list[Given]:
        """What the filled-in grid says."""
        said = self.cleaned_data
        names = [(bid, criterion, self._name(bid, criterion)) for bid in self.bids for criterion in self.criteria]
        return [
            Given(bid, criterion, Decimal(said[f"{name}-mark"]), said[f"{name}-reason"])
            for bid, criterion, name in names
            if said[f"{name}-mark"]
        ]
