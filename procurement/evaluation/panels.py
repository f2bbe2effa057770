"""Where a member of a panel stands: seated, declared, conflicted, and whether the marks are locked."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from procurement.evaluation.models import Declaration, IndividualMarkQuerySet, MarkLock, Panel
from procurement.people import permissions
from procurement.people.permissions import Permission
from procurement.people.refusals import Confidential, Refused
from procurement.tenders.models import Lot


def has_panel(lot: Lot) -> bool:
    return Panel.objects.filter(lot=lot).exists()


def judging(lot: Lot) -> bool:
    """Whether a panel still judges the lot: until its marks are locked it is not scored."""
    return Panel.objects.filter(lot=lot, lot__mark_lock=None).exists()


def locked(lot: Lot) -> bool:
    return MarkLock.objects.filter(lot=lot).exists()


def require_unlocked(lot: Lot) -> None:
    """Raise Refused once the marks of the lot are locked."""
    if locked(lot):
        raise Refused(_("The marks of this lot are locked: none changes any more."))


def conflicted(lot: Lot, person: Any) -> bool:
    """Whether somebody declared a conflict on a lot. None takes it back: whoever sat down again has it still."""
    return Declaration.objects.filter(lot=lot, declared_by=person, conflict=True).exists()


def declared(lot: Lot, person: Any) -> bool:
    return Declaration.objects.filter(lot=lot, declared_by=person).exists()


def own_panel(lot: Lot, by: Any) -> Panel:
    """The panel of a lot, on which ``by`` sits. Raises PermissionDenied for anybody else."""
    permissions.require(by, Permission.SIT_ON_PANEL)
    found = Panel.objects.visible_to(by).filter(lot=lot).first()
    if found is None:
        raise PermissionDenied(_("You do not sit on the panel of this lot."))
    return found


def require_sitting(lot: Lot, by: Any) -> Panel:
    """The panel of a lot whose bids ``by`` may read: a member who has declared, and declared no conflict.

    Raises PermissionDenied for others, Confidential after a conflict, Refused before the declaration.
    """
    panel = own_panel(lot, by)
    if conflicted(lot, by):
        raise Confidential(
            _("You declared a conflict of interest on this lot: its bids and its marks are closed to you.")
        )
    if not declared(lot, by):
        raise Refused(_("Declare your interests first: the bids of this lot are read after that."))
    return panel


def unconflicted(marks: IndividualMarkQuerySet, lot: Lot) -> IndividualMarkQuerySet:
    """Of the individual marks of a lot those that count: what somebody gave before a conflict he declared does not."""
    return marks.exclude(given_by__in=Declaration.objects.filter(lot=lot, conflict=True).values("declared_by"))
