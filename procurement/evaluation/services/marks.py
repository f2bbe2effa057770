"""The marks of the bids."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from procurement.evaluation.models import IndividualMark, Mark, MarkDraft, MarkVersion
from procurement.evaluation.panels import has_panel, require_unlocked, unconflicted
from procurement.evaluation.services.drafts import erase_drafts
from procurement.evaluation.services.lots import held, require_under_evaluation
from procurement.evaluation.standing import Kept, kept_of_panel, unread_sentence
from procurement.fields import plain
from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.refusals import Invalid, Refused, Stale
from procurement.people.writes import service
from procurement.tenders.models import Bid, Criterion, Lot
from scoring.canonical import sha256


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody thinks of one bid on one criterion, and why.

    ``read``: the number of the last mark they had read (`standing.Kept.number`); None replaces whatever stands.
    """

    bid: Bid
    criterion: Criterion
    value: Decimal
    reason: str
    read: int | None = None


@service
def mark(
    *,
    bid: Bid,
    criterion: Criterion,
    value: Decimal,
    reason: str,
    by: User,
    at: datetime,
    simulated: bool = False,
    read: int | None = None,
) -> Mark:
    """Give a bid its mark on a criterion, or change it: then what was scored before must be scored again.

    Where the lot has a panel it is the mark its members agreed on. ``simulated`` marks an invented mark, and is shown
    wherever the mark is. ``read`` is as in `Given`.

    Raises Refused outside the evaluation, after the lock and where the panel has not said enough
    (`_require_of_the_panel`), Invalid for a value that is not between 0 and the criterion's highest mark, Stale where
    another mark was given since ``read``.
    """
    panel = has_panel(bid.lot)
    permissions.require(by, Permission.AGREE_MARK if panel else Permission.SCORE_LOT, bid.lot)
    lot = held(bid.lot)
    require_under_evaluation(lot)
    require_unlocked(lot)
    written = written_mark(lot, bid, criterion, value)
    if panel:
        _require_of_the_panel(lot, bid, criterion, Decimal(written), reason)
    if read is not None and (later := kept_of_panel(lot).unread((bid.pk, criterion.pk), read)):
        raise Stale(unread_sentence(later))
    given = Mark.objects.select_for_update().filter(bid=bid, criterion=criterion).first()
    before = digest(given) if given else ""
    kept = given or Mark(bid=bid, criterion=criterion)
    kept.value, kept.reason, kept.simulated, kept.given_by = Decimal(written), reason, simulated, by
    kept.save()
    MarkVersion.objects.create(bid=bid, criterion=criterion, value=kept.value, reason=reason, given_by=by, given_at=at)
    ledger.record("bid.marked", bid, by=by, at=at, before=before, after=digest(kept), reason=reason)
    return kept


@service
def agree_marks(*, lot: Lot, given: Sequence[Given], by: User, at: datetime) -> int:
    """Write down the marks the panel of a lot agreed on that differ from those that stand; returns how many.

    All of them or none. Raises Refused where nothing differs, Stale as `differing` and everything as `mark` does.
    """
    permissions.require(by, Permission.AGREE_MARK, lot)
    lot = held(lot)
    changed = differing(given, kept_of_panel(lot))
    if not changed:
        raise Refused(_("Nothing changed: these are the agreed marks already."))
    for each in changed:
        mark(bid=each.bid, criterion=each.criterion, value=each.value, reason=each.reason, by=by, at=at)
    erase_drafts(lot, MarkDraft.Kind.AGREED, by, {(each.bid.pk, each.criterion.pk) for each in given})
    return len(changed)


def differing(given: Sequence[Given], kept: Kept) -> list[Given]:
    """Of ``given`` the marks that differ from those that stand.

    Raises Stale, with each of them, where one would replace a mark its author has not read.
    """
    changed, unread = [], []
    for place, each in enumerate(given):
        key = (each.bid.pk, each.criterion.pk)
        now = kept.now(key)
        if now and (now.value, now.reason) == (each.value, each.reason):
            continue
        changed.append(each)
        if each.read is not None and (later := kept.unread(key, each.read)):
            unread.append({"pointer": f"/{place}", "message": unread_sentence(later)})
    if unread:
        raise Stale(_("Other marks were given since you read them: nothing of yours is written down."), unread)
    return changed


