"""What stands in the way of an award, and of whose."""

from collections.abc import Iterable
from typing import Any

from procurement.evaluation import blocks, services
from procurement.evaluation.models import LiftedBlock, ScoreSheet
from procurement.evaluation.present.findings import Shown, shown
from procurement.evaluation.present.reading import Reading
from procurement.people.permissions import Permission, may
from procurement.tenders.models import Lot, Stage


def standing_of(lot: Lot, code: str | None = None) -> list[Shown]:
    """The blocks of the latest published sheet that nobody has lifted; only those of ``code`` when one is given."""
    sheet = lot.sheets.published().last()
    if sheet is None:
        return []
    found = blocks.standing(sheet.sheet, lot.lifted_blocks.all())
    return shown([finding for finding in found if code in (None, finding["code"])], Reading.of(sheet, lot))


def may_lift(lot: Lot, sheet: ScoreSheet | None, user: Any) -> bool:
    """Whether this reader may lift the blocks of the sheet: a second person, who did not score it."""
    waiting = lot.stage == Stage.EVALUATED and not lot.tender.training
    return waiting and sheet is not None and may(user, Permission.LIFT_BLOCK) and not scored_by(sheet, user)


def scored_by(sheet: ScoreSheet | None, user: Any) -> bool:
    """Whether this reader scored the lot, so that another person lifts its blocks."""
    return sheet is not None and sheet.scored_by_id == user.pk


def another_awards(lot: Lot, sheet: ScoreSheet | None, lifted: Iterable[LiftedBlock], user: Any) -> str:
    """Why this reader does not award the lot on this sheet: they lifted a block, or let its winner through; else ""."""
    if sheet is None or lot.stage != Stage.EVALUATED or not may(user, Permission.DECIDE_LOT):
        return ""
    if lifted_by(sheet, lifted, user):
        return str(services.AWARDED_BY_ANOTHER)
    first = [row["bid"] for row in sheet.sheet["ranking"] if row["rank"] == 1]
    return str(services.RETAINED_BY_ANOTHER) if services.retained_by(lot, first, user) else ""


def lifted_by(sheet: ScoreSheet | None, lifted: Iterable[LiftedBlock], user: Any) -> bool:
    """Whether this reader lifted a block of the sheet, so that another person awards the lot."""
    return sheet is not None and any(lift.lifted_by_id == user.pk for lift in blocks.lifts_used(sheet.sheet, lifted))
