"""The panels somebody sits on, and a panel as its buyer and its members see it; in a fixed number of queries."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max

from procurement.evaluation.disclosure import bidders
from procurement.evaluation.mark_forms import Cell, MarksForm
from procurement.evaluation.models import (
    BidVersion,
    Declaration,
    IndividualMark,
    Mark,
    MarkDraft,
    MarkLock,
    Panel,
    Panelist,
)
from procurement.evaluation.panels import unconflicted
from procurement.evaluation.standing import Kept, Place, kept_of_member, kept_of_panel
from procurement.ledger.models import Line
from procurement.ledger.reasons import texts_of
from procurement.ledger.services import name_of
from procurement.tenders.models import Bid, Criterion, Lot


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a panel: what he declared, and how many of the marks he has given."""

    seat: Panelist
    declared: bool
    conflict: bool
    interests: str
    given: int

    @property
    def unmarked(self) -> bool:
        return self.given == 0


@dataclass(frozen=True, slots=True)
class Spread:
    """The individual marks of one bid on one criterion, lowest first."""

    marks: list[IndividualMark]

    @property
    def lowest(self) -> Decimal:
        return self.marks[0].value

    @property
    def highest(self) -> Decimal:
        return self.marks[-1].value


def admissible(lot: Lot) -> list[Bid]:
    return list(lot.bids.filter(status=Bid.Status.ADMISSIBLE).select_related("supplier"))


def marked(lot: Lot) -> list[Criterion]:
    """The criteria that take a mark."""
    return list(lot.criteria.filter(scale__isnull=False))


def members(lot: Lot) -> list[Member]:
    """Who sits on the panel of a lot, in the order they were seated; what they declared is personal."""
    seats = Panelist.objects.filter(panel__lot=lot).select_related("user").order_by("pk")
    declarations = list(Declaration.objects.filter(lot=lot).order_by("pk"))
    lines = Line.objects.filter(action="declaration.made", object__in=[name_of(each) for each in declarations])
    lines_of = {line.object: line.reason for line in lines}
    texts = texts_of(lines)
    last = {each.declared_by_id: each for each in declarations}
    conflicts = {each.declared_by_id: each for each in declarations if each.conflict}
    given = Counter(IndividualMark.objects.filter(bid__lot=lot).standing().values_list("given_by", flat=True))
    shown = []
    for seat in seats:
        said = conflicts.get(seat.user_id) or last.get(seat.user_id)
        text = texts.get(lines_of.get(name_of(said), ""), "") if said else ""
        shown.append(Member(seat, said is not None, seat.user_id in conflicts, text, given[seat.user_id]))
    return shown


def panel_page(lot: Lot) -> dict[str, Any]:
    """The context of the page of a panel."""
    seated, bids, criteria = members(lot), admissible(lot), marked(lot)
    agreed = Mark.objects.filter(bid__in=bids).count()
    wanted = len(bids) * len(criteria)
    return {
        "lot": lot,
        "members": seated,
        "wanted": wanted,
        "agreed": agreed,
        "lock": MarkLock.objects.filter(lot=lot).select_related("locked_by").first(),
        "ready": bool(wanted) and agreed >= wanted,
        "any_mark": any(member.given for member in seated),
    }


def own_grid(panel: Panel, reader: Any, data: Any) -> MarksForm:
    """The grid of a member: his own marks, of nobody else."""
    return _grid(panel, reader, data, kept_of_member(panel.lot, reader), MarkDraft.Kind.INDIVIDUAL)


def agreed_grid(panel: Panel, reader: Any, data: Any) -> MarksForm:
    """The grid of the marks the panel agreed on."""
    return _grid(panel, reader, data, kept_of_panel(panel.lot), MarkDraft.Kind.AGREED)


def given_before_a_version(lot: Lot, given_at: dict[Place, datetime]) -> set[Place]:
    """Of marks given at these times those of a bid that was replaced since; what it says now they did not judge."""
    replaced = BidVersion.objects.filter(bid__lot=lot).order_by().values_list("bid").annotate(last=Max("replaced_at"))
    last = dict(replaced)
    return {place for place, at in given_at.items() if place[0] in last and at <= last[place[0]]}


def agreed_sections(form: MarksForm, lot: Lot) -> list[tuple[Criterion, list[tuple[Cell, Spread | None]]]]:
    """The grid of agreed marks, with the individual ones beside each."""
    found = spreads(lot)
    return [
        (criterion, [(cell, found.get((cell.bid.pk, criterion.pk))) for cell in cells])
        for criterion, cells in form.sections()
    ]


def spreads(lot: Lot) -> dict[Place, Spread]:
    """By bid and criterion what the members gave, without those who declared a conflict."""
    standing = unconflicted(IndividualMark.objects.filter(bid__lot=lot).standing(), lot)
    found = defaultdict(list)
    for mark in standing.select_related("given_by"):
        found[(mark.bid_id, mark.criterion_id)].append(mark)
    return {place: Spread(sorted(marks, key=lambda mark: mark.value)) for place, marks in found.items()}


def _grid(panel: Panel, reader: Any, data: Any, kept: Kept, kind: str) -> MarksForm:
    every = list(panel.lot.bids.select_related("supplier"))
    bids = [bid for bid in every if bid.status == Bid.Status.ADMISSIBLE]
    told = bidders(panel, every, reader)
    waiting = MarkDraft.objects.filter(bid__lot=panel.lot, kind=kind, written_by=reader)
    drafts = {(draft.bid_id, draft.criterion_id): (draft.mark, draft.reason) for draft in waiting}
    grid = MarksForm(data, panel=panel, bids=bids, criteria=marked(panel.lot), bidders=told, kept=kept, drafts=drafts)
    grid.outdated = given_before_a_version(panel.lot, {place: rows[-1].given_at for place, rows in kept.rows.items()})
    return grid
