"""What a bid states otherwise than its prices make, what was asked of its tenderer, and the versions it had."""

from typing import Any

from procurement.evaluation.models import Regularisation
from procurement.evaluation.present.versions import versions_of
from procurement.evaluation.services import may_negotiate, refusal_of
from procurement.people.permissions import Permission, may
from procurement.tenders import stated
from procurement.tenders.models import Bid, Lot, Stage

UNDER_WAY = (Stage.OPENED, Stage.EVALUATED)


def examination_of(bid: Bid, lot: Lot, user: Any) -> dict[str, Any]:
    """The part of the page of ``bid`` (from `with_lines`) about its examination, in a fixed number of queries."""
    bid.lot = lot
    amounts = stated.compared(bid)
    requests, prices = list(bid.regularisations.with_what_came()), list(bid.price_requests.with_what_came())
    under_way = lot.stage in UNDER_WAY and not lot.tender.training
    admissible = bid.status == Bid.Status.ADMISSIBLE
    waits = any(request.concluded is None for request in requests)
    return {
        "amounts": amounts,
        "different": any(amount.differs for amount in amounts),
        "requests": requests,
        "versions": versions_of(bid, lot),
        "may_regularise": under_way and may(user, Permission.REGULARISE_BID),
        "may_ask": under_way and admissible and not waits and may(user, Permission.REGULARISE_BID),
        "may_enter": under_way and may(user, Permission.ENTER_BID) and not refusal_of(bid),
        "negotiated": may_negotiate(lot),
        "price_requests": prices,
        "may_judge_price": lot.stage in UNDER_WAY and may(user, Permission.SCORE_LOT),
        "may_ask_price": lot.stage in UNDER_WAY
        and admissible
        and all(asked.concluded for asked in prices)
        and may(user, Permission.SCORE_LOT),
    }


def requests_of(lot: Lot) -> list[Regularisation]:
    """Every request for regularisation of a lot, those that wait first; two queries."""
    rows = Regularisation.objects.filter(bid__lot=lot).with_what_came()
    return sorted(rows, key=lambda row: (row.concluded is not None, row.pk))
