"""What happens to the bids of a procedure between their opening and their marks, as its story tells it.

`examination: {lot: [{at: moment, bid: id, DEED: {…}}, …]}`, where a deed is one of `DEEDS`.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from procurement.evaluation import services as evaluation
from procurement.evaluation.services.versions import offered_alone
from procurement.interchange.demonstration.papers import paper
from procurement.interchange.demonstration.reading import offer_document
from procurement.people.models import User
from procurement.tenders import services as tenders
from procurement.tenders.models import Bid

Document = dict[str, Any]
Deed = Callable[[Bid, Document, User, datetime], object]


def _prove(bid: Bid, told: Document, by: User, at: datetime) -> None:
    content = paper(told["title"], bid.supplier.name)
    tenders.add_proof(bid=bid, content=content, name=f"{told['title']}.pdf", **told, by=by, at=at)


def _withdraw(bid: Bid, told: Document, by: User, at: datetime) -> None:
    tenders.withdraw_proof(proof=bid.proofs.get(title=told["title"]), reason=told["reason"], by=by, at=at)


def _ask(bid: Bid, told: Document, by: User, at: datetime) -> None:
    moments = {name: datetime.fromisoformat(told[name]) for name in ("sent_at", "due_at")}
    evaluation.request_regularisation(bid=bid, **{**told, **moments}, by=by, at=at)


def _answer(bid: Bid, told: Document, by: User, at: datetime) -> None:
    received = datetime.fromisoformat(told["received_at"])
    request = bid.regularisations.pending().get()
    evaluation.answer_regularisation(regularisation=request, text=told["text"], received_at=received, by=by, at=at)


def _conclude(bid: Bid, told: Document, by: User, at: datetime) -> None:
    evaluation.conclude_regularisation(regularisation=bid.regularisations.pending().get(), **told, by=by, at=at)


def _replace(bid: Bid, told: Document, by: User, at: datetime) -> None:
    evaluation.enter_version(
        bid=bid,
        document=offered_alone(offer_document(told)),
        reason=told["reason"],
        negotiation_round=told.get("round"),
        regularisation=bid.regularisations.pending().first(),
        received_at=datetime.fromisoformat(told["received_at"]),
        by=by,
        at=at,
    )


DEEDS: dict[str, Deed] = {
    "proved": _prove,
    "withdrawn": _withdraw,
    "asked": _ask,
    "answered": _answer,
    "concluded": _conclude,
    "replaced": _replace,
}


def carry_out(step: Document, bid: Bid, by: User, at: datetime) -> None:
    """Do what one step of a story tells of ``bid``."""
    for name, deed in DEEDS.items():
        if name in step:
            deed(bid, step[name], by, at)
