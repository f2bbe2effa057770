"""The marks each member of a panel gives for himself."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from procurement.evaluation.models import IndividualMark, MarkDraft
from procurement.evaluation.panels import require_sitting, require_unlocked
from procurement.evaluation.services.drafts import erase_drafts
from procurement.evaluation.services.lots import held, require_under_evaluation
from procurement.evaluation.services.marks import Given, differing, written_mark
from procurement.evaluation.services.panels import give_letters
from procurement.evaluation.standing import kept_of_member
from procurement.ledger import services as ledger
from procurement.people.models import User
from procurement.people.refusals import Invalid, Refused
from procurement.people.writes import service
from procurement.tenders.models import Lot
from scoring.canonical import sha256


@service
def give_marks(*, lot: Lot, given: Sequence[Given], by: User, at: datetime) -> list[IndividualMark]:
    """Add the marks of ``by``, a member of the panel, that differ from those he gave before; returns those added.

    All of them or none: raises Refused before the opening, before the declaration and after the lock, Invalid for a
    mark beyond its scale or without a reason, and for two of one bid on one criterion, Stale as `differing` does.
    """
    panel = require_sitting(lot, by)
    lot = held(lot)
    require_under_evaluation(lot)
    require_unlocked(lot)
    marks = [_checked(lot, mark) for mark in given]
    if len({(mark.bid.pk, mark.criterion.pk) for mark in marks}) < len(marks):
        raise Invalid(_("One bid has two marks on one criterion: leave one."))
    changed = differing(marks, kept_of_member(lot, by))
    if not changed:
        raise Refused(_("Nothing changed: these are the marks you gave already."))
    give_letters(panel)
    added = IndividualMark.objects.bulk_create(
        IndividualMark(
            bid=mark.bid, criterion=mark.criterion, value=mark.value, reason=mark.reason, given_by=by, given_at=at
        )
        for mark in changed
    )
    erase_drafts(lot, MarkDraft.Kind.INDIVIDUAL, by, {(mark.bid.pk, mark.criterion.pk) for mark in marks})
    ledger.record("panel.marked", panel, by=by, at=at, after=sha256([_document(mark, by) for mark in added]))
    return added


def _checked(lot: Lot, given: Given) -> Given:
    value = Decimal(written_mark(lot, given.bid, given.criterion, given.value))
    reason = given.reason.strip()
    if not reason:
        raise Invalid(_("Write the reason of each mark: “%(criterion)s” has none.") % {"criterion": given.criterion})
    return Given(given.bid, given.criterion, value, reason, given.read)


def _document(mark: IndividualMark, by: User) -> dict[str, str]:
    return {
        "person": ledger.name_of(by),
        "bid": mark.bid.key,
        "criterion": mark.criterion.key,
        "value": str(mark.value),
        "reason": mark.reason,
    }
