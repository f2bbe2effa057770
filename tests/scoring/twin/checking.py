"""Sections 1, 2 and 4: what makes a document invalid, as the set of JSON pointers that are wrong."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from .checker import Checker, below
from .drivers import line_value
from .numbers import is_number, number, rounded
from .policy_checking import check_policy_members, check_scheme_members

PRICE_FORMULAS = (
    "lowest_ratio",
    "linear_lowest",
    "high_low",
    "squared_ratio",
    "mean_bounded",
    "absolute_linear",
)
MARK_FORMULAS = ("proportional", "best_ratio")
KINDS = ("price", "cost", "quality", "environment", "delivery", "social")
TIE_BREAKS = ("lower_price", "higher_environment", "higher_european_share", "earlier_submission")
ASSURANCES = ("declared", "documented", "verified")


def check_policy(policy: Any) -> set[str]:
    """A policy document by itself: the criteria its drivers name are not known, so any is accepted."""
    checker = Checker()
    check_policy_members(checker, policy, "", marked=None)
    return checker.wrong


def check_scheme(scheme: Any) -> set[str]:
    """A cash-back scheme by itself: the areas and criteria its `when` names are not known."""
    checker = Checker()
    check_scheme_members(checker, scheme, "", names=None)
    return checker.wrong


def check_case(case: Any) -> set[str]:
    c = Checker()
    optional = ("assessed_on", "facts", "rounding", "policy", "tie_break")
    if not c.members(case, "", ("schema", "tender", "criteria", "bids"), optional):
        return c.wrong
    if "schema" in case:
        c.one_of(case["schema"], "/schema", ["bareme-case/1"])
    if "tender" in case:
        check_tender(c, case["tender"], "/tender")
    if "assessed_on" in case:
        c.date(case["assessed_on"], "/assessed_on")
    if "facts" in case:
        check_facts(c, case["facts"], "/facts")
    if "rounding" in case and c.members(case["rounding"], "/rounding", (), ("decimals",)) and case["rounding"]:
        c.integer(case["rounding"].get("decimals", 2), "/rounding/decimals", 0, 6)
    if "tie_break" in case and c.array(case["tie_break"], "/tie_break"):
        for i, rule in enumerate(case["tie_break"]):
            c.one_of(rule, f"/tie_break/{i}", TIE_BREAKS)
    criteria = check_criteria(c, case["criteria"]) if "criteria" in case else Criteria([], all_known=False)
    policy = case.get("policy")
    if policy is not None:
        check_policy_members(c, policy, "/policy", criteria.marked() if criteria.all_known else None)
    check_bids(c, case.get("bids", []), criteria, policy if isinstance(policy, dict) else {})
    return c.wrong


class Criteria(NamedTuple):
    """The criteria whose kind and formula are right, and whether these are all and every one has its id."""

    sound: list[dict[str, Any]]
    all_known: bool

    def named(self) -> list[dict[str, Any]]:
        return [criterion for criterion in self.sound if is_id(criterion.get("id"))]

    def marked(self) -> set[str]:
        return {criterion["id"] for criterion in self.named() if has_marks(criterion)}


def is_id(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def has_marks(criterion: dict[str, Any]) -> bool:
    return criterion.get("kind") not in ("price", "cost")


def formulas_of(kind: Any) -> tuple[str, ...]:
    """What a criterion of this kind may be scored by; nothing for what is no kind."""
    if not isinstance(kind, str) or kind not in KINDS:
        return ()
    return PRICE_FORMULAS if kind in ("price", "cost") else MARK_FORMULAS


def check_facts(c: Checker, facts: Any, at: str) -> None:
    """Decision 0010: a misspelt fact would leave a guard unassessed."""
    flags = ("ipi_announced", "evidence_counted_twice")
    lists = ("self_assessed_marks", "abnormally_low_explanations")
    choices = {
        "purpose": ("award", "simulation"),
        "buyer_category": ("sub_central", "central", "utility"),
        "ipi_exception": ("no_other_compliant_tender", "overriding_public_interest"),
    }
    if not c.members(facts, at, (), (*choices, "published_policy", *flags, *lists)):
        return
    for key, value in facts.items():
        where = below(at, key)
        if value is None and key in ("ipi_exception", "published_policy"):
            continue
        if key in choices:
            c.one_of(value, where, choices[key])
        elif key in flags:
            c.boolean(value, where)
        elif key in lists and c.array(value, where):
            for i, text in enumerate(value):
                c.text(text, below(where, i))
        elif key == "published_policy" and c.members(value, where, ("id", "version")):
            if "id" in value:
                c.id(value["id"], where + "/id")
            if "version" in value:
                c.integer(value["version"], where + "/version")


def check_tender(c: Checker, tender: Any, at: str) -> None:
    if not c.members(tender, at, ("id", "currency"), ("launched_on", "cpv", "estimated_value", "price_basis")):
        return
    if "id" in tender:
        c.id(tender["id"], below(at, "id"))
    if "currency" in tender:
        c.currency(tender["currency"], below(at, "currency"))
    if tender.get("launched_on") is not None:
        c.date(tender["launched_on"], below(at, "launched_on"))
    if tender.get("cpv") is not None:
        c.cpv(tender["cpv"], below(at, "cpv"))
    if tender.get("estimated_value") is not None:
        c.number(tender["estimated_value"], below(at, "estimated_value"))
    if "price_basis" in tender:
        c.one_of(tender["price_basis"], below(at, "price_basis"), ("excl_vat", "incl_vat"))


def check_criteria(c: Checker, criteria: Any) -> Criteria:
    """Checks the criteria and returns those that can be scored by."""
    if not c.array(criteria, "/criteria"):
        return Criteria([], all_known=False)
    if not criteria:
        c.no("/criteria")
    sound = [k for i, k in enumerate(criteria) if check_criterion(c, k, f"/criteria/{i}")]
    c.unique_ids([k if any(k is other for other in sound) else None for k in criteria], "/criteria")
    priced = [i for i, k in enumerate(criteria) if any(k is other for other in sound) and not has_marks(k)]
    for i in priced[1:]:
        c.no(f"/criteria/{i}/kind")
    whole = bool(criteria) and len(sound) == len(criteria)
    weights = [number(k["weight"]) for k in sound if is_number(k.get("weight")) and number(k["weight"]) > 0]
    if whole and len(weights) == len(criteria) and sum(weights, Fraction(0)) != 100:
        c.no("/criteria")
    return Criteria(sound, all_known=whole and all(is_id(k.get("id")) for k in sound))


def check_criterion(c: Checker, criterion: Any, at: str) -> bool:
    """Whether kind and formula are right: where they are not, only this is told."""
    if not isinstance(criterion, dict):
        return c.no(at)
    formulas = formulas_of(criterion.get("kind"))
    if not formulas:
        return c.no(below(at, "kind"))
    if not c.one_of(criterion.get("formula"), below(at, "formula"), formulas):
        return False
    required = ["id", "kind", "weight", "formula", *(["scale"] if has_marks(criterion) else [])]
    if criterion["formula"] == "absolute_linear":
        required.append("params")
    c.members(criterion, at, required, ("title", "params", "scale", "minimum", "parent", "counts_environment"))
    if "id" in criterion:
        c.id(criterion["id"], below(at, "id"))
    for key in ("title", "parent"):
        if key in criterion:
            c.text(criterion[key], below(at, key))
    if "weight" in criterion:
        c.positive(criterion["weight"], below(at, "weight"))
    if "counts_environment" in criterion:
        c.boolean(criterion["counts_environment"], below(at, "counts_environment"))
    if "minimum" in criterion:
        c.number(criterion["minimum"], below(at, "minimum"))
    if "scale" in criterion and has_marks(criterion):
        c.positive(criterion["scale"], below(at, "scale"))
    elif "scale" in criterion:
        c.number(criterion["scale"], below(at, "scale"))
    if "params" in criterion:
        check_criterion_params(c, criterion["formula"], criterion["params"], below(at, "params"))
    return True


def check_criterion_params(c: Checker, formula: Any, params: Any, at: str) -> None:
    if formula == "absolute_linear":
        if c.members(params, at, ("ceiling", "floor_price")):
            ceiling = c.number(params["ceiling"], below(at, "ceiling")) if "ceiling" in params else None
            floor = c.number(params["floor_price"], below(at, "floor_price")) if "floor_price" in params else None
            if ceiling is not None and floor is not None and not ceiling > floor:
                c.no(at)
    elif formula == "linear_lowest":
        if c.members(params, at, (), ("floor",)) and "floor" in params:
            c.one_of(params["floor"], below(at, "floor"), ("yes", "no"))
    else:
        c.members(params, at, ())


def check_bids(c: Checker, bids: Any, criteria: Criteria, policy: dict[str, Any]) -> None:
    if not c.array(bids, "/bids"):
        return
    indicators = policy.get("indicators", [])
    numeric = {
        indicator.get("id")
        for indicator in (indicators if isinstance(indicators, list) else [])
        if isinstance(indicator, dict) and indicator.get("kind") == "number" and is_id(indicator.get("id"))
    }
    for i, bid in enumerate(bids):
        check_bid(c, bid, f"/bids/{i}", criteria, numeric)
    c.unique_ids(bids, "/bids")


def check_bid(c: Checker, bid: Any, at: str, criteria: Criteria, numeric: set[Any]) -> None:
    optional = ("submitted_at", "exclusion_reason", "price", "cost", "lines", "marks", "environment")
    if not c.members(bid, at, ("id", "supplier", "status"), optional):
        return
    admissible = bid.get("status") == "admissible"
    if "id" in bid:
        c.id(bid["id"], below(at, "id"))
    if "supplier" in bid and c.members(bid["supplier"], below(at, "supplier"), ("name",), ("country",)):
        c.text(bid["supplier"].get("name", ""), at + "/supplier/name")
        if bid["supplier"].get("country") is not None:
            c.country(bid["supplier"]["country"], at + "/supplier/country")
    if "status" in bid:
        c.one_of(bid["status"], below(at, "status"), ("admissible", "excluded"))
    if "submitted_at" in bid:
        c.instant(bid["submitted_at"], below(at, "submitted_at"))
    if "exclusion_reason" in bid:
        c.text(bid["exclusion_reason"], below(at, "exclusion_reason"))
    check_lines(c, bid.get("lines", []), below(at, "lines"))
    check_price(c, bid, at, admissible)
    if "cost" in bid:
        c.positive(bid["cost"], below(at, "cost"), places=2)
    elif admissible and any(criterion["kind"] == "cost" for criterion in criteria.sound):
        c.no(below(at, "cost"))
    check_marks(c, bid.get("marks", {}), below(at, "marks"), criteria, admissible)
    check_environment(c, bid.get("environment", {}), below(at, "environment"), numeric)


def check_lines(c: Checker, lines: Any, at: str) -> None:
    if not c.array(lines, at):
        return
    for i, line in enumerate(lines):
        where = below(at, i)
        if not c.members(line, where, ("id", "quantity", "unit_price", "origins")):
            continue
        if "id" in line:
            c.id(line["id"], where + "/id")
        if "quantity" in line:
            c.positive(line["quantity"], where + "/quantity")
        if "unit_price" in line:
            c.not_negative(line["unit_price"], where + "/unit_price")
        check_origins(c, line.get("origins", []), where + "/origins")
    c.unique_ids(lines, at)


def check_origins(c: Checker, origins: Any, at: str) -> None:
    if not c.array(origins, at):
        return
    shares = []
    for i, origin in enumerate(origins):
        where = below(at, i)
        if not c.members(origin, where, ("country", "share"), ("assurance",)):
            continue
        if "country" in origin:
            c.country(origin["country"], where + "/country")
        if "share" in origin:
            shares.append(c.not_negative(origin["share"], where + "/share"))
        if "assurance" in origin:
            c.one_of(origin["assurance"], where + "/assurance", ASSURANCES)
    known = [share for share in shares if share is not None]
    if len(known) == len(origins) and sum(known, Fraction(0)) > 1:
        c.no(at)


def check_price(c: Checker, bid: dict[str, Any], at: str, admissible: bool) -> None:
    price = c.positive(bid["price"], below(at, "price"), places=2) if "price" in bid else None
    lines = bid.get("lines", [])
    if lines == []:
        if "price" not in bid and admissible:
            c.no(below(at, "price"))
        return
    if not isinstance(lines, list) or not all(has_value(line) for line in lines):
        return
    total = rounded(sum((line_value(line) for line in lines), Fraction(0)), 2)
    if price is not None and price != total:
        c.no(below(at, "price"))
    if "price" not in bid and admissible and total <= 0:
        c.no(below(at, "price"))


def has_value(line: Any) -> bool:
    """Whether quantity and unit price can be read and are in their bounds."""
    if not isinstance(line, dict) or not is_number(line.get("quantity")) or not is_number(line.get("unit_price")):
        return False
    return number(line["quantity"]) > 0 and number(line["unit_price"]) >= 0


def check_marks(c: Checker, marks: Any, at: str, criteria: Criteria, admissible: bool) -> None:
    needed = criteria.marked() if admissible else set()
    allowed = (
        {k["id"] for k in criteria.named()} if criteria.all_known else set(marks if isinstance(marks, dict) else ())
    )
    if not c.members(marks, at, needed, allowed):
        return
    for key, value in marks.items():
        mark = c.number(value, below(at, key))
        if mark is None or not admissible:
            continue
        for criterion in criteria.named():
            if criterion["id"] != key or not has_marks(criterion) or not is_number(criterion.get("scale")):
                continue
            scale = number(criterion["scale"])
            if scale > 0 and not 0 <= mark <= scale:
                c.no(below(at, key))


def check_environment(c: Checker, environment: Any, at: str, numeric: set[Any]) -> None:
    if not isinstance(environment, dict):
        c.no(at)
        return
    for key, evidence in environment.items():
        where = below(at, key)
        if not c.members(evidence, where, ("value",), ("assurance",)):
            continue
        if "value" in evidence:
            if key in numeric:
                c.number(evidence["value"], where + "/value")
            else:
                c.text(evidence["value"], where + "/value")
        if "assurance" in evidence:
            c.one_of(evidence["assurance"], where + "/assurance", ASSURANCES)
