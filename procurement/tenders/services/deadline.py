"""The deadline for the receipt of bids: put off before the opening, corrected after it where no bid changes sides."""

from datetime import UTC, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.refusals import Invalid, Refused, Stale
from procurement.people.templatetags.reading import day, moment
from procurement.people.writes import service
from procurement.tenders.models import Bid, Lot, Stage, Tender
from procurement.tenders.rules import sha256

CHANGING = (Stage.PUBLISHED, Stage.OPENED, Stage.EVALUATED)


@service
def change_deadline(*, tender: Tender, bids_due_at: datetime, reason: str, by: User, at: datetime) -> None:
    """Say another deadline for the receipt of bids (CCP R2151-4), of a procedure that is published and not decided.

    Raises Invalid without a reason and as `check_deadline` does, Refused where the deadline does not change or a bid
    that was opened would be late, or one that was not opened as late would be in time; Stale if the stage has moved.
    """
    permissions.require(by, Permission.OPEN_BIDS, tender)
    if not reason.strip():
        raise Invalid(_("Write why the deadline changes: it is recorded."))
    held = Tender.objects.select_for_update(of=("self",)).get(pk=tender.pk)
    list(Lot.objects.select_for_update(of=("self",)).filter(tender=held))  # no bid is entered meanwhile
    require_changeable(held, bids_due_at)
    before = held.bids_due_at
    if not Tender.objects.filter(pk=held.pk, stage=held.stage).update(bids_due_at=bids_due_at):
        raise Stale(_("%(tender)s is no longer where you saw it; look at it again.") % {"tender": held.reference})
    tender.refresh_from_db()
    told = f"{written(before) or '-'} {written(bids_due_at)}: {reason.strip()}"
    ledger.record(
        "tender.deadline_changed", tender, by=by, at=at, before=digest(before), after=digest(bids_due_at), reason=told
    )


def require_changeable(tender: Tender, bids_due_at: datetime) -> None:
    """Raise as `change_deadline` does for a deadline that cannot take the place of the one that stands."""
    if tender.stage not in CHANGING:
        raise Refused(_("The deadline changes from the publication of a procedure until it is decided."))
    if tender.bids_due_at == bids_due_at:
        raise Refused(_("This is the deadline that stands already."))
    if tender.opened_at and bids_due_at > tender.opened_at:
        told = {"due": moment(bids_due_at), "opened": moment(tender.opened_at)}
        raise Invalid(_("The bids were opened %(opened)s: no deadline is later, and %(due)s is.") % told)
    check_launch(tender, bids_due_at)
    for bid in Bid.objects.filter(lot__tender=tender).exclude(submitted_at=None).select_related("supplier"):
        _require_same_side(bid, bids_due_at)


def check_deadline(tender: Tender, bids_due_at: datetime, at: datetime) -> None:
    """Raise Invalid for a deadline with which bids cannot be opened at ``at``."""
    if bids_due_at > at:
        sentence = _("The deadline for bids, %(due)s, is not over yet: bids are opened after it.")
        raise Invalid(sentence % {"due": moment(bids_due_at)})
    check_launch(tender, bids_due_at)


def check_launch(tender: Tender, bids_due_at: datetime) -> None:
    """Raise Invalid for a deadline before the launch."""
    if tender.launched_on and timezone.localdate(bids_due_at) < tender.launched_on:
        sentence = _("The deadline for bids, %(due)s, is before the launch of the procedure, %(launch)s.")
        raise Invalid(sentence % {"due": moment(bids_due_at), "launch": day(tender.launched_on)})


def digest(bids_due_at: datetime | None) -> str:
    """The SHA-256 under which the record knows a deadline; empty for none."""
    return sha256({"bids_due_at": bids_due_at.astimezone(UTC).isoformat()}) if bids_due_at else ""


def written(bids_due_at: datetime | None) -> str:
    """A deadline in the reason of a line: 2026-10-01T10:00:00Z; empty for none."""
    return bids_due_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if bids_due_at else ""


def _require_same_side(bid: Bid, bids_due_at: datetime) -> None:
    """What was not opened because it was late stays late; what was opened, and is judged, stays in time."""
    assert bid.submitted_at is not None  # as of every bid that is asked about
    late = bid.submitted_at > bids_due_at
    told = {"bid": bid.supplier.name, "received": moment(bid.submitted_at), "due": moment(bids_due_at)}
    if bid.exclusion == Bid.Exclusion.LATE and not late:
        sentence = _("The bid of %(bid)s, received %(received)s, was left unopened as late: with %(due)s it was not.")
        raise Refused(sentence % told)
    if bid.status == Bid.Status.ADMISSIBLE and late:
        raise Refused(_("The bid of %(bid)s, received %(received)s, was opened: with %(due)s it came too late.") % told)
