"""What members of a panel fill in: a declaration of interests, a mark and its reason for each bid and criterion."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from procurement.evaluation.disclosure import field_name
from procurement.evaluation.models import LONGEST_TYPED, Panel
from procurement.evaluation.services import Given, Typed
from procurement.fields import plain
from procurement.people.figures import FigureField, read_figure
from procurement.people.models import User
from procurement.people.quick_widgets import QuickInput, QuickTextarea
from procurement.people.templatetags.reading import points
from procurement.tenders.models import Bid, Criterion

LONGEST_REASON = 2000  # characters
INCOMPLETE = "incomplete"  # the code of what is no mistake yet while somebody types
Place = tuple[int, int]  # the ids of a bid and of a criterion


class SeatForm(forms.Form):
    """Who sits down."""

    person = forms.ModelChoiceField(User.objects.none(), label=_("Evaluator"))

    def __init__(self, *args: Any, people: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]  # a ModelChoiceField


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


class ProseField(forms.CharField):
    """A text whose lines end alike, whether a form or a script sent it: who changes nothing sends the same again."""

    def to_python(self, value: Any) -> str:
        return one_ending(str(super().to_python(value)))


def one_ending(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True, slots=True)
class Cell:
    """The two fields of one bid on one criterion; ``waits``: they hold what is typed and not given.

    ``outdated``: the mark was given before another version of the bid came.
    """

    bid: Bid
    bidder: str
    mark: forms.BoundField
    reason: forms.BoundField
    waits: bool
    outdated: bool


class MarksForm(forms.Form):
    """A grid: for each of ``bids`` on each of ``criteria`` a mark and its reason; what is left empty is no mark yet.

    ``bidders`` says by id of the bid how its tenderer is called here, ``given`` what stands already, ``drafts`` what
    was typed and not given: the fields show it first.
    """

    def __init__(
        self,
        *args: Any,
        panel: Panel,
        bids: Sequence[Bid],
        criteria: Sequence[Criterion],
        bidders: Mapping[int, str],
        given: Mapping[Place, tuple[Decimal, str]],
        drafts: Mapping[Place, tuple[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.bidders, self.criteria, self.given, self.drafts = bidders, criteria, given, drafts
        self.outdated: set[Place] = set()
        self.bids = sorted(bids, key=lambda bid: (len(bidders[bid.pk]) > 2, bidders[bid.pk]))
        self.names = {bid.pk: field_name(panel, bid.pk) for bid in bids}
        for bid in self.bids:
            for criterion in criteria:
                self._add_fields(bid, criterion)

    def _add_fields(self, bid: Bid, criterion: Criterion) -> None:
        name = self.name(bid, criterion)
        mark, reason = self._standing(bid, criterion)
        self.fields[f"{name}-mark"] = FigureField(
            label=_("Mark"),
            required=False,
            initial=mark,
            max_length=LONGEST_TYPED,
            widget=QuickInput(attrs=FigureField.widget.attrs),
        )
        rows = QuickTextarea(attrs={"rows": 2})
        self.fields[f"{name}-reason"] = ProseField(
            label=_("Reason"), required=False, initial=reason, max_length=LONGEST_REASON, widget=rows
        )

    def _standing(self, bid: Bid, criterion: Criterion) -> tuple[str, str]:
        """What the two fields start with."""
        place = (bid.pk, criterion.pk)
        if place in self.drafts:
            return self.drafts[place]
        value, reason = self.given.get(place, (None, ""))
        return "" if value is None else plain(value), reason

    def name(self, bid: Bid, criterion: Criterion) -> str:
        """What the fields of a bid on a criterion are called, up to `-mark` and `-reason`."""
        return f"{self.names[bid.pk]}-{criterion.key}"

    def sections(self) -> Iterator[tuple[Criterion, list[Cell]]]:
        """Criterion by criterion, the fields of every bid."""
        for criterion in self.criteria:
            yield criterion, [self._cell(bid, criterion) for bid in self.bids]

    def _cell(self, bid: Bid, criterion: Criterion) -> Cell:
        name = self.name(bid, criterion)
        waits = (bid.pk, criterion.pk) in self.drafts
        outdated = (bid.pk, criterion.pk) in self.outdated
        return Cell(bid, self.bidders[bid.pk], self[f"{name}-mark"], self[f"{name}-reason"], waits, outdated)

    def clean(self) -> dict[str, Any]:
        for bid in self.bids:
            for criterion in self.criteria:
                self._check(bid, criterion)
        return self.cleaned_data

    def _check(self, bid: Bid, criterion: Criterion) -> None:
        """What is wrong with one mark stands beside it."""
        name = self.name(bid, criterion)
        if f"{name}-mark" in self.errors or f"{name}-reason" in self.errors:
            return
        mark, reason = self.cleaned_data[f"{name}-mark"], self.cleaned_data[f"{name}-reason"]
        if not mark and (reason or (bid.pk, criterion.pk) in self.given):
            sentence = _("Write the mark: one that was given is changed, not taken back.")
            self.add_error(f"{name}-mark", forms.ValidationError(sentence, code=INCOMPLETE if reason else None))
        if mark and not reason:
            sentence = _("Write the reason of this mark.")
            self.add_error(f"{name}-reason", forms.ValidationError(sentence, code=INCOMPLETE))
        if mark and not 0 <= Decimal(mark) <= (criterion.scale or 0):
            highest = points(plain(criterion.scale or Decimal(0)))
            self.add_error(f"{name}-mark", gettext("A mark is a number from 0 to %(highest)s.") % {"highest": highest})

    def marks(self) -> list[Given]:
        """What the filled-in grid says."""
        said = self.cleaned_data
        return [
            Given(bid, criterion, Decimal(said[f"{name}-mark"]), said[f"{name}-reason"])
            for bid, criterion, name in self._places()
            if said[f"{name}-mark"]
        ]

    def typed(self) -> list[Typed]:
        """What was sent, right or wrong, to be kept as drafts; not what is longer than a field takes."""
        found = [
            (bid, criterion, self._sent(f"{name}-mark"), self._sent(f"{name}-reason"))
            for bid, criterion, name in self._places()
            if f"{name}-mark" in self.data
        ]
        return [
            Typed(bid, criterion, _written(mark), reason)
            for bid, criterion, mark, reason in found
            if len(mark) <= LONGEST_TYPED and len(reason) <= LONGEST_REASON and "\0" not in mark + reason
        ]

    def waiting(self) -> list[str]:
        """The names of the marks at whose places something typed waits."""
        return [f"{name}-mark" for bid, criterion, name in self._places() if (bid.pk, criterion.pk) in self.drafts]

    def mistakes(self) -> dict[str, list[str]]:
        """By the name of each field that was sent, what is wrong with it; what is only half written is not."""
        wrong = {name: [e for e in errors if e.code != INCOMPLETE] for name, errors in self.errors.as_data().items()}
        return {
            name: [sentence for error in errors for sentence in error.messages]
            for name, errors in wrong.items()
            if errors and name in self.data
        }

    def _places(self) -> list[tuple[Bid, Criterion, str]]:
        return [(bid, criterion, self.name(bid, criterion)) for bid in self.bids for criterion in self.criteria]

    def _sent(self, name: str) -> str:
        return one_ending(str(self.data.get(name, ""))).strip()


def _written(mark: str) -> str:
    """A number as its shortest plain decimal, anything else as it was typed."""
    figure = read_figure(mark)
    return plain(Decimal(figure)) if figure else mark
