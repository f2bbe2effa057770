"""The lock of the marks of a lot that has a panel: after it no mark changes, and the lot can be scored."""

from datetime import datetime

from django.utils.translation import gettext as _

from procurement.evaluation.models import Mark, MarkDraft, MarkLock
from procurement.evaluation.panels import has_panel, require_unlocked
from procurement.evaluation.services.lots import held, require_under_evaluation
from procurement.evaluation.services.marks import digest
from procurement.evaluation.services.panels import may_compose
from procurement.evaluation.services.regularisations import require_examined
from procurement.evaluation.standing import kept_of_panel
from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.refusals import Refused, Stale
from procurement.people.writes import service
from procurement.tenders.models import Bid, Criterion, Lot
from scoring.canonical import sha256


@service
def lock_marks(*, lot: Lot, by: User, at: datetime, read: int | None = None) -> MarkLock:
    """Lock the agreed marks of a lot for good: then the prices open to its panel.

    ``read`` is the number of the last mark that ``by`` had read; None locks whatever stands. Raises Refused, with the
    marks that are missing, until every admissible bid is marked on every marked criterion, Stale after a later mark.
    """
    permissions.require(by, Permission.LOCK_MARKS, lot)
    lot = held(lot)
    require_under_evaluation(lot)
    if not has_panel(lot):
        raise Refused(_("This lot has no panel: its marks need no lock."))
    require_unlocked(lot)
    require_examined(lot)
    if read is not None and kept_of_panel(lot).number != read:
        raise Stale(_("An agreed mark has changed since you read them: read them again, then lock."))
    missing = missing_marks(lot)
    if missing:
        told = [{"message": f"{bid.supplier} – {criterion}"} for bid, criterion in missing]
        raise Refused(_("Marks are still to be agreed: the lock waits for every one."), told)
    if not lot.bids.filter(status=Bid.Status.ADMISSIBLE).exists():
        raise Refused(_("There is no bid to judge: there are no marks to lock."))
    lock = MarkLock.objects.create(lot=lot, marks_sha256=marks_digest(lot), locked_by=by, locked_at=at)
    MarkDraft.objects.filter(bid__lot=lot).delete()  # what was never given is nobody's to read later
    Lot.objects.filter(pk=lot.pk).update(marks_locked_at=at)  # from now on no bid comes in that would be marked
    ledger.record("lot.marks_locked", lot, by=by, at=at, after=lock.marks_sha256)
    return lock


def _require_marked(lot: Lot) -> None:
    """Nobody's mark may be wanting; a lot that somebody marked has no panel any more and is marked over the API."""
    if not (missing := missing_marks(lot)):
        return
    told = [
        {"bid": bid.key, "criterion": criterion.key, "message": f"{bid.supplier} – {criterion}"}
        for bid, criterion in missing
    ]
    if may_compose(lot):
        raise Refused(_("Nobody has marked these bids yet: seat the panel of the lot, which marks them."), told)
    raise Refused(
        _(
            "Marks are still missing. This lot has no panel: give them over the API (POST /api/v1/lots/%(lot)d/mark/), "
            "then score."
        )
        % {"lot": lot.pk},
        told,
    )


def missing_marks(lot: Lot) -> list[tuple[Bid, Criterion]]:
    """The marks of the admissible bids that are not agreed yet; three queries."""
    agreed = set(Mark.objects.filter(bid__lot=lot).values_list("bid", "criterion"))
    bids = list(lot.bids.filter(status=Bid.Status.ADMISSIBLE).select_related("supplier"))
    criteria = list(lot.criteria.filter(scale__isnull=False))
    return [(bid, criterion) for bid in bids for criterion in criteria if (bid.pk, criterion.pk) not in agreed]


def marks_digest(lot: Lot) -> str:
    """The hash of the agreed marks of a lot."""
    marks = Mark.objects.filter(bid__lot=lot).select_related("bid", "criterion")
    return sha256([digest(mark) for mark in marks.order_by("bid__key", "criterion__key")])


def require_judged(lot: Lot) -> None:
    """Raise Refused while marks are missing or a panel has not locked them, and when they changed since."""
    if not has_panel(lot):
        _require_marked(lot)
        return
    lock = MarkLock.objects.filter(lot=lot).first()
    if lock is None:
        raise Refused(_("The panel still judges this lot: lock the agreed marks, then score it."))
    if lock.marks_sha256 != marks_digest(lot):
        raise Refused(_("The marks are no longer those that were locked: their hash differs. Tell the administrator."))
