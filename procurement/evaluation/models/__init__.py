"""Judging a lot: its panel and what each member said, marks, score sheets, lifted blocks, decisions, letters."""

from procurement.evaluation.models.drafts import LONGEST_TYPED, MarkDraft
from procurement.evaluation.models.examination import (
    BidVersion,
    Regularisation,
    RegularisationAnswer,
    RegularisationConclusion,
    RegularisationQuerySet,
)
from procurement.evaluation.models.judging import (
    AbnormallyLowExplanation,
    Decision,
    DecisionQuerySet,
    LiftedBlock,
    Mark,
    MarkVersion,
    ScoreSheet,
    SheetEvidence,
    SheetQuerySet,
)
from procurement.evaluation.models.letters import LetterParagraph, SentLetters
from procurement.evaluation.models.low_prices import PriceAnswer, PriceRequest
from procurement.evaluation.models.panel import (
    Declaration,
    IndividualMark,
    IndividualMarkQuerySet,
    MarkLock,
    Panel,
    Panelist,
)

__all__ = [
    "LONGEST_TYPED",
    "AbnormallyLowExplanation",
    "BidVersion",
    "Decision",
    "DecisionQuerySet",
    "Declaration",
    "IndividualMark",
    "IndividualMarkQuerySet",
    "LetterParagraph",
    "LiftedBlock",
    "Mark",
    "MarkDraft",
    "MarkLock",
    "MarkVersion",
    "Panel",
    "Panelist",
    "PriceAnswer",
    "PriceRequest",
    "Regularisation",
    "RegularisationAnswer",
    "RegularisationConclusion",
    "RegularisationQuerySet",
    "ScoreSheet",
    "SentLetters",
    "SheetEvidence",
    "SheetQuerySet",
]
