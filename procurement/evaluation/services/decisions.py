"""How a lot ends: an award that rests on the latest sheet of its published rules, or an end without one."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from procurement.evaluation import blocks, case
from procurement.evaluation.evidence import decision_document
from procurement.evaluation.models import Decision, MarkDraft, ScoreSheet
from procurement.evaluation.services.findings import price_rejected
from procurement.evaluation.services.lots import advance, held, require_under_evaluation
from procurement.evaluation.services.low_prices import require_prices_concluded
from procurement.evaluation.services.regularisations import require_examined
from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.refusals import Invalid, Refused
from procurement.people.writes import service
from procurement.tenders.models import Bid, Lot, Stage
from procurement.tenders.operators import hidden_members, let_through
from scoring.canonical import sha256

AWARDED_BY_ANOTHER = gettext_lazy("You lifted a block of this lot: a second person awards it.")
RETAINED_BY_ANOTHER = gettext_lazy(
    "You retained the origin that keeps the winning consortium out of the measure on medical devices: a second person "
    "awards the lot."
)


@service
def award(*, lot: Lot, bid: Bid, sheet: ScoreSheet, reason: str, by: User, at: datetime, draw: str = "") -> Decision:
    """Award a lot to the winner of its latest sheet; ``draw`` says how a tie at the first rank was drawn.

    Raises Refused, with the findings in ``details``, for whatever an award may not rest on.
    """
    permissions.require(by, Permission.DECIDE_LOT, lot)
    lot = held(lot)
    _require_reason(reason)
    _require_real(lot)
    require_under_evaluation(lot)
    require_examined(lot)
    require_prices_concluded(lot)
    _require_origins_retained(lot)
    sheet = _latest(lot, sheet)
    _require_same_data(lot, sheet)
    _require_law_in_force(sheet)
    _require_no_block(sheet, by)
    _require_winner(sheet, bid, draw)
    _require_another_retained(lot, bid, by)
    _require_price_explained(bid)
    decision = Decision.objects.create(
        lot=lot,
        outcome=Decision.Outcome.AWARDED,
        bid=bid,
        sheet=sheet,
        draw=draw,
        reason=reason,
        decided_by=by,
        decided_at=at,
    )
    advance(lot, Stage.AWARDED)
    after = _digest(decision)
    ledger.record("lot.awarded", lot, by=by, at=at, before=sheet.sheet_sha256, after=after, reason=reason)
    return decision


@service
def end(*, lot: Lot, outcome: str, reason: str, by: User, at: datetime) -> Decision:
    """End a lot without an award: unsuccessful (no bid is left to rank) or without follow-up (CCP R2185-1).

    Raises Invalid for another outcome or no reason, Refused when a ranked bid makes it anything but unsuccessful.
    """
    permissions.require(by, Permission.DECIDE_LOT, lot)
    lot = held(lot)
    _require_reason(reason)
    if outcome not in (Decision.Outcome.UNSUCCESSFUL, Decision.Outcome.WITHOUT_FOLLOW_UP):
        raise Invalid(_("A lot ends “unsuccessful” or “without_follow_up”; an award names its bid."))
    _require_real(lot)
    if not lot.open:
        raise Refused(_("Only a published lot that is not decided can be ended."))
    sheet = lot.sheets.published().last()
    if outcome == Decision.Outcome.UNSUCCESSFUL:
        _require_nothing_to_rank(lot, sheet)
    decision = Decision.objects.create(
        lot=lot, outcome=outcome, sheet=sheet, reason=reason, decided_by=by, decided_at=at
    )
    advance(lot, Stage(outcome))
    MarkDraft.objects.filter(bid__lot=lot).delete()  # nobody will give them any more
    before = sheet.sheet_sha256 if sheet else ""
    ledger.record("lot.ended", lot, by=by, at=at, before=before, after=_digest(decision), reason=reason)
    return decision


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(_("Write the reason for the decision: it is recorded and printed."))


def _require_real(lot: Lot) -> None:
    if lot.tender.training:
        raise Refused(_("This is a training copy: nothing is decided on it."))


def _require_origins_retained(lot: Lot) -> None:
    """No finding: what the law leaves open for a consortium is the buyer's to say, before he awards."""
    bids = lot.bids.with_lines().filter(status=Bid.Status.ADMISSIBLE, group_country="")
    if not lot.ipi_exception and (waiting := [bid for bid in bids if hidden_members(bid)]):
        raise Refused(
            _(
                "A member of a consortium originates in a country of the measure on medical devices: record the origin "
                "retained for the consortium first."
            ),
            [{"message": str(bid.supplier)} for bid in waiting],
        )


