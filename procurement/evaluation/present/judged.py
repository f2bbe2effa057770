"""The bids of a lot as the API tells them to those who judge: to a member what he may know, to the buyer the marks.

Each in a fixed number of queries, whatever the number of bids and criteria.
"""

from typing import Any

from procurement.evaluation.disclosure import bidders, field_name, prices_may_be_shown
from procurement.evaluation.models import IndividualMark, Panel
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
