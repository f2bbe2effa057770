"""What is done about findings: a low price is explained, a block is lifted by a second person."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from procurement.evaluation import blocks
from procurement.evaluation.models import AbnormallyLowExplanation, LiftedBlock
from procurement.evaluation.services.lots import held, require_under_evaluation
from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.refusals import Invalid, Refused
from procurement.people.writes import service
from procurement.tenders.models import Bid, Lot
from scoring.canonical import sha256

LIFTED_BY_ANOTHER = gettext_lazy("You scored this lot: a block is lifted by a second person.")


@service
def explain_abnormally_low(
    *, bid: Bid, request: str, answer: str, conclusion: str, by: User, at: datetime
) -> AbnormallyLowExplanation:
    """Record what was asked about a suspiciously low price, the answer and what follows (CCP L2152-6).

    The lot is then to be scored again, since the guards read that explanations are recorded. Raises Invalid when
    the request or the answer is empty or the conclusion is neither "accepted" nor "rejected".
    """
    permissions.require(by, Permission.SCORE_LOT, bid.lot)
    require_under_evaluation(held(bid.lot))
    if not request.strip() or not answer.strip():
        raise Invalid(_("Give both what was asked of the tenderer and what it answered."))
    if conclusion not in AbnormallyLowExplanation.Conclusion.values:
        raise Invalid(_("The conclusion is “accepted” or “rejected”."))
    row = AbnormallyLowExplanation.objects.create(
        bid=bid, request=request, answer=answer, conclusion=conclusion, recorded_by=by, recorded_at=at
    )
    after = sha256({"bid": bid.key, "request": request, "answer": answer, "conclusion": conclusion})
    ledger.record("bid.price_explained", bid, by=by, at=at, after=after, reason=row.conclusion)
    return row


def price_rejected(bid: Bid) -> bool:
    """Whether the last explanations of the price of ``bid`` did not justify it: it is then excluded (CCP L2152-6)."""
    last = bid.explanations.of_the_standing_price().last()
    return last is not None and last.conclusion == AbnormallyLowExplanation.Conclusion.REJECTED


@service
def lift_block(*, lot: Lot, code: str, reason: str, by: User, at: datetime) -> list[LiftedBlock]:
    """Lift the findings of this code that block in the latest sheet; returns what was lifted, at least one.

    Raises Refused for whoever scored that sheet (a second person lifts) and when nothing of this code blocks.
    """
    permissions.require(by, Permission.LIFT_BLOCK, lot)
    lot = held(lot)
    require_under_evaluation(lot)
    if not reason.strip():
        raise Invalid(_("Write why the block is lifted: the reason is printed in the report."))
    sheet = lot.sheets.published().last()
    found = [f for f in blocks.standing(sheet.sheet, lot.lifted_blocks.all()) if f["code"] == code] if sheet else []
    if sheet is None or not found:
        raise Refused(_("No finding “%(code)s” blocks in the latest score sheet.") % {"code": code})
    if sheet.scored_by_id == by.pk:
        raise Refused(str(LIFTED_BY_ANOTHER))
    lifted = [
        LiftedBlock.objects.create(
            lot=lot,
            sheet=sheet,
            code=code,
            finding=finding,
            finding_sha256=blocks.digest(finding),
            reason=reason,
            lifted_by=by,
            lifted_at=at,
        )
        for finding in found
    ]
    ledger.record("lot.block_lifted", lot, by=by, at=at, after=sha256(found), reason=f"{code}: {reason}")
    return lifted
