"""Every write of the evaluation: panels, marks, their lock, sheets, what is found and lifted, decisions, letters."""

from procurement.evaluation.services.decisions import AWARDED_BY_ANOTHER, RETAINED_BY_ANOTHER, award, end, retained_by
from procurement.evaluation.services.drafts import Typed, keep_drafts
from procurement.evaluation.services.findings import (
    LIFTED_BY_ANOTHER,
    explain_abnormally_low,
    lift_block,
    price_rejected,
)
from procurement.evaluation.services.individual_marks import give_marks
from procurement.evaluation.services.letters import LONGEST_PARAGRAPH, record_letters, write_paragraph
from procurement.evaluation.services.locking import lock_marks
from procurement.evaluation.services.low_prices import (
    answer_price_explanation,
    conclude_price_explanation,
    request_price_explanation,
)
from procurement.evaluation.services.marks import Given, agree_marks, mark, take_marks
from procurement.evaluation.services.panels import declare_interests, may_compose, seat, unseat
from procurement.evaluation.services.regularisations import (
    answer_regularisation,
    conclude_regularisation,
    request_regularisation,
)
from procurement.evaluation.services.sheets import score, score_document, simulate
from procurement.evaluation.services.undoing import forget_draft, undo_marks
from procurement.evaluation.services.versions import enter_version, enter_version_of_schedule, may_negotiate, refusal_of

__all__ = [
    "AWARDED_BY_ANOTHER",
    "LIFTED_BY_ANOTHER",
    "LONGEST_PARAGRAPH",
    "RETAINED_BY_ANOTHER",
    "Given",
    "Typed",
    "agree_marks",
    "answer_price_explanation",
    "answer_regularisation",
    "award",
    "conclude_price_explanation",
    "conclude_regularisation",
    "declare_interests",
    "end",
    "enter_version",
    "enter_version_of_schedule",
    "explain_abnormally_low",
    "forget_draft",
    "give_marks",
    "keep_drafts",
    "lift_block",
    "lock_marks",
    "mark",
    "may_compose",
    "may_negotiate",
    "price_rejected",
    "record_letters",
    "refusal_of",
    "request_price_explanation",
    "request_regularisation",
    "retained_by",
    "score",
    "score_document",
    "seat",
    "simulate",
    "take_marks",
    "undo_marks",
    "unseat",
    "write_paragraph",
]
