"""Publication: the rules applied are those that were announced, and they are law."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.guards.answers import finding
from scoring.guards.finding import Finding, Guard, Inquiry, Severity
from scoring.measures import KINDS
from scoring.parameters import Parameters

UNPUBLISHED = "criteria.unpublished_bonus"
ANNOUNCED = "criteria.announced"


def bonus_unpublished(inquiry: Inquiry, parameters: Parameters) -> Iterator[Finding]:
    """A policy that moves price, points or score, or breaks ties by origin, is not the one the rules name."""
    policy = inquiry.case.policy
    if policy is None:
        return
    moving = [m.id for m in policy.measures if KINDS[m.kind].acts_on in ("price", "points", "score")]
    origin_tie_break = "higher_european_share" in inquiry.case.tie_break
    if not moving and not origin_tie_break:
        return
    published = inquiry.fact("published_policy")
    if published == {"id": policy.id, "version": policy.version}:
        return
    yield finding(
        BONUS_UNPUBLISHED.code,
        "block",
        [parameters.parameter(UNPUBLISHED, on=inquiry.day)],
        policy=policy.id,
        version=policy.version,
        published=[published["id"], published["version"]] if published else [],
        measures=moving,
        tie_breaks=["higher_european_share"] if origin_tie_break else [],
    )


def policy_proposed(inquiry: Inquiry, parameters: Parameters) -> Iterator[Finding]:
    """The policy applied is only proposed: it may be simulated, never awarded on."""
    policy = inquiry.case.policy
    if policy is None or policy.status != "proposed":
        return
    severity: Severity = "block" if inquiry.fact("purpose") == "award" else "info"
    rule = parameters.parameter(ANNOUNCED, on=inquiry.day)
    yield finding(POLICY_PROPOSED.code, severity, [rule], policy=policy.id, version=policy.version)


BONUS_UNPUBLISHED = Guard("bonus-unpublished", UNPUBLISHED, bonus_unpublished)
POLICY_PROPOSED = Guard("policy-proposed", ANNOUNCED, policy_proposed)
