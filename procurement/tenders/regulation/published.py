"""A lot as its announcement is written: exact values out of its rules, and what is announced beside them."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from procurement.tenders import checks
from procurement.tenders.models import Lot
from procurement.tenders.rules import case_document
from scoring.case import Case, Criterion
from scoring.case_reading import read_case

PRICE_MEASURES = frozenset({"add_to_price", "deduct_from_price", "deflate_price"})


@dataclass(frozen=True, slots=True)
class Published:
    """``case``: the rules as a case without bids; ``day``: the launch, whose law applies.

    ``effective``: what each criterion counts for, as a part of 1, by id; {} where no bonus dilutes it.
    """

    lot: Lot
    rules_sha256: str
    case: Case
    day: date
    effective: dict[str, Fraction]
    steps: dict[str, list[dict[str, str]]]

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return self.case.criteria

    @property
    def currency(self) -> str:
        return self.case.tender.currency

    @property
    def decimals(self) -> int:
        return self.case.decimals

    @property
    def tie_break(self) -> tuple[str, ...]:
        return self.case.tie_break

    @property
    def measures(self) -> frozenset[str]:
        """The kinds of the measures of the policy."""
        return frozenset(measure.kind for measure in self.case.policy.measures) if self.case.policy else frozenset()

    @property
    def prices_are_evaluated(self) -> bool:
        """Whether a measure of the policy changes the price that is ranked."""
        return bool(self.measures & PRICE_MEASURES)


def published(lot: Lot, rules: dict[str, Any], digest: str, *, on: date) -> Published:
    """``lot`` (from `for_rules`) under ``rules``, the law being that of its launch, or of ``on`` before it has one."""
    policy = lot.policy_version.document if lot.policy_version else None
    case = case_document(rules=rules, policy_document=policy, bids=[], facts={}, assessed_on=on)
    return Published(
        lot=lot,
        rules_sha256=digest,
        case=read_case(case),
        day=lot.tender.launched_on or on,
        effective=checks.effective_weights(checks.findings(lot, on)),
        steps={criterion.key: criterion.steps for criterion in lot.criteria.all() if criterion.steps},
    )
