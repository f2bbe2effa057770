"""Hypothesis strategies: valid case documents that reach every rule of the specification.

Values come from small pools rather than from the whole number line, so that equal totals, shares on a
threshold, points on a jump and prices on a cap are met often. Ids mix alphabets whose order by code point and by
UTF-16 unit differ.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from .policies import ASSURANCES, COUNTRIES, CPVS, DATES, VALUES, policies

Document = dict[str, Any]
Draw = st.DrawFn

BID_IDS = ["B0", "A10", "B1", "é", "ﬁ", "𝔅", "b", "B 2", "a/b~c"]
CRITERION_IDS = ["q0", "q1", "delai:jours", "ﬁ", "𝔔"]
PRICE_FORMULAS = [
    "lowest_ratio",
    "linear_lowest",
    "high_low",
    "squared_ratio",
    "mean_bounded",
    "absolute_linear",
]
TIE_BREAKS = ["lower_price", "higher_environment", "higher_european_share", "earlier_submission"]
PRICES = [
    "100",
    "100.00",
    "125",
    "60",
    "99.99",
    "250.5",
    "700",
    "0.01",
    "1000",
    "1341.85",
    "2000",
    "900000000000.37",
]
QUANTITIES = ["1", "2", "3", "10", "0.5", "6.117", "0.000000000001"]
UNIT_PRICES = ["10", "0.01", "0", "12.5", "99.99", "572.8327", "33.333333333333", "0.005"]
INSTANTS = ["2026-09-13T11:00:00Z", "2026-09-15T15:00:00Z", "2024-02-29T23:59:59Z"]


def some(draw: Draw, chance_in_ten: int) -> bool:
    return draw(st.integers(0, 9)) < chance_in_ten


def optional(draw: Draw, document: Document, key: str, values: st.SearchStrategy[Any], chance_in_ten: int = 5) -> None:
    """Leave the key out, or give it a drawn value."""
    if some(draw, chance_in_ten):
        document[key] = draw(values)


@st.composite
def tenders(draw: Draw) -> Document:
    tender: Document = {"id": "T1", "currency": draw(st.sampled_from(["EUR", "USD"]))}
    optional(draw, tender, "launched_on", st.sampled_from([None, *DATES]), 8)
    optional(draw, tender, "cpv", st.sampled_from([None, *CPVS]), 8)
    optional(draw, tender, "estimated_value", st.sampled_from([None, *VALUES]), 8)
    optional(draw, tender, "price_basis", st.sampled_from(["excl_vat", "incl_vat"]), 3)
    return tender


def weights(draw: Draw, count: int) -> list[str]:
    """`count` positive weights, exactly 100 in total, some with decimals."""
    step = draw(st.sampled_from([Decimal("1"), Decimal("0.01"), Decimal("0.125")]))
    left = Decimal(100)
    drawn = []
    for others in range(count - 1, 0, -1):
        most = int((left - others) / step)
        weight = draw(st.integers(1, most)) * step
        drawn.append(weight)
        left -= weight
    return [format(weight, "f") for weight in [*drawn, left]]


@st.composite
def price_criteria(draw: Draw) -> Document:
    criterion: Document = {
        "id": draw(st.sampled_from(["price", "prix"])),
        "kind": draw(st.sampled_from(["price", "price", "cost"])),
        "formula": draw(st.sampled_from(PRICE_FORMULAS)),
    }
    if criterion["formula"] == "absolute_linear":
        ceiling, floor_price = draw(
            st.sampled_from([("2000", "700"), ("125", "60"), ("100", "-5.5"), ("1000", "999.99")])
        )
        criterion["params"] = {"ceiling": ceiling, "floor_price": floor_price}
    elif criterion["formula"] == "linear_lowest":
        optional(draw, criterion, "params", st.sampled_from([{}, {"floor": "no"}]), 7)
    else:
        optional(draw, criterion, "params", st.just({}))
    optional(draw, criterion, "scale", st.just("10"), 1)
    optional(draw, criterion, "minimum", st.just("5"), 1)
    return criterion


@st.composite
def marked_criteria(draw: Draw, key: str) -> Document:
    criterion: Document = {
        "id": key,
        "kind": draw(st.sampled_from(["quality", "environment", "delivery", "social"])),
        "formula": draw(st.sampled_from(["proportional", "best_ratio"])),
        "scale": draw(st.sampled_from(["10", "100", "5", "20.5", "3"])),
    }
    if some(draw, 1):
        criterion["minimum"] = fraction_of(criterion["scale"], draw(st.sampled_from(["0.25", "0.5", "0"])))
    optional(draw, criterion, "counts_environment", st.booleans(), 2)
    optional(draw, criterion, "params", st.just({}), 3)
    return criterion


@st.composite
def criteria(draw: Draw) -> list[Document]:
    marked = draw(st.lists(st.sampled_from(CRITERION_IDS), unique=True, max_size=3))
    drawn = [draw(marked_criteria(key)) for key in marked]
    if not drawn or some(draw, 8):
        drawn.insert(draw(st.integers(0, len(drawn))), draw(price_criteria()))
    for criterion, weight in zip(drawn, weights(draw, len(drawn)), strict=True):
        criterion["weight"] = weight
        optional(draw, criterion, "title", st.just("Critère"), 2)
        optional(draw, criterion, "parent", st.just("technical"), 2)
    return drawn


def fraction_of(scale: str, part: str) -> str:
    return format(Decimal(scale) * Decimal(part), "f")


@st.composite
def origins(draw: Draw) -> list[Document]:
    """Up to three origins; what is missing to 1 is unknown."""
    left = Decimal(1)
    drawn = []
    for _ in range(draw(st.sampled_from([1, 2, 1, 2, 3, 0]))):
        share = min(
            left,
            draw(st.sampled_from([Decimal(text) for text in ("0.3", "0.5", "0.1", "0.25", "0.7", "1", "0")])),
        )
        left -= share
        origin = {"country": draw(st.sampled_from(COUNTRIES)), "share": format(share, "f")}
        optional(draw, origin, "assurance", st.sampled_from(ASSURANCES))
        drawn.append(origin)
    return drawn


@st.composite
def lines(draw: Draw) -> list[Document]:
    """At least one line, the first of them worth more than a cent so that the price is positive."""
    drawn = []
    for index in range(draw(st.integers(1, 3))):
        quantity = draw(st.sampled_from(QUANTITIES if index else QUANTITIES[:6]))
        unit_price = draw(st.sampled_from(UNIT_PRICES if index else ["10", "12.5", "99.99", "572.8327"]))
        line = {"id": f"l{index}", "quantity": quantity, "unit_price": unit_price, "origins": draw(origins())}
        drawn.append(line)
    return drawn


def price_of(bid_lines: list[Document]) -> str:
    """Σ quantity × unit price, half up on cents (the sum is positive)."""
    total = sum((Decimal(line["quantity"]) * Decimal(line["unit_price"]) for line in bid_lines), Decimal(0))
    cents = int(total * 100 + Decimal("0.5"))
    return f"{cents // 100}.{cents % 100:02d}"


@st.composite
def evidence(draw: Draw) -> Document:
    """Evidence for some of the indicators a policy may have, and for one no policy has."""
    pools = {
        "carbon": ["2", "4.4", "10", "-3", "0.5", "6"],
        "recycled": ["0", "0.3", "1", "7"],
        "label": ["ecolabel", "epd", "none", "another", "1"],
        "unheard": ["any text"],
    }
    drawn: Document = {}
    for indicator, values in pools.items():
        if some(draw, 2 if indicator == "unheard" else 6):
            drawn[indicator] = {"value": draw(st.sampled_from(values))}
            optional(draw, drawn[indicator], "assurance", st.sampled_from(ASSURANCES))
    return drawn


def is_marked(criterion: Document) -> bool:
    return criterion["kind"] not in ("price", "cost")


def mark_of(draw: Draw, criterion: Document) -> str:
    return fraction_of(criterion["scale"], draw(st.sampled_from(["0.5", "0.25", "0.333", "0.7", "0.75", "1", "0"])))


@st.composite
def admissible_bids(draw: Draw, case_criteria: list[Document]) -> Document:
    bid: Document = {"supplier": {"name": "S"}, "status": "admissible"}
    optional(draw, bid["supplier"], "country", st.sampled_from([None, *COUNTRIES]), 9)
    optional(draw, bid, "submitted_at", st.sampled_from(INSTANTS), 6)
    optional(draw, bid, "environment", evidence(), 8)
    if some(draw, 7):
        bid["lines"] = draw(lines())
        if some(draw, 5):
            bid["price"] = price_of(bid["lines"])
    else:
        bid["price"] = draw(st.sampled_from(PRICES))
        optional(draw, bid, "lines", st.just([]))
    if any(criterion["kind"] == "cost" for criterion in case_criteria) or some(draw, 1):
        bid["cost"] = draw(st.sampled_from(PRICES))
    marks = {criterion["id"]: mark_of(draw, criterion) for criterion in case_criteria if is_marked(criterion)}
    if marks or some(draw, 5):
        bid["marks"] = marks
    return bid


@st.composite
def excluded_bids(draw: Draw, case_criteria: list[Document]) -> Document:
    """A bid of status excluded may lack whatever an admissible one must have."""
    bid = draw(admissible_bids(case_criteria))
    for key in ("price", "cost", "lines", "marks"):
        if some(draw, 5):
            bid.pop(key, None)
    bid["status"] = "excluded"
    optional(draw, bid, "exclusion_reason", st.just("late"))
    return bid


@st.composite
def bids(draw: Draw, case_criteria: list[Document], at_most: int) -> list[Document]:
    """Up to `at_most` bids, some of them copies of another one but for the id, so that ties happen."""
    drawn: list[Document] = []
    for key in draw(st.permutations(BID_IDS))[
        : min(at_most, draw(st.sampled_from([3, 4, 5, 2, 3, 4, 5, 4, 5, 3, 1, 0])))
    ]:
        if drawn and some(draw, 3):
            bid = dict(draw(st.sampled_from(drawn)))
            bid.pop("submitted_at", None)
            optional(draw, bid, "submitted_at", st.sampled_from(INSTANTS))
        elif some(draw, 1):
            bid = draw(excluded_bids(case_criteria))
        else:
            bid = draw(admissible_bids(case_criteria))
        drawn.append({**bid, "id": key})
    return drawn


@st.composite
def cases(draw: Draw, with_policy: bool | None = None, at_most: int = 5) -> Document:
    """A valid case; `with_policy` True or False forces a policy or its absence."""
    case_criteria = draw(criteria())
    case: Document = {
        "schema": "bareme-case/1",
        "tender": draw(tenders()),
        "criteria": case_criteria,
        "bids": draw(bids(case_criteria, at_most)),
    }
    optional(draw, case, "rounding", st.builds(lambda places: {"decimals": places}, st.integers(0, 6)), 8)
    optional(draw, case, "tie_break", st.lists(st.sampled_from(TIE_BREAKS), unique=True), 7)
    optional(draw, case, "assessed_on", st.sampled_from(DATES), 5)
    if with_policy is True or (with_policy is None and some(draw, 8)):
        marked = [criterion["id"] for criterion in case_criteria if is_marked(criterion)]
        case["policy"] = draw(policies(marked))
    elif some(draw, 5):
        case["policy"] = None
    return case
