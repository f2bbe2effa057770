"""Environmental characteristics: the criterion the law requires, the label it does not give, evidence used twice."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.case import Bid, Case, Criterion, Evidence
from scoring.guards.answers import finding
from scoring.guards.finding import Finding, Guard, Inquiry, MissingFactError
from scoring.guards.words import first_named
from scoring.measures import KINDS
from scoring.numbers import decimal, is_decimal
from scoring.parameters import Parameter, Parameters
from scoring.policy import Indicator, Measure

REQUIRED = "environment.criterion_required"


def price_only(inquiry: Inquiry, parameters: Parameters) -> Iterator[Finding]:
    """Launched while an environmental criterion is required, the only criterion is price."""
    criteria = inquiry.case.criteria
    if any(criterion.kind != "price" for criterion in criteria):
        return
    rule = _rule_at_launch(inquiry, parameters)
    if rule is not None:
        yield finding(PRICE_ONLY.code, "block", [rule], criterion=criteria[0].id, since=rule.day.isoformat())


def environment_criterion_missing(inquiry: Inquiry, parameters: Parameters) -> Iterator[Finding]:
    """Launched while one is required, no criterion takes the offer's environmental characteristics into account."""
    if any(map(_counts_environment, inquiry.case.criteria)):
        return
    rule = _rule_at_launch(inquiry, parameters)
    if rule is not None:
        yield finding(CRITERION_MISSING.code, "block", [rule], since=rule.day.isoformat())


def ecolabel_medical_device(inquiry: Inquiry, parameters: Parameters) -> Iterator[Finding]:
    """A bid claims the EU Ecolabel for goods that it excludes: medicines and medical devices."""
    names = parameters.parameter("environment.ecolabel_names", on=inquiry.day)
    claims = [bid.id for bid in inquiry.case.bids if _claims_ecolabel(inquiry.case, bid, names.names)]
    if not claims:
        return
    cpv = inquiry.case.tender.cpv
    if cpv is None:
        raise MissingFactError("tender.cpv")
    excluded = parameters.parameter("environment.ecolabel_excluded_cpv", on=inquiry.day)
    if cpv.startswith(excluded.names):
        yield finding(ECOLABEL.code, "warn", [excluded], bids=sorted(claims), cpv=cpv)


def environment_counted_twice(inquiry: Inquiry, parameters: Parameters) -> Iterator[Finding]:
    """The same evidence feeds a criterion and a bonus.

    Certain without the fact when a bonus is driven by the mark of an environmental criterion.
    """
    policy = inquiry.case.policy
    moving = [m for m in policy.measures if KINDS[m.kind].acts_on in ("price", "points", "score")] if policy else []
    criteria = [criterion for criterion in inquiry.case.criteria if criterion.kind != "price"]
    if not moving or not criteria:
        return
    environmental = {criterion.id for criterion in criteria if _counts_environment(criterion)}
    certain = [m.id for m in moving if m.driver and m.driver.kind == "mark" and m.driver.name in environmental]
    fed = [m.id for m in moving if _reads_environment(m)]
    if certain or inquiry.case.facts.get("evidence_counted_twice"):
        rule = parameters.parameter("practice.counted_once", on=inquiry.day)
        yield finding(COUNTED_TWICE.code, "warn", [rule], measures=certain or fed or [m.id for m in moving])
    elif fed:
        inquiry.fact("evidence_counted_twice")


def _rule_at_launch(inquiry: Inquiry, parameters: Parameters) -> Parameter | None:
    launched = inquiry.case.tender.launched_on
    if launched is None:
        raise MissingFactError("tender.launched_on")
    return parameters.find(REQUIRED, on=launched)


def _counts_environment(criterion: Criterion) -> bool:
    return criterion.kind == "environment" or criterion.counts_environment


def _reads_environment(measure: Measure) -> bool:
    thresholds = (measure.when.driver_below, measure.when.driver_from)
    drivers = [measure.driver, *(threshold[0] for threshold in thresholds if threshold)]
    return any(driver is not None and driver.kind == "environment" for driver in drivers)


def _claims_ecolabel(case: Case, bid: Bid, names: tuple[str, ...]) -> bool:
    indicators = {indicator.id: indicator for indicator in case.policy.indicators} if case.policy else {}
    return any(_claim(key, evidence, indicators.get(key), names) for key, evidence in bid.environment.items())


def _claim(key: str, evidence: Evidence, indicator: Indicator | None, names: tuple[str, ...]) -> bool:
    """A text that names the label, or an indicator named after it under which the bid shows something of worth.

    "ecolabel" alone may be another label's name where values are texts, so only a number makes it a claim.
    """
    shown = evidence.value
    if isinstance(shown, str) and first_named(shown, names):
        return True
    if indicator is None:  # without a table a text may say yes or no: only a number above zero is a claim
        above_zero = isinstance(shown, str) and is_decimal(shown) and decimal(shown) > 0
        return above_zero and first_named(key, names) is not None
    if not first_named(key, names if indicator.kind == "label" else (*names, "ecolabel")):
        return False
    return indicator.result(shown) > 0 and shown != 0


PRICE_ONLY = Guard("price-only", REQUIRED, price_only)
CRITERION_MISSING = Guard("environment-criterion-missing", REQUIRED, environment_criterion_missing)
ECOLABEL = Guard("ecolabel-medical-device", "environment.ecolabel_excluded_cpv", ecolabel_medical_device)
COUNTED_TWICE = Guard("environment-counted-twice", "practice.counted_once", environment_counted_twice)
