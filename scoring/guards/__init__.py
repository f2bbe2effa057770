"""Guards: one file per legal topic, facts in, findings out. The table of them, in the order of the findings."""

from __future__ import annotations

from typing import Any

from scoring.guards import environment, evidence, ipi, method, origin, prices, publication, review
from scoring.guards.answers import not_assessed
from scoring.guards.finding import Finding, Guard, Inquiry, MissingFactError
from scoring.parameters import MissingParameterError, Parameters

GUARDS: tuple[Guard, ...] = (
    environment.PRICE_ONLY,
    environment.CRITERION_MISSING,
    publication.BONUS_UNPUBLISHED,
    publication.POLICY_PROPOSED,
    origin.COVERED,
    origin.INTRA_EU,
    origin.VALUE_ADDED,
    ipi.EXCLUSION,
    ipi.ORIGIN_CAP,
    ipi.UNANNOUNCED,
    evidence.COMPANY,
    environment.ECOLABEL,
    environment.COUNTED_TWICE,
    method.DILUTED,
    method.NEUTRALISED,
    method.AMPLIFIED,
    method.REVERSAL,
    prices.LOW,
    prices.SINGLE,
    evidence.UNKNOWN,
    evidence.SELF,
    review.STALE,  # last: it looks at the legal values the others used
)

__all__ = ["GUARDS", "Finding", "Guard", "Inquiry", "findings"]


def findings(inquiry: Inquiry, parameters: Parameters) -> list[dict[str, Any]]:
    """The findings of every guard, in the table's order, as the score sheet writes them.

    A guard that lacks a fact, or a legal value for the day, answers `not_assessed` after what it already found.
    ``parameters`` afterwards knows which legal values they looked at.
    """
    found: list[Finding] = []
    for guard in GUARDS:
        try:
            for finding in guard.check(inquiry, parameters):
                found.append(finding)  # what came before a missing fact is kept
        except MissingFactError as lack:
            found.append(not_assessed(guard, lack.paths, parameters))
        except MissingParameterError as lack:
            path = "tender.launched_on" if lack.on is None else f"parameters.{lack.key}"
            found.append(not_assessed(guard, [path], parameters))
    return [finding.as_json() for finding in found]
