"""The last thing somebody did to unlocked marks, and its undoing: what was typed is forgotten, what was changed is
given again as it stood before."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from procurement.evaluation.models import IndividualMark, MarkDraft, MarkVersion
from procurement.evaluation.services.drafts import Typed, keep_drafts, require_writer
from procurement.evaluation.services.individual_marks import give_marks
from procurement.evaluation.services.lots import held
from procurement.evaluation.services.marks import Given, agree_marks
from procurement.people.models import User
from procurement.people.refusals import Stale
from procurement.people.writes import service
from procurement.tenders.models import Bid, Lot


@dataclass(frozen=True, slots=True)
class Change:
    """A mark that was changed: as it is now, and as it was before. Rows of `IndividualMark` or `MarkVersion`."""

    now: Any
    before: Any


def newest_draft(lot: Lot, kind: str, author: Any) -> MarkDraft | None:
    """What ``author`` typed last and has not given; one query."""
    drafts = MarkDraft.objects.filter(bid__lot=lot, kind=kind, written_by=author)
    found = drafts.filter(bid__status=Bid.Status.ADMISSIBLE).select_related("bid", "criterion")
    return found.order_by("written_at", "pk").last()


def last_change(lot: Lot, kind: str, author: Any) -> list[Change]:
    """What ``author`` changed last of the marks that stand, one query; empty where nothing given was changed.

    A first mark is no change: one that was given is changed, not taken back. What was undone is a change again.
    """
    changes = [change for change in _changes(_history(lot, kind, author)) if change.now.given_by_id == author.pk]
    last = max((change.now.given_at for change in changes), default=None)
    return [change for change in changes if change.now.given_at == last]


def number(changes: Iterable[Change]) -> int:
    """What tells one change from the next, so that undoing it twice does not bring it back."""
    return max((change.now.pk for change in changes), default=0)


@service
def undo_marks(*, lot: Lot, kind: str, seen: str, by: User, at: datetime) -> int:
    """Give again what stood before the last change ``by`` made; returns how many marks that is.

    ``seen`` is the `number` of the change the person read. Raises Stale when it is no longer the last one, and as
    `give_marks` or `agree_marks` do.
    """
    require_writer(lot, kind, by)
    lot = held(lot)  # whoever presses twice finds at the second time what the first one did
    changes = last_change(lot, kind, by)
    if not changes or str(number(changes)) != seen:
        raise Stale(_outrun())
    given = [
        Given(change.before.bid, change.before.criterion, change.before.value, change.before.reason)
        for change in changes
    ]
    if kind == MarkDraft.Kind.AGREED:
        return agree_marks(lot=lot, given=given, by=by, at=at)
    return len(give_marks(lot=lot, given=given, by=by, at=at))


def forget_draft(*, lot: Lot, kind: str, seen: str, by: User, at: datetime) -> None:
    """Forget what ``by`` typed last and has not given; as every draft, it leaves no line in the record.

    ``seen`` is the id of the draft the person read. Raises Stale when it is no longer the last one, and as
    `keep_drafts` does.
    """
    require_writer(lot, kind, by)
    draft = newest_draft(lot, kind, by)
    if draft is None or str(draft.pk) != seen:
        raise Stale(_outrun())
    keep_drafts(lot=lot, kind=kind, typed=[Typed(draft.bid, draft.criterion, "", "")], by=by, at=at)


def _outrun() -> str:
    return _("The marks have changed since this page was shown: look at them again before you undo.")


def _history(lot: Lot, kind: str, author: Any) -> Iterable[Any]:
    """Every row of the marks of admissible bids, oldest first; of individual marks those of ``author``."""
    rows: Any = (
        MarkVersion.objects.all() if kind == MarkDraft.Kind.AGREED else IndividualMark.objects.filter(given_by=author)
    )
    rows = rows.filter(bid__lot=lot, bid__status=Bid.Status.ADMISSIBLE)
    return rows.select_related("bid__supplier", "criterion").order_by("pk")


def _changes(rows: Iterable[Any]) -> list[Change]:
    """For each place the last row that says something else than the one before it, with that one."""
    places: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in rows:
        kept = places[(row.bid_id, row.criterion_id)]
        if not kept or (kept[-1].value, kept[-1].reason) != (row.value, row.reason):
            kept.append(row)
    return [Change(kept[-1], kept[-2]) for kept in places.values() if len(kept) > 1]
