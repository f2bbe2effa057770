"""The decision page: what was decided, on which rules and sheet, with which findings, after what."""

from typing import Any

from procurement.evaluation.models import Decision
from procurement.evaluation.present.findings import shown
from procurement.evaluation.present.ranking import excluded, grounds_of, ranked
from procurement.evaluation.present.reading import Reading
from procurement.evaluation.present.timeline import timeline
from procurement.evaluation.present.unchecked import unchecked
from procurement.evaluation.present.winner import sentence
from procurement.people.models import User
from procurement.policies.presentation.law import cards

AFTER_AN_AWARD = ("decision.reasons_for_rejection", "decision.reasons_on_request", "decision.retention_procedure")
AFTER_A_FORMALISED_AWARD = (
    "decision.standstill_electronic",
    "decision.standstill_otherwise",
    "decision.presentation_report",
)


def decision_page(decision: Decision, by: User) -> dict[str, Any]:
    """The context of the page for ``by``; a fixed number of queries."""
    lot, stored = decision.lot, decision.sheet
    context: dict[str, Any] = {
        "decision": decision,
        "lot": lot,
        "tender": lot.tender,
        "policy": lot.rules["policy"] if lot.rules else None,
        "timeline": timeline(decision, by),
        "duties": duties(decision),
        "letters": decision.sent_letters.select_related("recorded_by").last(),
    }
    if stored is None:
        return context
    reading = Reading.of(stored, lot)
    lifted = lot.lifted_blocks.select_related("lifted_by")
    return context | {
        "stored": stored,
        "document": reading,
        "winner": sentence(reading),
        "ranked": ranked(reading),
        "excluded": excluded(reading, grounds_of(lot)),
        "findings": shown(reading.sheet["findings"], reading, lifted),
        "unchecked": unchecked(reading.case),
    }


def duties(decision: Decision) -> list[dict[str, Any]]:
    """The cards of what the law asks after an award, in the order it is done; none after another end."""
    if decision.outcome != Decision.Outcome.AWARDED:
        return []
    first, *later = AFTER_AN_AWARD
    keys = [first, *(AFTER_A_FORMALISED_AWARD if decision.lot.tender.formalised else ()), *later]
    return [cards(key)[0] for key in keys]
