"""Section 2 and 4: what makes a policy or a cash-back scheme invalid."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from .checker import Checker, below
from .numbers import number

MOVING = ("add_to_price", "deduct_from_price", "deflate_price", "add_points", "scale_score")
REPORTED = ("right_to_match", "execution_cap")
MEASURES = ("gate", "floor", *MOVING, *REPORTED)
INDICATORS = ("number", "label")
PREDICATE_KEYS = (
    "launched_from",
    "launched_until",
    "cpv_from",
    "cpv_to",
    "estimated_value_from",
    "supplier_in",
    "supplier_not_in",
    "driver_below",
    "driver_from",
)


class Names(NamedTuple):
    """The areas of a policy and the criteria of its case that have marks; None: not known, any name will do."""

    areas: set[str] | None
    marked: set[str] | None


def check_policy_members(c: Checker, policy: Any, at: str, marked: set[str] | None) -> None:
    """`marked`: ids of the criteria that have a scale, None when the case is not known."""
    required = (
        "schema",
        "id",
        "version",
        "status",
        "content_basis",
        "areas",
        "european_area",
        "indicators",
        "measures",
    )
    if not c.members(policy, at, required, ("title", "assurance_factors", "bonus_cap", "cashback")):
        return
    if "schema" in policy:
        c.one_of(policy["schema"], below(at, "schema"), ["bareme-policy/1"])
    if "id" in policy:
        c.id(policy["id"], below(at, "id"))
    if "title" in policy:
        c.text(policy["title"], below(at, "title"))
    if "version" in policy:
        c.integer(policy["version"], below(at, "version"))
    if "status" in policy:
        c.one_of(policy["status"], below(at, "status"), ("in_force", "proposed"))
    if "content_basis" in policy:
        c.one_of(policy["content_basis"], below(at, "content_basis"), ("ucc_origin", "value_added"))
    names = Names(check_areas(c, policy["areas"], below(at, "areas")) if "areas" in policy else None, marked)
    if "european_area" in policy:
        check_area(c, policy["european_area"], below(at, "european_area"), names)
    factors, where = policy.get("assurance_factors", {}), below(at, "assurance_factors")
    if c.members(factors, where, (), ("declared", "documented", "verified")):
        for key, value in factors.items():
            c.number_between(value, below(where, key), 0, Fraction(1))
    check_indicators(c, policy.get("indicators", []), below(at, "indicators"))
    measures = policy.get("measures", [])
    if c.array(measures, below(at, "measures")):
        for i, measure in enumerate(measures):
            check_measure(c, measure, below(below(at, "measures"), i), names)
        c.unique_ids([m if is_of_kind(m, MEASURES) else None for m in measures], below(at, "measures"))
    if policy.get("bonus_cap") is not None:
        c.number(policy["bonus_cap"], below(at, "bonus_cap"))
    if policy.get("cashback") is not None:
        check_scheme_members(c, policy["cashback"], below(at, "cashback"), names)


def identify(c: Checker, item: dict[str, Any], at: str) -> None:
    if "id" in item:
        c.id(item["id"], below(at, "id"))
    if "reference" in item:
        c.text(item["reference"], below(at, "reference"))


def is_of_kind(item: Any, kinds: tuple[str, ...]) -> bool:
    return isinstance(item, dict) and isinstance(item.get("kind"), str) and item["kind"] in kinds


def check_kind(c: Checker, item: Any, at: str, kinds: tuple[str, ...]) -> bool:
    """Of an item whose kind is wrong only this is told."""
    if not isinstance(item, dict):
        return c.no(at)
    return c.one_of(item.get("kind"), below(at, "kind"), kinds)


def check_areas(c: Checker, areas: Any, at: str) -> set[str] | None:
    """The names of the areas, None where they cannot be read: no name is unknown then."""
    if not isinstance(areas, dict):
        c.no(at)
        return None
    for name, countries in areas.items():
        if c.array(countries, below(at, name)):
            for i, country in enumerate(countries):
                c.country(country, below(below(at, name), i))
    return set(areas)


def check_area(c: Checker, name: Any, at: str, names: Names | None) -> None:
    if c.text(name, at) and names is not None and names.areas is not None:
        c.one_of(name, at, names.areas)


def check_indicators(c: Checker, indicators: Any, at: str) -> None:
    if not c.array(indicators, at):
        return
    for i, indicator in enumerate(indicators):
        where = below(at, i)
        if not check_kind(c, indicator, where, INDICATORS):
            continue
        is_label = indicator["kind"] == "label"
        required = ("id", "kind", "weight", "labels") if is_label else ("id", "kind", "weight")
        c.members(indicator, where, required, ("reference", "curve", "labels"))
        identify(c, indicator, where)
        if "weight" in indicator:
            c.positive(indicator["weight"], where + "/weight")
        if "labels" in indicator:
            check_labels(c, indicator["labels"], where + "/labels", used=is_label)
        if "curve" in indicator:
            check_curve(c, indicator["curve"], where + "/curve", within_one=not is_label)
    c.unique_ids([i if is_of_kind(i, INDICATORS) else None for i in indicators], at)


def check_labels(c: Checker, labels: Any, at: str, used: bool) -> None:
    if not isinstance(labels, dict):
        c.no(at)
        return
    for text, value in labels.items():
        if used:
            c.number_between(value, below(at, text), 0, Fraction(1))
        else:
            c.number(value, below(at, text))


def check_pairs(c: Checker, pairs: Any, at: str, within_one: bool = False) -> bool:
    """An array of [number, number], the second in 0…1 if asked; answers whether all of them are sound."""
    if not c.array(pairs, at):
        return False
    sound = True
    for i, pair in enumerate(pairs):
        where = below(at, i)
        if not isinstance(pair, list) or len(pair) != 2:
            sound = c.no(where)
            continue
        first = c.number(pair[0], where + "/0")
        second = (
            c.number_between(pair[1], where + "/1", 0, Fraction(1)) if within_one else c.number(pair[1], where + "/1")
        )
        sound = sound and first is not None and second is not None
    return sound


def check_curve(c: Checker, curve: Any, at: str, within_one: bool = False) -> bool:
    """Answers whether every point can be read; their order is another matter."""
    if curve == []:
        return c.no(at)
    if not check_pairs(c, curve, at, within_one):
        return False
    if any(number(after[0]) < number(before[0]) for before, after in pairwise(curve)):
        c.no(at)
    return True


def check_driver(c: Checker, name: Any, at: str, names: Names | None) -> None:
    if not c.text(name, at) or names is None:
        return
    if name in ("one", "environment", "european_share"):
        return
    kind, colon, argument = name.partition(":")
    known = {"share": names.areas, "mark": names.marked}
    if not colon or kind not in known:
        c.no(at)
        return
    those = known[kind]
    if those is not None and argument not in those:
        c.no(at)


def check_predicate(c: Checker, when: Any, at: str, names: Names | None) -> None:
    if not c.members(when, at, (), PREDICATE_KEYS):
        return
    for key, value in when.items():
        where = below(at, key)
        if key in ("launched_from", "launched_until"):
            c.date(value, where)
        elif key in ("cpv_from", "cpv_to"):
            c.cpv(value, where)
        elif key == "estimated_value_from":
            c.number(value, where)
        elif key in ("supplier_in", "supplier_not_in"):
            check_area(c, value, where, names)
        elif key in ("driver_below", "driver_from"):
            if not isinstance(value, list) or len(value) != 2:
                c.no(where)
                continue
            check_driver(c, value[0], where + "/0", names)
            c.number(value[1], where + "/1")


def check_measure(c: Checker, measure: Any, at: str, names: Names | None) -> None:
    if not check_kind(c, measure, at, MEASURES):
        return
    is_gate = measure["kind"] == "gate"
    required = ("id", "kind") if is_gate else ("id", "kind", "driver", "amount")
    c.members(measure, at, required, ("curve", "params", "when", "reference", "driver", "amount"))
    identify(c, measure, at)
    amount = None
    if not is_gate:
        if "driver" in measure:
            check_driver(c, measure["driver"], at + "/driver", names)
        if "amount" in measure:
            amount = c.number(measure["amount"], at + "/amount")
    curve = measure.get("curve", [["0", "0"], ["1", "1"]])
    if check_curve(c, curve, at + "/curve") and amount is not None:
        check_strength(c, measure.get("kind"), amount, [number(y) for _, y in curve], at + "/amount")
    params = measure.get("params", {})
    margins = measure.get("kind") == "right_to_match"
    if c.members(params, at + "/params", (), ("margin",) if margins else ()) and margins and "margin" in params:
        c.number(params["margin"], at + "/params/margin")
    check_predicate(c, measure.get("when", {}), at + "/when", names)


def check_strength(c: Checker, kind: Any, amount: Fraction, ys: list[Fraction], at: str) -> None:
    """Policy errors: amount × any y of the curve ≥ 1 (deduct), ≤ −1 (add, deflate), > 1 (scale)."""
    products = [amount * y for y in ys]
    if (
        (kind == "deduct_from_price" and max(products) >= 1)
        or (kind in ("add_to_price", "deflate_price") and min(products) <= -1)
        or (kind == "scale_score" and max(products) > 1)
    ):
        c.no(at)


def check_scheme_members(c: Checker, scheme: Any, at: str, names: Names | None) -> None:
    """`names` is None for a scheme alone: what its `when` names cannot be looked up."""
    money = ("cap_per_contract", "cap_per_hospital_year", "envelope_year")
    optional = ("environment_multiplier", "minimum_contract", "rationing", "when", "reference", *money)
    if not c.members(scheme, at, ("id", "base", "tiers"), optional):
        return
    identify(c, scheme, at)
    if "base" in scheme:
        c.one_of(scheme["base"], below(at, "base"), ("european_value", "contract"))
    for key in ("environment_multiplier", "minimum_contract"):
        if key in scheme:
            c.number(scheme[key], below(at, key))
    for key in money:
        if scheme.get(key) is not None:
            c.not_negative(scheme[key], below(at, key), places=2)
    if "rationing" in scheme:
        c.one_of(scheme["rationing"], below(at, "rationing"), ("pro_rata", "first_come"))
    tiers = scheme.get("tiers", [])
    if check_pairs(c, tiers, below(at, "tiers")):
        for i in range(1, len(tiers)):
            if not number(tiers[i][0]) > number(tiers[i - 1][0]):
                c.no(f"{at}/tiers/{i}/0")
    check_predicate(c, scheme.get("when", {}), below(at, "when"), names)
