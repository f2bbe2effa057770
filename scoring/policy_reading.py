"""From a policy document to a Policy (or from a scheme to a Cashback), every problem reported at once."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, cast

from scoring.curves import IDENTITY, Curve
from scoring.drivers import ONE, ZERO, Driver, driver
from scoring.policy import Cashback, Indicator, Measure, Policy
from scoring.policy_rules import problems_of_policy, tiers_problems
from scoring.policy_shape import ASSURANCE, CASHBACK, POLICY
from scoring.predicates import Predicate
from scoring.problems import InvalidDocument, Problem
from scoring.reading import check_json
from scoring.shapes import Members

Parsed = Mapping[str, Any]


def read_policy(document: Any) -> Policy:
    """The policy of a document. Raises InvalidDocument with every problem.

    The criteria that `mark:CRITERION` drivers name belong to a case: they are checked by `read_case` alone.
    """
    parsed, problems = parse_policy(document)
    if problems:
        raise InvalidDocument(problems)
    return policy_of(parsed, document)


def parse_policy(document: Any) -> tuple[Any, list[Problem]]:
    """What could be read of a policy document, and every problem; what was read is usable when there is none."""
    problems = check_json(document)
    if problems:
        return None, problems
    parsed = POLICY.read(document, "", problems)
    if isinstance(parsed, Members):
        problems += problems_of_policy(parsed, "", None)
    return parsed, problems


def read_scheme(document: Any) -> Cashback:
    """The cash-back scheme of a document that holds one alone. Raises InvalidDocument with every problem.

    Without its policy the areas and drivers of `when` cannot be looked up: rationing does not read them.
    """
    problems: list[Problem] = check_json(document)
    if not problems:
        parsed = CASHBACK.read(document, "", problems)
        if isinstance(parsed, Members):
            problems += tiers_problems(parsed, "")
    if problems:
        raise InvalidDocument(problems)
    return _cashback({**parsed, "when": {}}, "")


def policy_of(parsed: Parsed, document: Mapping[str, Any]) -> Policy:
    """The policy of a document read without a problem; `document` is the same as written."""
    european_area = parsed["european_area"]
    factors = parsed.get("assurance_factors", {})
    cashback = parsed.get("cashback")
    return Policy(
        id=parsed["id"],
        version=parsed["version"],
        title=parsed.get("title", ""),
        status=parsed["status"],
        content_basis=parsed["content_basis"],
        areas={name: frozenset(countries) for name, countries in parsed["areas"].items()},
        european_area=european_area,
        assurance_factors={assurance: factors.get(assurance, ONE) for assurance in ASSURANCE.options},
        indicators=tuple(_indicator(indicator) for indicator in parsed["indicators"]),
        measures=tuple(
            _measure(measure, written, european_area)
            for measure, written in zip(parsed["measures"], document["measures"], strict=True)
        ),
        bonus_cap=parsed.get("bonus_cap"),
        cashback=None if cashback is None else _cashback(cashback, european_area),
    )


def _indicator(parsed: Parsed) -> Indicator:
    return Indicator(
        id=parsed["id"],
        kind=parsed["kind"],
        weight=parsed["weight"],
        curve=_curve(parsed),
        labels=parsed.get("labels", {}),
        reference=parsed.get("reference", ""),
    )


def _measure(parsed: Parsed, written: Mapping[str, Any], european_area: str) -> Measure:
    amount = parsed.get("amount")
    used = isinstance(amount, Fraction)
    return Measure(
        id=parsed["id"],
        kind=parsed["kind"],
        driver=_driver(parsed["driver"], european_area) if used else None,
        curve=_curve(parsed),
        amount=amount if used else None,
        amount_written=written["amount"] if used else "",
        params=parsed.get("params", {}),
        when=_predicate(parsed.get("when", {}), european_area),
        reference=parsed.get("reference", ""),
    )


def _cashback(parsed: Parsed, european_area: str) -> Cashback:
    return Cashback(
        id=parsed["id"],
        base=parsed["base"],
        tiers=tuple(parsed["tiers"]),
        environment_multiplier=parsed.get("environment_multiplier", ZERO),
        minimum_contract=parsed.get("minimum_contract", ZERO),
        cap_per_contract=parsed.get("cap_per_contract"),
        cap_per_hospital_year=parsed.get("cap_per_hospital_year"),
        envelope_year=parsed.get("envelope_year"),
        rationing=parsed.get("rationing", "pro_rata"),
        when=_predicate(parsed.get("when", {}), european_area),
        reference=parsed.get("reference", ""),
    )


def _predicate(parsed: Parsed, european_area: str) -> Predicate:
    thresholds = {
        key: (_driver(parsed[key][0], european_area), parsed[key][1])
        for key in ("driver_below", "driver_from")
        if key in parsed
    }
    return Predicate(**{**parsed, **thresholds})


def _curve(parsed: Parsed) -> Curve:
    return Curve(tuple(parsed["curve"])) if "curve" in parsed else IDENTITY


def _driver(text: str, european_area: str) -> Driver:
    return cast(Driver, driver(text, european_area))
