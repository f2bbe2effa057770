"""The decision page: what was decided, on which rules and sheet, with which findings, after what."""

from typing import Any

from procurement.evaluation.models import Decision
from procurement.evaluation.present.findings import shown
from procurement.evaluation.present.ranking import excluded, ranked
from procurement.evaluation.present.reading import Reading
from procurement.evaluation.present.timeline import timeline
from procurement.evaluation.present.winner import sentence


def decision_page(decision: Decision) -> dict[str, Any]:
    """The context of the page; a fixed number of queries."""
    lot, stored = decision.lot, decision.sheet
    context: dict[str, Any] = {
        "decision": decision,
        "lot": lot,
        "tender": lot.tender,
        "policy": lot.rules["policy"] if lot.rules else None,
        "timeline": timeline(lot),
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
        "excluded": excluded(reading),
        "findings": shown(reading.sheet["findings"], reading, lifted),
    }
