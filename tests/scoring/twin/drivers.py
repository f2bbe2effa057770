"""Section 2: defaults, curves, drivers and predicates, each in the words of the specification.

A `World` is one reading of one case: the document plus the set of bids whose unknown origin is taken to be
wholly in the European area (empty in the plain reading).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from .numbers import number, rounded

DEFAULT_CURVE = [["0", "0"], ["1", "1"]]
DEFAULT_TIE_BREAK = ["lower_price", "higher_environment"]


class World(NamedTuple):
    case: dict[str, Any]
    unknown_is_european: frozenset[str] = frozenset()

    @property
    def policy(self) -> dict[str, Any] | None:
        return self.case.get("policy")

    @property
    def measures(self) -> list[dict[str, Any]]:
        return self.policy["measures"] if self.policy else []

    @property
    def decimals(self) -> int:
        return self.case.get("rounding", {}).get("decimals", 2)


def line_value(line: dict[str, Any]) -> Fraction:
    return number(line["quantity"]) * number(line["unit_price"])


def real_price(bid: dict[str, Any]) -> Fraction:
    if "price" in bid:
        return number(bid["price"])
    return rounded(sum((line_value(line) for line in bid["lines"]), Fraction(0)), 2)


def curve_at(points: list[list[str]], x: Fraction) -> Fraction:
    exact = [(number(px), number(py)) for px, py in points]
    reached = [i for i, (px, _) in enumerate(exact) if px <= x]
    if not reached:
        return exact[0][1]
    left = reached[-1]
    if left == len(exact) - 1:
        return exact[left][1]
    (x0, y0), (x1, y1) = exact[left], exact[left + 1]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)


def assurance_factor(policy: dict[str, Any], evidence: dict[str, Any]) -> Fraction:
    factors = policy.get("assurance_factors", {})
    return number(factors.get(evidence.get("assurance", "declared"), "1"))


def share(world: World, bid: dict[str, Any], area: str) -> Fraction:
    """Σ lines (value × Σ share in the area × its assurance factor) ÷ Σ value."""
    policy = world.policy
    assert policy is not None
    countries = policy["areas"][area]
    unknown_counts = area == policy["european_area"] and bid["id"] in world.unknown_is_european
    lines = bid.get("lines", [])
    if not lines:
        return Fraction(1) if unknown_counts else Fraction(0)
    total = sum((line_value(line) for line in lines), Fraction(0))
    if total == 0:
        return Fraction(0)
    inside = Fraction(0)
    for line in lines:
        known = Fraction(0)
        counted = Fraction(0)
        for origin in line["origins"]:
            known += number(origin["share"])
            if origin["country"] in countries:
                counted += number(origin["share"]) * assurance_factor(policy, origin)
        if unknown_counts:
            counted += 1 - known
        inside += line_value(line) * counted
    return inside / total


def indicator_value(indicator: dict[str, Any], evidence: dict[str, Any]) -> Fraction:
    if indicator["kind"] == "number":
        return curve_at(indicator.get("curve", DEFAULT_CURVE), number(evidence["value"]))
    return number(indicator["labels"].get(evidence["value"], "0"))


def environment(world: World, bid: dict[str, Any]) -> Fraction:
    """Σ (weight × value × assurance factor) ÷ Σ weight over all the policy's indicators, 0 if it has none."""
    policy = world.policy
    assert policy is not None
    if not policy["indicators"]:
        return Fraction(0)
    total = Fraction(0)
    weights = Fraction(0)
    for indicator in policy["indicators"]:
        weights += number(indicator["weight"])
        evidence = bid.get("environment", {}).get(indicator["id"])
        if evidence is not None:
            value = indicator_value(indicator, evidence) * assurance_factor(policy, evidence)
            total += number(indicator["weight"]) * value
    return total / weights


def driver(world: World, bid: dict[str, Any], name: str) -> Fraction:
    if name == "one":
        return Fraction(1)
    if name == "environment":
        return environment(world, bid)
    if name == "european_share":
        assert world.policy is not None
        return share(world, bid, world.policy["european_area"])
    kind, _, argument = name.partition(":")
    if kind == "share":
        return share(world, bid, argument)
    scale = next(number(c["scale"]) for c in world.case["criteria"] if c["id"] == argument)
    return number(bid["marks"][argument]) / scale


def key_holds(world: World, bid: dict[str, Any], key: str, expected: Any) -> bool:
    tender = world.case["tender"]
    if key in ("driver_below", "driver_from"):
        value = driver(world, bid, expected[0])
        return value < number(expected[1]) if key == "driver_below" else value >= number(expected[1])
    if key in ("supplier_in", "supplier_not_in"):
        assert world.policy is not None
        country = bid["supplier"].get("country")
        if country is None:
            return False
        return (country in world.policy["areas"][expected]) == (key == "supplier_in")
    tested = {"launched": "launched_on", "cpv": "cpv", "estimated": "estimated_value"}[key.split("_")[0]]
    actual = tender.get(tested)
    if actual is None:
        return False
    if key == "estimated_value_from":
        return number(actual) >= number(expected)
    if key in ("cpv_from", "cpv_to"):
        actual, expected = int(actual), int(expected)
    return actual >= expected if key.endswith("_from") else actual <= expected


def holds(world: World, bid: dict[str, Any], predicate: dict[str, Any]) -> bool:
    """Every given key must hold; an empty predicate always holds."""
    return all(key_holds(world, bid, key, expected) for key, expected in predicate.items())


def effect(world: World, bid: dict[str, Any], measure: dict[str, Any]) -> Fraction:
    """amount × c, c = curve(driver)."""
    c = curve_at(measure.get("curve", DEFAULT_CURVE), driver(world, bid, measure["driver"]))
    return number(measure["amount"]) * c
