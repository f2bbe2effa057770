"""The bids of a lot as the API tells them to those who judge: to a member what he may know, to the buyer the marks.

Each in a fixed number of queries, whatever the number of bids and criteria.
"""

from typing import Any

from procurement.evaluation.disclosure import bidders, field_name, prices_may_be_shown
from procurement.evaluation.mark_forms import MarksForm
from procurement.evaluation.models import IndividualMark, Mark, MarkDraft, Panel
from procurement.evaluation.present.grids import GRIDS, grid_state
from procurement.evaluation.present.panels import admissible, marked, spreads
from procurement.evaluation.standing import NOTHING, kept_of_panel
from procurement.tenders.models import Bid, Criterion, Lot

Document = dict[str, Any]


def bids_to_judge(panel: Panel, reader: Any) -> list[Document]:
    """The admissible bids under the names a member knows them by, in their order, with the marks he gave."""
    every = list(panel.lot.bids.select_related("supplier"))
    told = bidders(panel, every, reader)
    shown = prices_may_be_shown(panel.lot, reader)
    given: dict[int, list[IndividualMark]] = {}
    for mark in (
        IndividualMark.objects.filter(bid__lot=panel.lot, given_by=reader).standing().select_related("criterion")
    ):
        given.setdefault(mark.bid_id, []).append(mark)
    bids = [bid for bid in every if bid.status == Bid.Status.ADMISSIBLE]
    return [
        {
            "bid": field_name(panel, bid.pk),
            "tenderer": told[bid.pk],
            "price": bid.price if shown else None,
            "marks": given.get(bid.pk, []),
        }
        for bid in sorted(bids, key=lambda bid: (len(told[bid.pk]) > 2, told[bid.pk]))
    ]


def judged_places(panel: Panel) -> tuple[dict[str, Bid], dict[str, Criterion]]:
    """What a member may mark: the admissible bids by the names `bids_to_judge` gives, the criteria by their keys."""
    bids = {field_name(panel, bid.pk): bid for bid in admissible(panel.lot)}
    return bids, {criterion.key: criterion for criterion in marked(panel.lot)}


def places_to_agree(lot: Lot) -> list[Document]:
    """Every admissible bid on every marked criterion: the agreed mark, and those of the members it rests on."""
    agreed, found, criteria = kept_of_panel(lot), spreads(lot), marked(lot)
    return [
        {
            "bid": bid.key,
            "tenderer": bid.supplier.name,
            "criterion": criterion.key,
            "agreed": (mark := agreed.now((bid.pk, criterion.pk))),
            "version": mark.pk if mark else NOTHING,
            "individual": spread.marks if (spread := found.get((bid.pk, criterion.pk))) else [],
        }
        for bid in admissible(lot)
        for criterion in criteria
    ]


def standing_marks(lot: Lot) -> list[Document]:
    """Every mark that counts, with the number of its last version; two queries."""
    kept = kept_of_panel(lot)
    rows = Mark.objects.filter(bid__lot=lot).select_related("bid", "criterion").order_by("bid__key", "criterion")
    return [
        {
            "bid": mark.bid.key,
            "criterion": mark.criterion.key,
            "value": mark.value,
            "reason": mark.reason,
            "simulated": mark.simulated,
            "version": given.pk if (given := kept.now((mark.bid_id, mark.criterion_id))) else NOTHING,
        }
        for mark in rows
    ]


def waiting_grid(panel: Panel, kind: MarkDraft.Kind, reader: Any) -> Document:
    """How far a grid of ``reader`` is, what waits in it with what is wrong there, and what undoing would undo."""
    form = GRIDS[kind](panel, reader, None)
    state = grid_state(panel, kind, reader, form)
    mistakes = GRIDS[kind](panel, reader, form.drafted()).mistakes()
    waiting = []
    for (bid, criterion), (place, name) in _places(form, kind).items():
        if place in form.drafts:
            mark, reason = form.drafts[place]
            wrong = [said for part in ("mark", "reason") for said in mistakes.get(f"{name}-{part}", [])]
            row = {"bid": bid, "criterion": criterion, "mark": mark, "reason": reason, "mistakes": wrong}
            waiting.append(row)
    return {"given": state.given, "wanted": state.wanted, "waiting": waiting, "undo": state.undo}


def field_names(form: MarksForm, kind: MarkDraft.Kind) -> dict[tuple[str, str], str]:
    """By what the API calls a bid and a criterion, what their fields are called in the grid of a page."""
    return {called: name for called, (_place, name) in _places(form, kind).items()}


def _places(form: MarksForm, kind: MarkDraft.Kind) -> dict[tuple[str, str], tuple[tuple[int, int], str]]:
    """A member knows a bid by the name of its fields, the buyer by its key."""
    own = kind == MarkDraft.Kind.INDIVIDUAL
    return {
        (form.names[bid.pk] if own else bid.key, criterion.key): ((bid.pk, criterion.pk), form.name(bid, criterion))
        for bid in form.bids
        for criterion in form.criteria
    }
