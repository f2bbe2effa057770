"""A price that seems abnormally low is asked about, explained and judged, each as it happens (CCP L2152-6)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from procurement.evaluation.models import AbnormallyLowExplanation, PriceAnswer, PriceRequest
from procurement.evaluation.services.lots import held, require_under_evaluation
from procurement.evaluation.services.regularisations import require_past, utc
from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.refusals import Invalid, Refused, Stale
from procurement.people.templatetags.reading import moment
from procurement.people.writes import service
from procurement.tenders.models import Bid, Lot
from scoring.canonical import sha256


@service
def request_price_explanation(
    *, bid: Bid, asked: str, sent_at: datetime, due_at: datetime, by: User, at: datetime
) -> PriceRequest:
    """Record that a tenderer was asked to explain its price by ``due_at``.

    Raises Refused for an excluded bid and while another request waits; Invalid for an empty text, a request of the
    future, or one that leaves no time.
    """
    permissions.require(by, Permission.SCORE_LOT, bid.lot)
    require_under_evaluation(held(bid.lot))
    bid.refresh_from_db()
    if bid.status == Bid.Status.EXCLUDED:
        raise Refused(_("This bid is excluded: its price is not asked about any more."))
    if bid.price_requests.pending().exists():
        raise Refused(_("A request about the price of this bid waits already: conclude it first."))
    asked = asked.strip()
    if not asked:
        raise Invalid(_("Write what the tenderer is asked about its price."))
    require_past(sent_at, at)
    if due_at <= sent_at:
        raise Invalid(_("The time to answer ends before the request was sent: leave the tenderer an appropriate time."))
    row = PriceRequest.objects.create(
        bid=bid, asked=asked, sent_at=sent_at, due_at=due_at, requested_by=by, requested_at=at
    )
    after = _digest(row, {"asked": asked, "sent_at": utc(sent_at), "due_at": utc(due_at)})
    ledger.record("bid.price_explanation_requested", bid, by=by, at=at, after=after, reason=asked)
    return row


@service
def answer_price_explanation(
    *, asked: PriceRequest, text: str, received_at: datetime, by: User, at: datetime
) -> PriceAnswer:
    """Record what a tenderer answered about its price, late or not: the buyer concludes. Several answers may come.

    Raises Refused once the request is concluded; Invalid without a text or for a time before the request or to come.
    """
    bid = asked.bid
    permissions.require(by, Permission.SCORE_LOT, bid.lot)
    require_under_evaluation(held(bid.lot))
    _require_pending(asked)
    text = text.strip()
    if not text:
        raise Invalid(_("Write what the tenderer answered."))
    require_past(received_at, at)
    if received_at < asked.sent_at:
        sentence = _("The answer came before the request was sent, %(sent)s: correct the time.")
        raise Invalid(sentence % {"sent": moment(asked.sent_at)})
    answer = PriceAnswer.objects.create(
        request=asked, text=text, received_at=received_at, recorded_by=by, recorded_at=at
    )
    after = _digest(asked, {"text": text, "received_at": utc(received_at)})
    ledger.record("bid.price_explanation_answered", bid, by=by, at=at, after=after, reason=text)
    return answer


@service
def conclude_price_explanation(
    *, asked: PriceRequest, conclusion: str, reason: str, by: User, at: datetime, read: int | None = None
) -> AbnormallyLowExplanation:
    """Say whether what came accounts for the price; the lot is then to be scored again, or the bid to be excluded.

    ``read`` is the number of the last answer that ``by`` had read, 0 for none; None concludes on whatever came. Raises
    Refused when it is concluded already, when nothing came and the time is not over, and for a price that nothing
    explains; Stale after a later answer; Invalid without a reason and for a conclusion that is not known.
    """
    bid = asked.bid
    permissions.require(by, Permission.SCORE_LOT, bid.lot)
    require_under_evaluation(held(bid.lot))
    _require_pending(asked)
    if conclusion not in AbnormallyLowExplanation.Conclusion.values:
        raise Invalid(_("The conclusion is “accepted” or “rejected”."))
    reason = reason.strip()
    if not reason:
        raise Invalid(_("Write why: the conclusion is recorded, and a tenderer that is excluded is told it."))
    answers = [answer.text for answer in asked.answers.all()]
    _require_concludable(asked, answers, conclusion, at)
    if read is not None and asked.answers.filter(pk__gt=read).exists():
        raise Stale(_("Another answer of the tenderer was recorded since you read them: read it, then conclude."))
    row = AbnormallyLowExplanation.objects.create(
        bid=bid,
        asked=asked,
        request=asked.asked,
        answer="\n\n".join(answers),
        conclusion=conclusion,
        reason=reason,
        recorded_by=by,
        recorded_at=at,
    )
    after = _digest(asked, {"conclusion": conclusion, "reason": reason})
    ledger.record("bid.price_explained", bid, by=by, at=at, after=after, reason=f"{conclusion}: {reason}")
    return row


def require_prices_concluded(lot: Lot) -> None:
    """Raise Refused, with the tenderers, while a request about a low price waits for its conclusion."""
    pending = PriceRequest.objects.pending().filter(bid__lot=lot, bid__status=Bid.Status.ADMISSIBLE)
    if waiting := [{"message": str(row.bid.supplier)} for row in pending.select_related("bid__supplier")]:
        raise Refused(_("A tenderer was asked to explain its low price: conclude that first."), waiting)


def _require_concludable(asked: PriceRequest, answers: list[str], conclusion: str, at: datetime) -> None:
    if not answers and conclusion == AbnormallyLowExplanation.Conclusion.ACCEPTED:
        raise Refused(_("Nothing came that would account for the price: record the answer first."))
    if not answers and at < asked.due_at:
        raise Refused(
            _("The tenderer may still answer until %(due)s: conclude after that, or once an answer is recorded.")
            % {"due": moment(asked.due_at)}
        )


def _require_pending(asked: PriceRequest) -> None:
    if not PriceRequest.objects.pending().filter(pk=asked.pk).exists():
        raise Refused(_("This request about a price is concluded: ask again if something else is to be explained."))


def _digest(row: PriceRequest, told: dict[str, Any]) -> str:
    return sha256({"price_request": str(row.pk), "bid": row.bid.key, **told})
