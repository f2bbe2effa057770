"""The panels an evaluator sits on and what waits for him on each; in a fixed number of queries."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, QuerySet

from procurement.evaluation.models import Declaration, IndividualMark, Panel
from procurement.tenders.models import Bid, Criterion
from procurement.tenders.models.stage import OPEN


class Step(StrEnum):
    """Where a member stands on one panel."""

    DECLARE = "declare"
    MARK = "mark"
    AWAIT = "await"  # declared, and no bid to mark yet
    DONE = "done"  # every mark given; it may change until the lock
    LOCKED = "locked"
    CLOSED = "closed"  # by a conflict he declared


@dataclass(frozen=True, slots=True)
class OwnPanel:
    """A panel as one of its members finds it: how many of the marks of its lot he has given, and what comes next."""

    panel: Panel
    step: Step
    given: int
    wanted: int

    @property
    def waits(self) -> bool:
        """Whether the panel waits for this member."""
        return self.step in (Step.DECLARE, Step.MARK)


def own_panels(user: Any) -> list[OwnPanel]:
    """The panels of an evaluator whose lots are not decided: those that wait for him first, the earliest launched."""
    panels = Panel.objects.visible_to(user).filter(lot__stage__in=OPEN)
    panels = panels.select_related("lot__tender__contracting_body", "lot__mark_lock")
    lots = panels.values("lot")
    conflicts = dict(
        Declaration.objects.filter(declared_by=user, lot__in=lots).order_by("conflict").values_list("lot", "conflict")
    )
    bids = _counts(Bid.objects.filter(lot__in=lots, status=Bid.Status.ADMISSIBLE), "lot")
    criteria = _counts(Criterion.objects.filter(lot__in=lots, scale__isnull=False), "lot")
    own = IndividualMark.objects.standing().filter(given_by=user, bid__lot__in=lots, bid__status=Bid.Status.ADMISSIBLE)
    given = _counts(own, "bid__lot")
    found = [
        _own(
            panel,
            conflicts.get(panel.lot_id),
            given.get(panel.lot_id, 0),
            bids.get(panel.lot_id, 0) * criteria.get(panel.lot_id, 0),
        )
        for panel in panels.order_by("lot__tender__launched_on", "lot")
    ]
    return sorted(found, key=lambda own: not own.waits)


def _own(panel: Panel, conflict: bool | None, given: int, wanted: int) -> OwnPanel:
    """``conflict``: whether one was declared; None before any declaration."""
    if conflict:
        step = Step.CLOSED
    elif hasattr(panel.lot, "mark_lock"):
        step = Step.LOCKED
    elif conflict is None:
        step = Step.DECLARE
    elif not wanted:
        step = Step.AWAIT
    else:
        step = Step.MARK if given < wanted else Step.DONE
    return OwnPanel(panel, step, given, wanted)


def _counts(rows: QuerySet[Any], by: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(by).annotate(Count("pk")))
