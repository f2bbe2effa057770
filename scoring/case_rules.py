"""Rules of a case that look at several keys at once: weights, prices, marks, origins (specification 2).

They read what `case_shape` could read of a document, so a faulty part hides no other fault; a rule about several
values is applied where all of them could be read. Of items that share an id, which is an error, each one counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from scoring.formulas import FORMULAS
from scoring.numbers import fixed, is_decimal, rounded, total, total_of_products
from scoring.policy_rules import NO_CRITERION, problems_of_policy
from scoring.problems import Problem, child, gettext_noop
from scoring.shapes import INVALID, Members, numbered, unique

Parsed = Members

ON_PRICE = ("price", "cost")
CRITERION_TWICE = gettext_noop('The criterion id "%(id)s" is used more than once; give each its own.')
BID_TWICE = gettext_noop('The bid id "%(id)s" is used more than once; give each its own.')
LINE_TWICE = gettext_noop('The line id "%(id)s" is used more than once; give each its own.')


def problems_of_case(case: Parsed) -> list[Problem]:
    """Every problem of a case beyond the form of its keys."""
    return list(_Rules(case).problems())


def add_line_totals(case: Parsed) -> None:
    """Notes under "lines_price" of each bid read what its lines, where all could be read, add up to, rounded 2."""
    for _, bid in numbered(case.get("bids")):
        lines = bid.get("lines")
        if lines and all(line is not INVALID and "quantity" in line and "unit_price" in line for line in lines):
            bid["lines_price"] = rounded(total_of_products((line["quantity"], line["unit_price"]) for line in lines), 2)


class _Rules:
    def __init__(self, case: Parsed) -> None:
        self.case = case
        self.criteria = numbered(case.get("criteria"))
        self.bids = numbered(case.get("bids"))
        identified = [c for _, c in self.criteria if "id" in c]
        self.ids = {c["id"] for c in identified}
        self.scales = _scales(c for c in identified if c["kind"] not in ON_PRICE)
        self.count = len(case.get("criteria", ()))
        self.all_criteria_read = len(identified) == self.count > 0
        self.uses_cost = any(c["kind"] == "cost" for _, c in self.criteria)
        indicators = numbered((case.get("policy") or {}).get("indicators"))
        self.numeric = {i["id"] for _, i in indicators if "id" in i and i["kind"] == "number"}

    def problems(self) -> Iterator[Problem]:
        yield from unique(self.criteria, "/criteria", CRITERION_TWICE)
        yield from self._weights()
        yield from self._prices_once()
        yield from self._params()
        yield from unique(self.bids, "/bids", BID_TWICE)
        for index, bid in self.bids:
            yield from self._bid(bid, f"/bids/{index}")
        if self.case.get("policy") is not None:
            scaled = {key: key in self.scales for key in self.ids}
            yield from problems_of_policy(self.case["policy"], "/policy", scaled if self.all_criteria_read else None)

    def _weights(self) -> Iterator[Problem]:
        weights = [c["weight"] for _, c in self.criteria if "weight" in c]
        if len(weights) == self.count > 0 and total(weights) != 100:
            template = gettext_noop("The weights must total exactly 100; they total %(total)s.")
            yield Problem("/criteria", template, {"total": _plain(total(weights))})

    def _prices_once(self) -> Iterator[Problem]:
        for index, _ in [(i, c) for i, c in self.criteria if c["kind"] in ON_PRICE][1:]:
            template = gettext_noop("At most one criterion is of kind price or cost.")
            yield Problem(f"/criteria/{index}/kind", template)

    def _params(self) -> Iterator[Problem]:
        for index, criterion in self.criteria:
            formula, params = FORMULAS[criterion["formula"]], criterion.get("params", {})
            if formula.check is not None and all(key in params for key in formula.params.required):
                complaint = formula.check(params)
                if complaint:
                    yield Problem(f"/criteria/{index}/params", complaint)

    def _bid(self, bid: Parsed, pointer: str) -> Iterator[Problem]:
        lines = numbered(bid.get("lines"))
        yield from unique(lines, f"{pointer}/lines", LINE_TWICE)
        for index, line in lines:
            yield from _origins(line, f"{pointer}/lines/{index}/origins")
        yield from self._price(bid, pointer)
        if self.uses_cost and bid.get("status") == "admissible" and bid.lacks("cost"):
            template = gettext_noop("An admissible bid needs its cost: a criterion is of kind cost.")
            yield Problem(f"{pointer}/cost", template)
        yield from self._marks(bid, pointer)
        yield from self._evidence(bid, f"{pointer}/environment")

    def _price(self, bid: Parsed, pointer: str) -> Iterator[Problem]:
        if "lines" in bid.faulty:
            return
        if not bid.get("lines"):
            if bid.lacks("price") and bid.get("status") == "admissible":
                template = gettext_noop("An admissible bid needs its price, or lines that add up to it.")
                yield Problem(f"{pointer}/price", template)
        elif "lines_price" in bid:
            price = bid["lines_price"]
            if bid.get("price", price) != price:
                template = gettext_noop("The price must equal the total of the lines, %(total)s.")
                yield Problem(f"{pointer}/price", template, {"total": fixed(price, 2)})
            elif not price and bid.get("status") == "admissible":
                template = gettext_noop("The lines add up to nothing; a price is greater than 0.")
                yield Problem(f"{pointer}/price", template)

    def _marks(self, bid: Parsed, pointer: str) -> Iterator[Problem]:
        marks = bid.get("marks", {})
        if self.all_criteria_read:
            for key, mark in marks.items():
                if key not in self.ids and mark is not INVALID:
                    yield Problem(child(f"{pointer}/marks", key), NO_CRITERION, {"criterion": key})
        if bid.get("status") != "admissible" or "marks" in bid.faulty:
            return
        for key, scale in self.scales.items():
            if key not in marks:
                template = gettext_noop('An admissible bid needs a mark for the criterion "%(criterion)s".')
                yield Problem(child(f"{pointer}/marks", key), template, {"criterion": key})
            elif scale is not None and _is_outside(marks[key], scale):
                template = gettext_noop("The mark must be between 0 and the scale, %(scale)s; it is %(mark)s.")
                told = {"scale": _plain(scale), "mark": _plain(marks[key])}
                yield Problem(child(f"{pointer}/marks", key), template, told)

    def _evidence(self, bid: Parsed, pointer: str) -> Iterator[Problem]:
        for key, evidence in bid.get("environment", {}).items():
            if evidence is INVALID or "value" not in evidence:
                continue
            if key in self.numeric and not is_decimal(evidence["value"]):
                template = gettext_noop('The indicator "%(indicator)s" is a number: write a plain decimal ("12.50").')
                yield Problem(f"{child(pointer, key)}/value", template, {"indicator": key})


def _scales(marked: Iterable[Parsed]) -> dict[str, Fraction | None]:
    """The highest mark by id of a criterion, the lower one of two; None where it could not be read."""
    scales: dict[str, Fraction | None] = {}
    for criterion in marked:
        known = [scale for scale in (criterion.get("scale"), scales.get(criterion["id"])) if scale is not None]
        scales[criterion["id"]] = min(known, default=None)
    return scales


def _is_outside(mark: Any, scale: Fraction) -> bool:
    """Whether a mark that could be read is not from 0 to its scale."""
    if mark is INVALID:
        return False
    # On whole numbers: a case has as many marks as all its other numbers together.
    (top, bottom), (highest, parts) = mark.as_integer_ratio(), scale.as_integer_ratio()
    return bool(top < 0 or top * parts > highest * bottom)


def _origins(line: Parsed, pointer: str) -> Iterator[Problem]:
    origins = line.get("origins", [])
    if any(origin is INVALID or "share" not in origin for origin in origins):
        return
    known = total([origin["share"] for origin in origins])
    if known.numerator > known.denominator:
        template = gettext_noop("The shares of a line's origins must total at most 1; they total %(total)s.")
        yield Problem(pointer, template, {"total": _plain(known)})


def _plain(value: Fraction) -> str:
    """The shortest decimal of a sum of plain decimals, which has at most 12 of them."""
    text = fixed(value, 12).rstrip("0")
    return text.removesuffix(".")
