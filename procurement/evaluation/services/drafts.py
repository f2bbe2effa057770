"""What somebody types for marks, kept until the marks are given, and read by nobody else.

It leaves no line in the record: nothing was said to anybody yet. What is given does (`give_marks`, `agree_marks`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from procurement.evaluation.models import IndividualMark, Mark, MarkDraft
from procurement.evaluation.panels import require_sitting, require_unlocked
from procurement.evaluation.services.lots import held, require_under_evaluation
from procurement.fields import plain
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.tenders.models import Bid, Criterion, Lot

Place = tuple[int, int]  # the ids of a bid and of a criterion


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the two fields of one bid on one criterion: a mark, a plain decimal or not, and its reason."""

    bid: Bid
    criterion: Criterion
    mark: str
    reason: str


def keep_drafts(*, lot: Lot, kind: str, typed: Sequence[Typed], by: User, at: datetime) -> None:
    """Keep what ``by`` typed, in place of what was typed there before; what says nothing new is no draft.

    Raises PermissionDenied for who may not give marks of this ``kind``, Refused before the declaration and outside
    the evaluation of unlocked marks.
    """
    with transaction.atomic():
        lot = held(lot)  # nothing that was typed outlives the lock of the marks, or a conflict declared meanwhile
        require_writer(lot, kind, by)
        require_under_evaluation(lot)
        require_unlocked(lot)
        standing = _standing(lot, kind, by)
        new = [each for each in typed if _says_something(each, standing.get((each.bid.pk, each.criterion.pk)))]
        kept = {(each.bid.pk, each.criterion.pk) for each in new}
        places = {(each.bid.pk, each.criterion.pk) for each in typed}
        erase_drafts(lot, kind, by, places - kept)
        MarkDraft.objects.bulk_create(
            [_draft(each, kind, by, at) for each in new],
            update_conflicts=True,
            unique_fields=["kind", "bid", "criterion", "written_by"],
            update_fields=["mark", "reason", "written_at"],
        )


def erase_drafts(lot: Lot, kind: str, author: User, places: Collection[Place]) -> None:
    """Erase what ``author`` typed at ``places``, because it is given or stands there already."""
    found = MarkDraft.objects.filter(bid__lot=lot, kind=kind, written_by=author).values_list("pk", "bid", "criterion")
    MarkDraft.objects.filter(pk__in=[pk for pk, *place in found if tuple(place) in places]).delete()


def require_writer(lot: Lot, kind: str, by: User) -> None:
    """Raise PermissionDenied for who may not give marks of this ``kind``, as `require_sitting` does for a member."""
    if kind == MarkDraft.Kind.AGREED:
        permissions.require(by, Permission.AGREE_MARK, lot)
    else:
        require_sitting(lot, by)


def _draft(typed: Typed, kind: str, by: User, at: datetime) -> MarkDraft:
    return MarkDraft(
        kind=kind,
        bid=typed.bid,
        criterion=typed.criterion,
        mark=typed.mark,
        reason=typed.reason,
        written_by=by,
        written_at=at,
    )


def _standing(lot: Lot, kind: str, by: User) -> dict[Place, tuple[Decimal, str]]:
    """By place, the mark and the reason that stand."""
    marks: Any = (
        Mark.objects.filter(bid__lot=lot)
        if kind == MarkDraft.Kind.AGREED
        else IndividualMark.objects.filter(bid__lot=lot, given_by=by).standing()
    )
    return {(mark.bid_id, mark.criterion_id): (mark.value, mark.reason) for mark in marks}


def _says_something(typed: Typed, standing: tuple[Decimal, str] | None) -> bool:
    """Whether anything was typed, and it is not what stands."""
    if standing is None:
        return bool(typed.mark or typed.reason)
    value, reason = standing
    return (typed.mark, typed.reason) not in {("", ""), (plain(value), reason)}
