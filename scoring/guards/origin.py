"""Origin: equal treatment of what agreements cover, no State of the single market worse, one country for goods."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.guards.answers import finding
from scoring.guards.estimate import eu_thresholds_reached
from scoring.guards.finding import Finding, Guard, Inquiry, Severity
from scoring.guards.treatment import Disadvantage, breaks_ties_by_origin, disadvantage, uses_origin
from scoring.parameters import Parameter, Parameters

EQUAL_TREATMENT = "origin.equal_treatment"
SINGLE_MARKET = "origin.single_market"
GOODS = "origin.goods"


def origin_bonus_covered(inquiry: Inquiry, parameters: Parameters) -> Iterator[Finding]:
    """What the GPA or an agreement covers is placed lower than the Union's, at or above the threshold.

    One finding for the parties to the GPA, whose list is primary, and one for the countries recalled as having
    another agreement, which cannot be more than a warning.
    """
    if not _uses_origin(inquiry):
        return
    union = parameters.parameter("areas.eu", on=inquiry.day)
    worse: list[tuple[list[Parameter], Disadvantage]] = []
    seen = set(union.names)
    for covered in _coverage(inquiry, parameters):
        countries = {country for line in covered for country in line.names} - seen
        seen |= countries
        if found := disadvantage(inquiry.case, countries, union.names):
            worse.append((covered, found))
    thresholds = eu_thresholds_reached(inquiry, parameters) if worse else []
    if not thresholds:
        return
    severity: Severity = "block" if inquiry.fact("purpose") == "award" else "info"
    rule = parameters.parameter(EQUAL_TREATMENT, on=inquiry.day)
    for covered, found in worse:
        yield _finding(COVERED.code, severity, [rule, *covered, *thresholds], found)


def intra_eu_discrimination(inquiry: Inquiry, parameters: Parameters) -> Iterator[Finding]:
    """A State of the Union or the European Economic Area is treated worse than another."""
    if not _uses_origin(inquiry):
        return
    states = parameters.parameter("areas.eea", on=inquiry.day)
    found = disadvantage(inquiry.case, states.names, states.names)
    if found:
        rule = parameters.parameter(SINGLE_MARKET, on=inquiry.day)
        yield _finding(INTRA_EU.code, "block", [rule, states], found)


def value_added_origin(inquiry: Inquiry, parameters: Parameters) -> Iterator[Finding]:
    """An award would rest on shares of value added under a policy in force, when goods have one country."""
    policy = inquiry.case.policy
    if policy is None or policy.content_basis != "value_added" or policy.status != "in_force":
        return
    if inquiry.fact("purpose") == "award":
        rule = parameters.parameter(GOODS, on=inquiry.day)
        yield finding(VALUE_ADDED.code, "block", [rule], policy=policy.id, version=policy.version)


def _uses_origin(inquiry: Inquiry) -> bool:
    policy = inquiry.case.policy
    return policy is not None and (
        breaks_ties_by_origin(inquiry.case) or any(uses_origin(measure) for measure in policy.measures)
    )


def _coverage(inquiry: Inquiry, parameters: Parameters) -> tuple[list[Parameter], list[Parameter]]:
    """The lists of covered countries: those read in a primary text, then those recalled."""
    recalled = [parameters.find(f"areas.{name}", on=inquiry.day) for name in ("gpa_recalled", "other_agreements")]
    return [parameters.parameter("areas.gpa", on=inquiry.day)], [line for line in recalled if line]


def _finding(code: str, severity: Severity, rests_on: list[Parameter], found: Disadvantage) -> Finding:
    return finding(
        code,
        severity,
        rests_on,
        operators=list(found.operators),
        goods=list(found.goods),
        measures=list(found.measures),
        tie_breaks=list(found.tie_breaks),
    )


COVERED = Guard("origin-bonus-covered", EQUAL_TREATMENT, origin_bonus_covered)
INTRA_EU = Guard("intra-eu-discrimination", SINGLE_MARKET, intra_eu_discrimination)
VALUE_ADDED = Guard("value-added-origin", GOODS, value_added_origin)
