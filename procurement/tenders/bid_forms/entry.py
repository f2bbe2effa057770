"""A whole bid on one page: its tenderer, its lines and its evidence."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.functional import cached_property

from procurement.people.models import User
from procurement.people.refusals import Invalid, Refused
from procurement.problems import listed
from procurement.registry.countries import country_names
from procurement.registry.models import Supplier
from procurement.tenders import documents, services
from procurement.tenders.bid_forms.consortium import ConsortiumEntry
from procurement.tenders.bid_forms.evidence import EvidenceForm
from procurement.tenders.bid_forms.exclusion import ExclusionForm
from procurement.tenders.bid_forms.head import OFFERED, HeadForm
from procurement.tenders.bid_forms.lines import LineForm
from procurement.tenders.bid_forms.stated import StatedForm
from procurement.tenders.entries import LATE_AT, Entry, check_bid, is_late
from procurement.tenders.models import Bid, Lot, Stage
from procurement.tenders.rules import quantities_of
from procurement.tenders.schedules.asked import indicators

Document = dict[str, Any]
MOST_ITEMS = 50  # of a lot whose bids are typed: a form has at most 1000 fields, an item 17
NOT_TYPED = {"csrfmiddlewaretoken", "enter", "change"}


class BidEntry:
    """The forms of one bid for ``lot`` together, with ``data`` as it was posted (None: nothing yet)."""

    def __init__(self, lot: Lot, data: QueryDict | None) -> None:
        quantities, currency = quantities_of(lot), lot.tender.currency
        self.lot, self.data = lot, data
        self.exclusion = ExclusionForm(data, judged=lot.stage == Stage.EVALUATED)
        self.head = HeadForm(data, lot=lot, exclusion=self.exclusion["ground"].value())
        self.lines = [
            LineForm(data, item=item, quantity=quantities[item.pk], currency=currency, prefix=f"line-{place}")
            for place, item in enumerate(lot.items.all(), start=1)
        ]
        self.evidence = EvidenceForm(data, indicators=indicators(lot))
        self.consortium = ConsortiumEntry(data)
        self.stated = StatedForm(data, items=[line.item for line in self.lines], currency=currency)

    @property
    def suppliers(self) -> Iterable[str]:
        """The names of the register that are offered while one types."""
        return Supplier.objects.values_list("name", flat=True)[:OFFERED]

    @property
    def countries(self) -> list[str]:
        return country_names()

    @property
    def typed(self) -> list[tuple[str, str]]:
        """Every field that was filled in, to be sent again with what is decided on it."""
        return [(name, str(value)) for name, value in (self.data or {}).items() if value and name not in NOT_TYPED]

    @property
    def problems(self) -> int:
        """How many things are said to be wrong."""
        return sum(len(sentences) for form in self._forms() for sentences in form.errors.values())

    @cached_property
    def document(self) -> Document:
        """The bid as it was typed (`documents.BID`, without an id); from forms that are valid.

        Of one that came late what was typed of its offer is left out: it is not opened.
        """
        self.priced = [line for line in self.lines if line.cleaned_data["unit_price"]]
        lines, consortium = [line.document() for line in self.priced], self.consortium.document()
        whole = {
            **self.head.document(),
            **({"lines": lines} if lines else {}),
            **({"consortium": consortium} if consortium else {}),
            **self.exclusion.document(),
            **({"stated": stated} if (stated := self.stated.document()) else {}),
            "environment": self.evidence.document(),
        }
        return documents.unopened(whole) if is_late(whole) else whole

    def check(self) -> Entry | None:
        """The bid as it would be entered, in which nothing is wrong; None where a field says what is."""
        if not self._readable():
            return None
        entry = check_bid(self.document, self.lot, {newcomer["name"] for newcomer in self._newcomers()})
        self._show(listed(entry.problems))
        return None if entry.problems else entry

    def save(self, by: User, at: datetime) -> Bid | None:
        """Enter the bid, and who is new to the register in it; None where a field says why not."""
        if not self._readable():
            return None
        whole: Document = {"lot": self.lot, "document": self.document, "by": by, "at": at}
        newcomers = self._newcomers()
        try:
            return (
                services.enter_bid_of_newcomers(newcomers=newcomers, **whole)
                if newcomers
                else services.enter_bid(**whole)
            )
        except Invalid as refusal:
            self._show(refusal.details or [{"pointer": "/supplier", "message": refusal.sentence}])
        except Refused as refusal:
            self.head.add_error(None, refusal.sentence)
        return None

    def _newcomers(self) -> list[Document]:
        """What is registered with the bid: its tenderer, and members of its consortium."""
        return [*self.head.newcomers(), *self.consortium.newcomers()]

    def _forms(self) -> list[Any]:
        return [self.head, *self.lines, self.evidence, *self.consortium.forms, self.exclusion, self.stated]

    def _readable(self) -> bool:
        valid = [form.is_valid() for form in self._forms()]  # every form, so that each says what is wrong with it
        return all(valid)

    def _show(self, problems: Iterable[Mapping[str, Any]]) -> None:
        """Put each problem of the document where it was typed."""
        for problem in problems:
            part, _slash, rest = str(problem["pointer"]).removeprefix("/").partition("/")
            place, _slash, inner = rest.partition("/")
            if problem["pointer"] == LATE_AT and self.head.cleaned_data.get("received"):
                self._propose_late(problem["message"])
            elif part == "lines" and place.isdecimal():
                self.priced[int(place)].show_at(inner, problem["message"])
            elif part == "consortium":
                self.consortium.show_at(rest, problem["message"])
            elif part == "exclusion":
                self.exclusion.show_at(problem["message"])
            elif part == "stated":
                self.stated.show_at(rest, problem["message"])
            elif part == "environment":
                self.evidence.show_at(rest, problem["message"])
            else:
                self.head.show_at("/".join(filter(None, (part, rest))), problem["message"])

    def _propose_late(self, sentence: str) -> None:
        """A bid that came after the deadline is proposed as late: whoever typed it confirms, or corrects the time."""
        due = self.lot.tender.bids_due_at
        if due is None:
            self.head.show_at("submitted_at", sentence)
        else:
            self.exclusion.propose_late(self.head.cleaned_data["received"], due, sentence)
