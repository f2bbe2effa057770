"""Judging a lot: its panel and what each member said, marks, score sheets, lifted blocks, decisions."""

from procurement.evaluation.models.judging import (
    AbnormallyLowExplanation,
    Decision,
    DecisionQuerySet,
    LiftedBlock,
    Mark,
    ScoreSheet,
    SheetEvidence,
    SheetQuerySet,
)
from procurement.evaluation.models.panel import (
    Declaration,
    IndividualMark,
    IndividualMarkQuerySet,
    MarkLock,
    Panel,
    Panelist,
)

__all__ = [
    "AbnormallyLowExplanation",
    "Decision",
    "DecisionQuerySet",
    "Declaration",
    "IndividualMark",
    "IndividualMarkQuerySet",
    "LiftedBlock",
    "Mark",
    "MarkLock",
    "Panel",
    "Panelist",
    "ScoreSheet",
    "SheetEvidence",
    "SheetQuerySet",
]
