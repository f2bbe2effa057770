"""What the record holds of sheets and decisions, as documents: the digests of its lines, and what a bundle shows."""

from datetime import UTC, datetime
from typing import Any

from procurement.evaluation import blocks
from procurement.evaluation.models import Decision, LiftedBlock, ScoreSheet
from procurement.ledger.services import name_of
from scoring.canonical import sha256

Document = dict[str, Any]


def sheet_digest(sheet: ScoreSheet) -> str:
    """`after` of the line that recorded a sheet: its hash with that of its case and the root of the case.

    Sheets made before cases had roots were recorded by their hash alone.
    """
    if not hasattr(sheet, "evidence"):
        return sheet.sheet_sha256
    return sha256({"case": sheet.case_sha256, "case_root": sheet.evidence.case_root, "sheet": sheet.sheet_sha256})


def decision_document(decision: Decision, lifted: list[LiftedBlock]) -> Document:
    """A decision as `bareme-decision/1`; its hash is `after` of the line lot.awarded or lot.ended.

    ``lifted`` are all lifted blocks of the lot: those the award rests on are told.
    """
    lot = decision.lot
    return {
        "schema": "bareme-decision/1",
        "id": str(decision.pk),
        "lot": name_of(lot),
        "tender": f"tenders.Tender:{lot.tender_id}",
        "outcome": str(decision.outcome),
        "bid": decision.bid.key if decision.bid else None,
        "sheet": decision.sheet.number if decision.sheet else None,
        "draw": decision.draw,
        "reason": decision.reason,
        "decided_at": moment(decision.decided_at),
        "lifted": [_lift(lift) for lift in _rested_on(decision, lifted)],
    }


def moment(at: datetime) -> str:
    """A time as the lines of the record write it: UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _rested_on(decision: Decision, lifted: list[LiftedBlock]) -> list[LiftedBlock]:
    if decision.sheet is None or decision.outcome != Decision.Outcome.AWARDED:
        return []
    return blocks.lifts_used(decision.sheet.sheet, lifted)


def _lift(lift: LiftedBlock) -> Document:
    return {
        "code": lift.code,
        "finding_sha256": lift.finding_sha256,
        "reason": lift.reason,
        "lifted_at": moment(lift.lifted_at),
    }