@service
def take_marks(*, lot: Lot, by: User, at: datetime) -> int:
    """Give the bids of a training copy the marks of the original where they have none; returns how many were taken.

    Each keeps its author and has its first version, as a mark that is typed: later ones are read and compared alike.
    Raises Refused for a lot that is no training copy, and before the original is decided: until then its bids are
    not in the copy either.
    """
    permissions.require(by, Permission.SCORE_LOT, lot)
    lot = held(lot)
    require_under_evaluation(lot)
    original = Lot.objects.filter(tender=lot.tender.copied_from_id, number=lot.number).first()
    if not lot.tender.training or original is None or not original.decided:
        raise Refused(_("Only the training copy of a decided lot takes marks over from its original."))
    bids = {bid.key: bid for bid in lot.bids.filter(status=Bid.Status.ADMISSIBLE)}
    criteria = {criterion.key: criterion for criterion in lot.criteria.all()}
    marked = set(Mark.objects.filter(bid__lot=lot).values_list("bid__key", "criterion__key"))
    taken = [
        Mark(
            bid=bids[given.bid.key],
            criterion=criteria[given.criterion.key],
            value=given.value,
            reason=given.reason,
            simulated=given.simulated,
            given_by=given.given_by,
        )
        for given in Mark.objects.filter(bid__lot=original).select_related("bid", "criterion")
        if given.bid.key in bids and (given.bid.key, given.criterion.key) not in marked
    ]
    Mark.objects.bulk_create(taken)
    MarkVersion.objects.bulk_create(
        MarkVersion(
            bid=kept.bid,
            criterion=kept.criterion,
            value=kept.value,
            reason=kept.reason,
            given_by=kept.given_by,
            given_at=at,
        )
        for kept in taken
    )
    ledger.record("lot.marks_taken", lot, by=by, at=at, after=sha256([digest(kept) for kept in taken]))
    return len(taken)


def written_mark(lot: Lot, bid: Bid, criterion: Criterion, value: Decimal) -> str:
    """A mark as a plain decimal. Raises Invalid where the bid or the criterion takes none, or not this one."""
    if criterion.lot_id != lot.pk:
        raise Invalid(_("The criterion “%(criterion)s” is not one of this lot.") % {"criterion": criterion})
    if bid.lot_id != lot.pk:
        raise Invalid(_("This bid is not one of this lot."))
    if bid.status == Bid.Status.EXCLUDED:
        raise Invalid(_("This bid is excluded: it gets no marks."))  # members, who may not know whose it is, read this
    if criterion.scale is None:
        raise Invalid(_("“%(criterion)s” is scored from the price: it takes no mark.") % {"criterion": criterion})
    if not value.is_finite() or not 0 <= value <= criterion.scale:
        raise Invalid(
            _("The mark of “%(criterion)s” is a number from 0 to %(scale)s.")
            % {"criterion": criterion, "scale": plain(criterion.scale)}
        )
    try:
        return plain(value)
    except ValidationError as problem:
        raise Invalid(" ".join(problem.messages)) from problem


def _require_of_the_panel(lot: Lot, bid: Bid, criterion: Criterion, value: Decimal, reason: str) -> None:
    """What members agree on has its reason, and comes after a mark of one of them.

    In two envelopes it lies between theirs: the buyer, who writes it down, has seen the prices.
    """
    if not reason.strip():
        raise Invalid(_("Write the reason of the agreed mark: it is recorded."))
    given = IndividualMark.objects.standing().filter(bid=bid, criterion=criterion)
    values = list(unconflicted(given, lot).values_list("value", flat=True))
    if not values:
        raise Refused(
            _("No member of the panel has marked this bid on “%(criterion)s” yet.") % {"criterion": criterion}
        )
    if lot.two_envelopes and not min(values) <= value <= max(values):
        raise Invalid(
            _("In two envelopes an agreed mark lies between those of the members: here from %(lowest)s to %(highest)s.")
            % {"lowest": plain(min(values)), "highest": plain(max(values))}
        )


def digest(given: Mark) -> str:
    """The hash of a mark with its reason."""
    return sha256(
        {
            "bid": given.bid.key,
            "criterion": given.criterion.key,
            "value": plain(given.value),
            "reason": given.reason,
            "simulated": given.simulated,
        }
    )
