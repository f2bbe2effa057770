"""One bid as it was entered: what is asked for each item, where it comes from, and the marks it was given."""

from typing import Any

from procurement.evaluation.present.examination import examination_of
from procurement.people.permissions import Permission, may
from procurement.tenders.models import Bid, Lot, Stage
from procurement.tenders.offered_lines import of_row
from procurement.tenders.operators import retainable
from procurement.tenders.partners import operators, remarks, takers_of
from procurement.tenders.proofs.present import proofs_of
from procurement.tenders.rules import quantities_of


def bid_page(bid: Bid, lot: Lot, user: Any) -> dict[str, Any]:
    """The context of the page of a bid (from `with_lines`), in a fixed number of queries."""
    quantities, late = quantities_of(lot), bid.exclusion == Bid.Exclusion.LATE
    offered = bid.price is not None or bid.lines.all() or bid.evidence.all()
    return {
        "bid": bid,
        "late": late,
        "unopened": late and not offered,
        "lot": lot,
        "tender": lot.tender,
        "lines": [of_row(line, quantities[line.item_id]) for line in bid.lines.all()],
        "evidence": list(bid.evidence.all()),
        "proofs": proofs_of(bid, user),
        "examination": examination_of(bid, lot, user),
        **who_makes(bid, lot, user),
        "marks": list(bid.marks.select_related("criterion", "given_by")),
        "explanations": list(bid.explanations.filter(asked=None).select_related("recorded_by")),
        "may_exclude": may_exclude(bid, lot, user),
    }


def who_makes(bid: Bid, lot: Lot, user: Any) -> dict[str, Any]:
    """The operators of the bid with their origins, what follows from them, and whether others may be named."""
    shown = operators(bid)
    return {
        "operators": shown,
        "remarks": remarks(bid, takers_of(lot)),
        "outdated": any(operator.newer is not None for operator in shown),
        "retainable": retainable(bid),
        "may_enter": lot.stage in (Stage.OPENED, Stage.EVALUATED) and may(user, Permission.ENTER_BID),
    }


def may_exclude(bid: Bid, lot: Lot, user: Any) -> bool:
    """Whether this reader may exclude the bid: it is not yet, and the lot is opened and not decided."""
    under_way = lot.stage in (Stage.OPENED, Stage.EVALUATED)
    return under_way and bid.status == Bid.Status.ADMISSIBLE and may(user, Permission.EXCLUDE_BID)
