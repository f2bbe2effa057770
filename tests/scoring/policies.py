"""Hypothesis strategies for policies and cash-back schemes: every measure, driver, predicate and cap."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

Document = dict[str, Any]
Draw = st.DrawFn

ASSURANCES = ["declared", "documented", "verified"]
COUNTRIES = ["FR", "CN", "DE", "PL", "FR", "CH", "US", "IN"]
DATES = ["2026-08-20", "2026-08-21", "2026-08-22", "2024-02-29"]
CPVS = ["33100000", "33157400", "33199000", "33600000", "03000000"]
VALUES = ["5000000", "4999999.99", "120000", "0"]
AREAS = {
    "EU": ["FR", "DE", "PL"],
    "FR": ["FR"],
    "GPA": ["FR", "DE", "PL", "CH", "US"],
    "TARGETED": ["CN"],
    "a:b": ["IN", "CN"],
    "NOWHERE": [],
}
THRESHOLDS = ["0.25", "0.3", "0.5", "0.50", "0.1", "0.75", "1", "0"]
MOVING = ["add_to_price", "deduct_from_price", "deflate_price", "add_points", "scale_score"]
KINDS = [
    *MOVING,
    "add_points",
    "add_points",
    "right_to_match",
    "right_to_match",
    "execution_cap",
    "gate",
    "floor",
]
AMOUNTS = ["0.2", "5", "0.1", "0.25", "0.9", "1", "3.333333333333", "40", "-0.5", "-3", "0"]
MONEY = ["0", "0.01", "0.02", "1.50", "25", "100.05", "1000000"]


def drivers(marked: list[str]) -> st.SearchStrategy[str]:
    names = ["european_share", "european_share", "environment", *(f"mark:{key}" for key in marked), "one"]
    return st.sampled_from([*names, *(f"share:{area}" for area in AREAS)])


@st.composite
def curves(draw: Draw, ys: list[str]) -> list[list[str]]:
    """One to five points in order of x, with jumps (two and sometimes three points of the same x)."""
    xs = draw(
        st.lists(
            st.sampled_from(["-1", "0", "0.25", "0.3", "0.5", "0.5", "0.50", "0.75", "1", "2", "10"]),
            min_size=1,
            max_size=5,
        )
    )
    return [[x, draw(st.sampled_from(ys))] for x in sorted(xs, key=Decimal)]


@st.composite
def predicates(draw: Draw, marked: list[str], at_least: int = 0) -> Document:
    compared = st.tuples(drivers(marked), st.sampled_from(THRESHOLDS)).map(list)
    pools: dict[str, st.SearchStrategy[Any]] = {
        "launched_from": st.sampled_from(DATES),
        "launched_until": st.sampled_from(DATES),
        "cpv_from": st.sampled_from(CPVS),
        "cpv_to": st.sampled_from(CPVS),
        "estimated_value_from": st.sampled_from(VALUES),
        "supplier_in": st.sampled_from(list(AREAS)),
        "supplier_not_in": st.sampled_from(list(AREAS)),
        "driver_below": compared,
        "driver_from": compared,
    }
    return {
        key: draw(pools[key])
        for key in draw(st.lists(st.sampled_from(list(pools)), unique=True, min_size=at_least, max_size=2))
    }


def strongest(amount: str, curve: list[list[str]]) -> tuple[Decimal, Decimal]:
    """The least and the greatest amount × y; the default curve has the y 0 and 1."""
    products = [Decimal(amount) * Decimal(y) for _, y in curve or [["0", "0"], ["1", "1"]]]
    return min(products), max(products)


def allowed(kind: str, amount: str, curve: list[list[str]]) -> bool:
    least, greatest = strongest(amount, curve)
    if kind == "deduct_from_price":
        return greatest < 1
    if kind in ("add_to_price", "deflate_price"):
        return least > -1
    return kind != "scale_score" or greatest <= 1


@st.composite
def measures(draw: Draw, index: int, marked: list[str]) -> Document:
    kind = draw(st.sampled_from(KINDS))
    measure: Document = {"id": f"m{index}", "kind": kind}
    if draw(st.booleans()):
        measure["reference"] = "an article"
    if kind == "gate":
        measure["when"] = draw(predicates(marked, at_least=1))
        return measure
    if draw(st.integers(0, 9)) < 3:
        measure["when"] = draw(predicates(marked))
    on_origin = kind in ("floor", "right_to_match") and draw(st.booleans())
    measure["driver"] = "european_share" if on_origin else draw(drivers(marked))
    if draw(st.integers(0, 9)) < 4:
        measure["curve"] = draw(curves(["0", "1", "0.5", "0.3", "0", "1", "-0.5", "1.2"]))
    pool = AMOUNTS if kind in ("add_points", *MOVING) else THRESHOLDS
    fitting = [amount for amount in pool if allowed(kind, amount, measure.get("curve", []))]
    measure["amount"] = draw(st.sampled_from(fitting))
    if kind == "right_to_match" and draw(st.integers(0, 9)) < 8:
        measure["params"] = {"margin": draw(st.sampled_from(["9", "0.2", "999", "0", "-0.1"]))}
    return measure


@st.composite
def indicators(draw: Draw) -> list[Document]:
    number: Document = {
        "id": "carbon",
        "kind": "number",
        "weight": "3",
        "curve": draw(curves(["0", "1", "0.8", "0.123"])),
    }
    plain: Document = {"id": "recycled", "kind": "number", "weight": "0.5"}
    label: Document = {
        "id": "label",
        "kind": "label",
        "weight": "1",
        "labels": {"ecolabel": "1", "epd": "0.8", "none": "0"},
    }
    for indicator, ignored in ((plain, {"labels": {"epd": "0.8"}}), (label, {"curve": [["0", "5"]]})):
        indicator.update(draw(st.sampled_from([{}, {}, ignored])))
    return draw(st.lists(st.sampled_from([number, plain, label]), unique_by=lambda item: item["id"], max_size=3))


@st.composite
def schemes(draw: Draw, marked: list[str]) -> Document:
    froms = sorted(
        draw(
            st.lists(
                st.sampled_from(["0", "0.25", "0.3", "0.5", "0.75", "1"]),
                unique=True,
                min_size=draw(st.sampled_from([1, 2, 0])),
                max_size=3,
            )
        ),
        key=Decimal,
    )
    scheme: Document = {
        "id": "cash-back",
        "base": draw(st.sampled_from(["european_value", "contract"])),
        "tiers": [[start, draw(st.sampled_from(["0.01", "0.03", "0.125", "0.05", "0"]))] for start in froms],
    }
    pools: dict[str, st.SearchStrategy[Any]] = {
        "environment_multiplier": st.sampled_from(["0", "0.25", "1", "-0.5"]),
        "minimum_contract": st.sampled_from(["0", "100", "125.00", "1000"]),
        "cap_per_contract": st.sampled_from([None, *MONEY]),
        "cap_per_hospital_year": st.sampled_from([None, *MONEY]),
        "envelope_year": st.sampled_from([None, *MONEY]),
        "rationing": st.sampled_from(["pro_rata", "first_come"]),
        "when": predicates(marked),
        "reference": st.just("a proposal"),
    }
    for key, pool in pools.items():
        if draw(st.booleans()):
            scheme[key] = draw(pool)
    return scheme


@st.composite
def policies(draw: Draw, marked: list[str]) -> Document:
    policy: Document = {
        "schema": "bareme-policy/1",
        "id": "p",
        "version": draw(st.sampled_from([1, 7])),
        "status": draw(st.sampled_from(["in_force", "proposed"])),
        "content_basis": draw(st.sampled_from(["ucc_origin", "value_added"])),
        "areas": AREAS,
        "european_area": draw(st.sampled_from(["EU", "EU", "EU", "EU", "EU", "EU", "FR", "a:b", "NOWHERE"])),
        "indicators": draw(indicators()),
        "measures": [draw(measures(index, marked)) for index in range(draw(st.sampled_from([2, 3, 4, 5, 1, 0])))],
    }
    pools: dict[str, st.SearchStrategy[Any]] = {
        "title": st.just("A policy"),
        "assurance_factors": st.dictionaries(
            st.sampled_from(ASSURANCES), st.sampled_from(["0.5", "0.8", "1", "0.9", "0"])
        ),
        "bonus_cap": st.sampled_from([None, "0", "4", "4.5", "10", "0.123456789"]),
        "cashback": st.one_of(st.none(), schemes(marked), schemes(marked)),
    }
    for key, pool in pools.items():
        if draw(st.integers(0, 9)) < 7:
            policy[key] = draw(pool)
    return policy


@st.composite
def portfolios(draw: Draw) -> tuple[Document, list[Document]]:
    """A scheme and awards of a few hospitals and years, ids in no order, several on the same day."""
    scheme = draw(schemes([]))
    ids = draw(st.lists(st.sampled_from(["a", "b", "B", "é", "𝔄", "ﬁ", "10", "9"]), unique=True, max_size=7))
    amounts = st.one_of(
        st.sampled_from(["0", "0.01", "33.33", "100", "1.5"]),
        st.integers(0, 10**9).map(lambda cents: f"{cents // 100}.{cents % 100:02d}"),
    )
    awards = [
        {
            "id": key,
            "hospital": draw(st.sampled_from(["H1", "H2"])),
            "year": draw(st.sampled_from([2026, 2027])),
            "awarded_on": draw(st.sampled_from(["2026-03-01", "2026-03-02", "2027-01-01"])),
            "amount": draw(amounts),
        }
        for key in ids
    ]
    return scheme, awards


@st.composite
def realisations(draw: Draw) -> tuple[Document, list[Document]]:
    """A scheme and what contracts were really invoiced, some over two calendar years."""
    scheme, awards = draw(portfolios())
    lines = []
    for award in awards:
        for year in draw(st.sampled_from([[2026], [2027], [2026, 2027], [2027, 2026]])):
            invoiced = {key: award[key] for key in ("id", "hospital", "awarded_on")} | {"year": year}
            invoiced["invoiced"] = draw(st.sampled_from(["0", "33.33", "100", "1000.5", "123456789.01"]))
            invoiced["verified_share"] = draw(st.sampled_from(["0", "0.25", "0.4999", "0.5", "0.777777777777", "1"]))
            invoiced["paid"] = draw(st.sampled_from(["0", "0.01", "25", "10000"]))
            lines.append(invoiced)
    return scheme, lines
