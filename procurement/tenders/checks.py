"""What the guards say of a lot's rules alone, before any bid: guards that need bids stay silent."""

import json
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import scoring
from procurement.people.refusals import Refused
from procurement.policies.seeded_texts import titles_of
from procurement.sentences import sentence
from procurement.tenders import documents
from procurement.tenders.models import Lot
from procurement.tenders.rules import case_document, facts_of, rules_of
from scoring.problems import InvalidDocument

Finding = dict[str, Any]
REMEMBERED = 1024  # rules whose findings a process keeps: those of a large procedure or two, some kilobytes each


def findings(lot: Lot, on: date) -> list[Finding]:
    """The findings (specification 5) on the rules of ``lot``, assessed ``on`` a day as if to prepare an award.

    For training, as for a simulation: there a proposed policy may be tried. To be read, not changed: they are
    remembered. Raises Invalid when the rules and the policy do not fit together.
    """
    purpose = "simulation" if lot.tender.training else "award"
    case = case_document(
        rules=lot.rules if lot.rules is not None else rules_of(lot),
        policy_document=lot.policy_version.document if lot.policy_version else None,
        bids=[],
        facts={**facts_of(lot), "purpose": purpose},
        assessed_on=on,
    )
    try:
        # No finding on rules names their lot: what is found of one is found of all that share its criteria.
        return list(_findings(json.dumps({**case, "tender": {**case["tender"], "id": "lot"}})))
    except InvalidDocument as invalid:
        documents.refuse(_("The rules cannot be used: %(first)s"), invalid.problems)


@lru_cache(maxsize=REMEMBERED)
def _findings(case: str) -> list[Finding]:
    """Of a case in JSON: a pure function, remembered because a page of 200 lots asks it 200 times."""
    found: list[Finding] = scoring.evaluate(json.loads(case))["findings"]
    return found


def refuse_blocks(lot: Lot, at: datetime) -> None:
    """Raise Refused, with the findings in sentences, when one of them blocks."""
    blocks = [finding for finding in findings(lot, timezone.localdate(at)) if finding["severity"] == "block"]
    if blocks:
        rules = rules_of(lot)
        raise Refused(
            ngettext(
                "The rules of lot %(number)d cannot be published: %(count)d finding blocks them.",
                "The rules of lot %(number)d cannot be published: %(count)d findings block them.",
                len(blocks),
            )
            % {"number": lot.number, "count": len(blocks)},
            [{**finding, "sentence": said(finding, lot, rules)} for finding in blocks],
        )


def said(finding: Finding, lot: Lot, rules: dict[str, Any]) -> str:
    """A finding on the ``rules`` of ``lot`` in one sentence, criteria and policy by their titles."""
    titles = {criterion["id"]: criterion["title"] for criterion in rules["criteria"]}
    policy = lot.policy_version.document if lot.policy_version else None
    return sentence(finding, criteria=titles, policies=titles_of(policy))


def effective_weights(found: list[Finding]) -> dict[str, Fraction]:
    """What each criterion counts for, as a part of 1, where a bonus on top of 100 dilutes it; {} where none does."""
    for finding in found:
        if finding["code"] == "weights-diluted":
            values = finding["values"]
            exact = (Fraction(weight) for weight in values["exact_effective_weights"])
            return dict(zip(values["criteria"], exact, strict=True))
    return {}
