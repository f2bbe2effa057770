"""Every write of the evaluation: marks, sheets, what is found and lifted, decisions."""

from procurement.evaluation.services.decisions import AWARDED_BY_ANOTHER, award, end
from procurement.evaluation.services.findings import (
    LIFTED_BY_ANOTHER,
    explain_abnormally_low,
    lift_block,
    price_rejected,
)
from procurement.evaluation.services.marks import mark, take_marks
from procurement.evaluation.services.sheets import score, score_document, simulate

__all__ = [
    "AWARDED_BY_ANOTHER",
    "LIFTED_BY_ANOTHER",
    "award",
    "end",
    "explain_abnormally_low",
    "lift_block",
    "mark",
    "price_rejected",
    "score",
    "score_document",
    "simulate",
    "take_marks",
]
