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
from procurement.evaluation.standing import Kept, Place, Row, number_read, said, unread_sentence
from procurement.fields import plain
from procurement.people.figures import FigureField, read_figure
from procurement.people.models import User
from procurement.people.quick_widgets import QuickInput, QuickTextarea
from procurement.people.templatetags.reading import points
from procurement.tenders.models import Bid, Criterion

LONGEST_REASON = 2000  # characters
INCOMPLETE = "incomplete"  # the code of what is no mistake yet while somebody types


class SeatForm(forms.Form):
    """Who sits down."""

    person = forms.ModelChoiceField(User.objects.none(), label=_("Evaluator"), empty_label=_("Choose an evaluator"))

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
    """The two fields of one bid on one criterion; ``waits``: they hold what is typed and not given, over ``standing``.

    ``outdated``: the mark was given before another version of the bid came.
    """

    bid: Bid
    bidder: str
    mark: forms.BoundField
    reason: forms.BoundField
    waits: bool
    standing: Row | None
    outdated: bool


class MarksForm(forms.Form):
    """A grid: for each of ``bids`` on each of ``criteria`` a mark and its reason; what is left empty is no mark yet.

    ``bidders`` says by id of the bid how its tenderer is called here, ``kept`` what was given already, ``drafts`` what
    was typed and not given: the fields show it first. What is sent from a page that was read before somebody gave
    other marks changes what its reader changed, and says beside it what stands meanwhile.
    """

    def __init__(
        self,
        *args: Any,
        panel: Panel,
        bids: Sequence[Bid],
        criteria: Sequence[Criterion],
        bidders: Mapping[int, str],
        kept: Kept,
        drafts: Mapping[Place, tuple[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.bidders, self.criteria, self.kept, self.drafts = bidders, criteria, kept, drafts
        self.outdated: set[Place] = set()
        self.bids = sorted(bids, key=lambda bid: (len(bidders[bid.pk]) > 2, bidders[bid.pk]))
        self.names = {bid.pk: field_name(panel, bid.pk) for bid in bids}
        for bid in self.bids:
            for criterion in criteria:
                self._add_fields(bid, criterion)
        before = number_read(self.data)
        self.read = kept.number if before is None else before
        if self.read < kept.number:
            self._take_what_was_not_changed()

    def _take_what_was_not_changed(self) -> None:
        """Let the fields that hold what their reader read hold what stands since."""
        fresh = dict(self.data.items())
        for bid, criterion, mark, reason in self._found():
            place, name = (bid.pk, criterion.pk), self.name(bid, criterion)
            now = self.kept.unread(place, self.read)
            if now and (_written(mark), reason) == said(self.kept.read(place, self.read)):
                fresh[f"{name}-mark"], fresh[f"{name}-reason"] = said(now)
        self.data = fresh

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
        return said(self.kept.now(place))

    def name(self, bid: Bid, criterion: Criterion) -> str:
        """What the fields of a bid on a criterion are called, up to `-mark` and `-reason`."""
        return f"{self.names[bid.pk]}-{criterion.key}"

    def sections(self) -> Iterator[tuple[Criterion, list[Cell]]]:
        """Criterion by criterion, the fields of every bid."""
        for criterion in self.criteria:
            yield criterion, [self._cell(bid, criterion) for bid in self.bids]

    def _cell(self, bid: Bid, criterion: Criterion) -> Cell:
        name = self.name(bid, criterion)
        place = (bid.pk, criterion.pk)
        mark, reason = self[f"{name}-mark"], self[f"{name}-reason"]
        waits, outdated = place in self.drafts, place in self.outdated
        return Cell(bid, self.bidders[bid.pk], mark, reason, waits, self.kept.now(place), outdated)

    def clean(self) -> dict[str, Any]:
        for bid in self.bids:
            for criterion in self.criteria:
                self._check(bid, criterion)
        self._check_read()
        return self.cleaned_data

    def _check_read(self) -> None:
        """Beside each mark that would replace one its reader has not read, what that one is."""
        for bid, criterion, mark, reason in self._found():
            now = self.kept.unread((bid.pk, criterion.pk), self.read)
            if now and (_written(mark), reason) != said(now):
                sentence = forms.ValidationError(unread_sentence(now), code=INCOMPLETE)
                self.add_error(f"{self.name(bid, criterion)}-mark", sentence)

    def _check(self, bid: Bid, criterion: Criterion) -> None:
        """What is wrong with one mark stands beside it."""
        name = self.name(bid, criterion)
        if f"{name}-mark" in self.errors or f"{name}-reason" in self.errors:
            return
        mark, reason = self.cleaned_data[f"{name}-mark"], self.cleaned_data[f"{name}-reason"]
        place = (bid.pk, criterion.pk)
        if not mark and (reason or self.kept.now(place)):
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
        sent = self.cleaned_data
        return [
            Given(bid, criterion, Decimal(sent[f"{name}-mark"]), sent[f"{name}-reason"], self.read)
            for bid, criterion, name in self._places()
            if sent[f"{name}-mark"]
        ]

    def typed(self) -> list[Typed]:
        """What was sent, right or wrong, to be kept as drafts; not what is longer than a field takes."""
        return [
            Typed(bid, criterion, _written(mark), reason)
            for bid, criterion, mark, reason in self._found()
            if _fits(mark, reason)
        ]

    def unkept(self) -> int:
        """At how many places more was sent than a field takes: nothing of it is kept."""
        return sum(not _fits(mark, reason) for _bid, _criterion, mark, reason in self._found())

    def waiting(self) -> list[str]:
        """The names of the marks at whose places something typed waits."""
        return [f"{name}-mark" for bid, criterion, name in self._places() if (bid.pk, criterion.pk) in self.drafts]

    def drafted(self) -> dict[str, str]:
        """All that waits, as a page would send it."""
        return {
            f"{name}-{part}": text
            for bid, criterion, name in self._places()
            if (bid.pk, criterion.pk) in self.drafts
            for part, text in zip(("mark", "reason"), self.drafts[bid.pk, criterion.pk], strict=True)
        }

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

    def _found(self) -> list[tuple[Bid, Criterion, str, str]]:
        """The mark and the reason that were sent at each place."""
        return [
            (bid, criterion, self._sent(f"{name}-mark"), self._sent(f"{name}-reason"))
            for bid, criterion, name in self._places()
            if f"{name}-mark" in self.data
        ]

    def _sent(self, name: str) -> str:
        return one_ending(str(self.data.get(name, ""))).strip()


def _fits(mark: str, reason: str) -> bool:
    """Whether the fields take what was sent for them."""
    return len(mark) <= LONGEST_TYPED and len(reason) <= LONGEST_REASON and "\0" not in mark + reason


def _written(mark: str) -> str:
    """A number as its shortest plain decimal, anything else as it was typed."""
    figure = read_figure(mark)
    return plain(Decimal(figure)) if figure else mark
