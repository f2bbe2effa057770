"""What is asked of a tenderer whose bid is irregular, what it answers, what follows (CCP R2152-2)."""

from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from procurement.evaluation.models import Regularisation, RegularisationAnswer, RegularisationConclusion
from procurement.evaluation.services.findings import price_rejected
from procurement.evaluation.services.lots import held, require_under_evaluation
from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.refusals import Invalid, Refused, Stale
from procurement.people.templatetags.reading import moment
from procurement.people.writes import service
from procurement.tenders.models import Bid, Lot
from procurement.tenders.services import exclude_bid
from scoring.canonical import sha256


@service
def request_regularisation(
    *, bid: Bid, irregularity: str, asked: str, sent_at: datetime, due_at: datetime, by: User, at: datetime
) -> Regularisation:
    """Record that a tenderer was asked to mend its irregular bid by ``due_at``.

    Raises Refused for an excluded or abnormally low bid, on a training copy and while another request waits; Invalid
    for an empty text, a request of the future, or one that leaves no time.
    """
    permissions.require(by, Permission.REGULARISE_BID, bid)
    require_under_evaluation(held(bid.lot))
    _require_regularisable(bid)
    irregularity, asked = irregularity.strip(), asked.strip()
    if not irregularity or not asked:
        raise Invalid(_("Write both what makes the bid irregular and what the tenderer is asked."))
    require_past(sent_at, at)
    if due_at <= sent_at:
        raise Invalid(_("The time to answer ends before the request was sent: leave the tenderer an appropriate time."))
    row = Regularisation.objects.create(
        bid=bid,
        irregularity=irregularity,
        asked=asked,
        sent_at=sent_at,
        due_at=due_at,
        requested_by=by,
        requested_at=at,
    )
    told = {"irregularity": irregularity, "asked": asked, "sent_at": utc(sent_at), "due_at": utc(due_at)}
    ledger.record("bid.regularisation_requested", bid, by=by, at=at, after=_digest(row, told), reason=irregularity)
    return row


@service
def answer_regularisation(
    *, regularisation: Regularisation, text: str, received_at: datetime, by: User, at: datetime
) -> RegularisationAnswer:
    """Record what a tenderer answered, late or not: the buyer concludes. Several answers may come.

    Raises Refused once the request is concluded; Invalid without a text or for a time before the request or to come.
    """
    bid = regularisation.bid
    permissions.require(by, Permission.REGULARISE_BID, bid)
    require_under_evaluation(held(bid.lot))
    _require_pending(regularisation)
    text = text.strip()
    if not text:
        raise Invalid(_("Write what came: the documents, the explanation, the corrected amounts."))
    require_past(received_at, at)
    if received_at < regularisation.sent_at:
        raise Invalid(
            _("The answer came before the request was sent, %(sent)s: correct the time.")
            % {"sent": moment(regularisation.sent_at)}
        )
    answer = RegularisationAnswer.objects.create(
        regularisation=regularisation, text=text, received_at=received_at, recorded_by=by, recorded_at=at
    )
    told = {"text": text, "received_at": utc(received_at)}
    ledger.record("bid.regularisation_answered", bid, by=by, at=at, after=_digest(regularisation, told), reason=text)
    return answer


@service
def conclude_regularisation(
    *,
    regularisation: Regularisation,
    regularised: bool,
    reason: str,
    by: User,
    at: datetime,
    read: int | None = None,
) -> RegularisationConclusion:
    """Conclude a request: the bid is regular now, or is excluded as irregular with this reason.

    ``read`` is the number of the last answer that ``by`` had read, 0 for none; None concludes on whatever came. Raises
    Refused when it is concluded already, when nothing came and the time is not over, and for a bid that is regular
    only without any answer or after its exclusion; Stale after a later answer, Invalid without a reason.
    """
    bid = regularisation.bid
    permissions.require(by, Permission.REGULARISE_BID, bid)
    require_under_evaluation(held(bid.lot))
    _require_pending(regularisation)
    reason = reason.strip()
    if not reason:
        raise Invalid(_("Write why: the conclusion is recorded, and a tenderer that is excluded is told it."))
    bid.refresh_from_db()
    _require_concludable(regularisation, bid, regularised, at)
    if read is not None and regularisation.answers.filter(pk__gt=read).exists():
        raise Stale(_("Another answer of the tenderer was recorded since you read them: read it, then conclude."))
    conclusion = RegularisationConclusion.objects.create(
        regularisation=regularisation, regularised=regularised, reason=reason, concluded_by=by, concluded_at=at
    )
    if not regularised and bid.status == Bid.Status.ADMISSIBLE:
        exclude_bid(bid=bid, ground=Bid.Exclusion.IRREGULAR, reason=reason, by=by, at=at)
    after = _digest(regularisation, {"regularised": regularised, "reason": reason})
    ledger.record("bid.regularisation_concluded", bid, by=by, at=at, after=after, reason=reason)
    return conclusion


def require_examined(lot: Lot) -> None:
    """Raise Refused, with the tenderers, while a request for regularisation waits for its conclusion."""
    pending = Regularisation.objects.pending().filter(bid__lot=lot, bid__status=Bid.Status.ADMISSIBLE)
    if waiting := [{"message": str(row.bid.supplier)} for row in pending.select_related("bid__supplier")]:
        raise Refused(_("A tenderer was asked to regularise its bid: conclude that first."), waiting)


def _require_regularisable(bid: Bid) -> None:
    if bid.lot.tender.training:
        raise Refused(_("This is a training copy: nothing is asked of its tenderers."))
    bid.refresh_from_db()
    if bid.status == Bid.Status.EXCLUDED:
        raise Refused(
            _("This bid is excluded: only an irregular bid that is not excluded yet is regularised (CCP R2152-2).")
        )
    if price_rejected(bid):
        raise Refused(_("The price of this bid was found abnormally low: it cannot be regularised (CCP R2152-2)."))
    if bid.regularisations.pending().exists():
        raise Refused(_("A request for regularisation of this bid waits already: conclude it first."))


def _require_concludable(regularisation: Regularisation, bid: Bid, regularised: bool, at: datetime) -> None:
    came = regularisation.answers.exists()
    if regularised and not came:
        raise Refused(_("Nothing came yet that would make the bid regular: record the answer first."))
    if regularised and bid.status == Bid.Status.EXCLUDED:
        raise Refused(_("This bid was excluded in the meantime: it cannot be regular any more."))
    if not came and at < regularisation.due_at:
        raise Refused(
            _("The tenderer may still answer until %(due)s: conclude after that, or once an answer is recorded.")
            % {"due": moment(regularisation.due_at)}
        )


def _require_pending(regularisation: Regularisation) -> None:
    if not Regularisation.objects.pending().filter(pk=regularisation.pk).exists():
        raise Refused(_("This request for regularisation is concluded: ask again if something else is irregular."))


def require_past(moment_given: datetime, at: datetime) -> None:
    if moment_given > at:
        raise Invalid(_("This time is still to come: give the moment it was sent or received."))


def _digest(row: Regularisation, told: dict[str, Any]) -> str:
    return sha256({"regularisation": str(row.pk), "bid": row.bid.key, **told})


def utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
