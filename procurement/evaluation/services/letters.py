"""What a buyer writes to the tenderers of a decided lot; the portal sends nothing, it records that he did."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from procurement.evaluation.letters.composition import compose, paragraphs
from procurement.evaluation.letters.sending import Sending
from procurement.evaluation.models import Decision, LetterParagraph, SentLetters
from procurement.evaluation.services.lots import held
from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.refusals import Invalid, Refused
from procurement.people.writes import service
from procurement.tenders.models import Bid, Lot
from scoring.canonical import sha256

LONGEST_PARAGRAPH = 5000  # characters


@service
def write_paragraph(*, bid: Bid, text: str, by: User, at: datetime) -> None:
    """Keep what the buyer adds to the letter to one tenderer; an empty text takes it out, the same changes nothing.

    Raises Refused before the decision, Invalid for a text that is too long.
    """
    permissions.require(by, Permission.WRITE_LETTER, bid.lot)
    decision = _decided(held(bid.lot))
    if len(text) > LONGEST_PARAGRAPH:
        raise Invalid(_("A paragraph of a letter has at most %(longest)s characters.") % {"longest": LONGEST_PARAGRAPH})
    before = paragraphs(decision).get(bid.pk, "")
    if text == before:
        return
    LetterParagraph.objects.create(bid=bid, text=text, written_by=by, written_at=at)
    ledger.record("bid.letter_written", bid, by=by, at=at, before=_digest(bid, before), after=_digest(bid, text))


@service
def record_letters(*, lot: Lot, way: str, sent_on: date, by: User, at: datetime, reason: str = "") -> SentLetters:
    """Record that the letters of a decided lot were sent, as they stand, and from when the contract may be signed.

    They are recorded once; a correction is the next version and gives its ``reason``. Raises Invalid for an unknown
    way or an impossible day, Refused where nothing is decided, nobody is written to, or a correction has no reason.
    """
    permissions.require(by, Permission.WRITE_LETTER, lot)
    decision = _decided(held(lot))
    _require_possible(decision, way, sent_on, at)
    last = decision.sent_letters.last()
    if last and not reason.strip():
        raise Refused(_("The letters of this lot are recorded as sent: a correction gives its reason."))
    sending = Sending(way, sent_on)
    letters = compose(decision, sending)
    if not letters:
        raise Refused(_("Nobody submitted a bid for this lot: there is no letter to send."))
    document = {"letters": letters}
    sent = SentLetters.objects.create(
        decision=decision,
        number=last.number + 1 if last else 1,
        document=document,
        sha256=sha256(document),
        way=way,
        sent_on=sent_on,
        signable_on=sending.signable_on(decision),
        reason=reason if last else "",
        recorded_by=by,
        recorded_at=at,
    )
    before = last.sha256 if last else ""
    ledger.record("lot.letters_sent", lot, by=by, at=at, before=before, after=sent.sha256, reason=sent.reason)
    return sent


def _decided(lot: Lot) -> Decision:
    rows = Decision.objects.select_related("lot__tender__contracting_body", "bid", "sheet")
    decision = rows.filter(lot=lot).first()
    if decision is None:
        raise Refused(_("Nothing is decided on this lot yet: its letters come after the decision."))
    return decision


def _require_possible(decision: Decision, way: str, sent_on: date, at: datetime) -> None:
    if way not in SentLetters.Way.values:
        raise Invalid(_("Letters are sent “electronic” or “other”."))
    if not timezone.localdate(decision.decided_at) <= sent_on <= timezone.localdate(at):
        raise Invalid(_("Letters are sent between the day of the decision and today."))


def _digest(bid: Bid, text: str) -> str:
    return sha256({"bid": bid.key, "paragraph": text}) if text else ""