def _require_another_retained(lot: Lot, bid: Bid, by: User) -> None:
    if retained_by(lot, [bid.key], by):
        raise Refused(str(RETAINED_BY_ANOTHER))


def retained_by(lot: Lot, keys: Collection[str], person: User) -> bool:
    """Whether ``person`` retained the origin that lets one of these bids of ``lot`` stand; an exception lets all."""
    if lot.ipi_exception:
        return False
    bids = list(lot.bids.with_lines().filter(key__in=keys, group_retained_by=person.pk))
    for bid in bids:
        bid.lot = lot
    return any(let_through(bid) for bid in bids)


def _latest(lot: Lot, sheet: ScoreSheet) -> ScoreSheet:
    latest = lot.sheets.published().last()
    if latest is None or latest.pk != sheet.pk:
        raise Refused(_("An award rests on the latest score sheet under the published rules; this is another one."))
    return latest


def _require_same_data(lot: Lot, sheet: ScoreSheet) -> None:
    if not case.unchanged(lot, sheet) or sha256(sheet.sheet) != sheet.sheet_sha256:
        raise Refused(_("The bids, the marks or the facts changed after this score sheet: score the lot again."))


def _require_law_in_force(sheet: ScoreSheet) -> None:
    if sheet.policy_version and sheet.policy_version.proposed:
        found = [f for f in sheet.sheet["findings"] if f["code"] == "policy-proposed"]
        raise Refused(
            _("The policy is only a proposal: nothing can be awarded under it."), blocks.described(found, sheet.case)
        )


def _require_no_block(sheet: ScoreSheet, by: User) -> None:
    """Raises Refused for a block that stands, or that ``by`` has lifted."""
    lifted = list(sheet.lot.lifted_blocks.all())
    if found := blocks.standing(sheet.sheet, lifted):
        raise Refused(
            _("A finding blocks the award until it is mended, or lifted by a second person."),
            blocks.described(found, sheet.case),
        )
    if any(lift.lifted_by_id == by.pk for lift in blocks.lifts_used(sheet.sheet, lifted)):
        raise Refused(str(AWARDED_BY_ANOTHER))


def _require_winner(sheet: ScoreSheet, bid: Bid, draw: str) -> None:
    first = [row["bid"] for row in sheet.sheet["ranking"] if row["rank"] == 1]
    if bid.lot_id != sheet.lot_id or bid.key not in first:
        raise Refused(_("The bid of %(supplier)s does not win in the score sheet.") % {"supplier": bid.supplier})
    if len(first) > 1 and not draw.strip():
        raise Refused(_("Several bids share the first rank: record how the draw between them was made."))
    if len(first) == 1 and draw.strip():
        raise Refused(_("One bid alone has the first rank: there is nothing to draw."))


def _require_price_explained(bid: Bid) -> None:
    if price_rejected(bid):
        raise Refused(
            _("The price of %(supplier)s was found abnormally low: exclude the bid and score the lot again.")
            % {"supplier": bid.supplier}
        )


def _require_nothing_to_rank(lot: Lot, sheet: ScoreSheet | None) -> None:
    if lot.stage == Stage.PUBLISHED:
        raise Refused(_("The bids are not opened: whether the lot is unsuccessful is not known yet."))
    left = bool(sheet.sheet["ranking"]) if sheet else lot.bids.filter(status=Bid.Status.ADMISSIBLE).exists()
    if left:
        raise Refused(_("A bid is left to rank, so the lot is not unsuccessful: end it without follow-up instead."))


def _digest(decision: Decision) -> str:
    return sha256(decision_document(decision, list(decision.lot.lifted_blocks.all())))
