"""What must be true of every sheet, whatever the case."""

from __future__ import annotations

import copy
import json
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import scoring

from .policies import portfolios
from .strategies import cases

Document = dict[str, Any]

SCHEMAS = Path(scoring.__file__).with_name("schemas")
FIELD_FORMULAS = {"lowest_ratio", "linear_lowest", "high_low", "squared_ratio", "mean_bounded"}
ORIGIN_OR_ENVIRONMENT = {"higher_environment", "higher_european_share"}


def evaluated(case: Document, *without: str) -> Document:
    """The sheet but for its hash, which follows the bytes of the case, and the keys named."""
    sheet = scoring.evaluate(case)
    return {key: value for key, value in sheet.items() if key not in ("case_sha256", *without)}


def places_of(sheet: Document) -> list[tuple[str, int, bool, str]]:
    return [(row["bid"], row["rank"], row["tied"], row["total"]) for row in sheet["ranking"]]


@given(case=cases(), data=st.data())
def test_the_order_of_the_bids_is_irrelevant(case: Document, data: st.DataObject) -> None:
    shuffled = {**case, "bids": data.draw(st.permutations(case["bids"]))}
    assert evaluated(shuffled) == evaluated(case)


@given(case=cases())
def test_a_bid_cheaper_in_evaluated_price_never_gets_fewer_price_points(case: Document) -> None:
    priced = [criterion["id"] for criterion in case["criteria"] if criterion["kind"] in ("price", "cost")]
    assume(priced)
    rows = scoring.evaluate(case)["ranking"]
    rows.sort(key=lambda row: Fraction(row["exact_evaluated_price"]))
    points = [Fraction(row["criteria"][priced[0]]["exact_points"]) for row in rows]
    assert points == sorted(points, reverse=True)


@given(case=cases(with_policy=True), data=st.data())
def test_a_measure_that_never_applies_changes_nothing(case: Document, data: st.DataObject) -> None:
    measures = case["policy"]["measures"]
    assume(measures)
    asleep = data.draw(st.sampled_from(measures))
    asleep["when"] = {"launched_from": "2026-08-21"}
    case["tender"]["launched_on"] = "2026-08-20"
    without = copy.deepcopy(case)
    without["policy"]["measures"] = [measure for measure in measures if measure["id"] != asleep["id"]]
    full, reduced = evaluated(case, "findings"), evaluated(without, "findings")
    for comparison in full["comparisons"]:
        assert comparison["exact_flip_amount"].pop(asleep["id"], None) is None
        moved = comparison["measures"].pop(asleep["id"], {})
        assert all(Fraction(value) in (0, 1) for value in moved.values())
    assert full == reduced


@given(case=cases(with_policy=True), data=st.data())
def test_a_measure_leaves_alone_the_bids_for_which_its_predicate_fails(case: Document, data: st.DataObject) -> None:
    measures = case["policy"]["measures"]
    assume(measures)
    aimed = data.draw(st.sampled_from(measures))
    aimed["when"] = {"supplier_in": "TARGETED"}
    others = {bid["id"] for bid in case["bids"] if bid["supplier"].get("country") != "CN"}
    without = copy.deepcopy(case)
    without["policy"]["measures"] = [measure for measure in measures if measure["id"] != aimed["id"]]

    def own_figures(document: Document) -> dict[str, Any]:
        kept = ("price", "exact_evaluated_price", "measures", "bonus", "european_share", "environment", "cashback")
        rows = [row for row in scoring.evaluate(document)["ranking"] if row["bid"] in others]
        return {row["bid"]: {key: row[key] for key in kept} for row in rows}

    assert own_figures(case) == own_figures(without)


@given(case=cases(), factor=st.sampled_from([2, 10, 1000]))
def test_scaling_all_prices_changes_no_point_of_a_formula_relative_to_the_field(case: Document, factor: int) -> None:
    assume(all(c["formula"] in FIELD_FORMULAS for c in case["criteria"] if c["kind"] in ("price", "cost")))
    for bid in case["bids"]:  # whole prices, so that rounding to cents scales too
        bid.pop("lines", None)
        bid["price"] = bid.get("price", "100")
    scaled = copy.deepcopy(case)
    for bid in scaled["bids"]:
        for key in bid.keys() & {"price", "cost"}:
            bid[key] = format(Decimal(bid[key]) * factor, "f")
    before, after = scoring.evaluate(case), scoring.evaluate(scaled)
    assert places_of(before) == places_of(after)
    assert [row["criteria"] for row in before["ranking"]] == [row["criteria"] for row in after["ranking"]]


@given(case=cases(with_policy=False))
def test_a_null_policy_is_no_policy(case: Document) -> None:
    absent = {key: value for key, value in case.items() if key != "policy"}
    assert evaluated({**case, "policy": None}) == evaluated(absent)


@given(case=cases(with_policy=True))
def test_a_policy_without_measures_changes_no_rank_unless_the_tie_break_reads_it(case: Document) -> None:
    case["policy"]["measures"] = []
    case["tie_break"] = [rule for rule in case.get("tie_break", []) if rule not in ORIGIN_OR_ENVIRONMENT]
    sheet = scoring.evaluate(case)
    assert places_of(sheet) == places_of(scoring.evaluate({**case, "policy": None}))
    assert sheet["without_policy"] == {"winner": sheet["winner"], "changed": False}
    for row in sheet["ranking"]:
        assert row["rank_if_european"] == row["rank_if_not"] == row["rank"]


@given(case=cases())
def test_scoring_twice_gives_the_same_sheet_and_leaves_the_case_as_it_was(case: Document) -> None:
    received = copy.deepcopy(case)
    first = json.dumps(scoring.evaluate(case))
    assert json.dumps(scoring.evaluate(case)) == first
    assert case == received


@pytest.fixture(scope="module")
def schemas() -> dict[str, jsonschema.Draft202012Validator]:
    texts = {name: (SCHEMAS / f"{name}.json").read_text(encoding="utf-8") for name in ("case", "policy", "sheet")}
    return {name: jsonschema.Draft202012Validator(json.loads(text)) for name, text in texts.items()}


@given(case=cases())
def test_every_document_fits_its_json_schema(
    schemas: dict[str, jsonschema.Draft202012Validator], case: Document
) -> None:
    schemas["case"].validate(case)
    schemas["sheet"].validate(scoring.evaluate(case))
    if case.get("policy"):
        schemas["policy"].validate(case["policy"])


@given(case=cases())
def test_ranks_totals_and_winner_agree_with_each_other(case: Document) -> None:
    sheet = scoring.evaluate(case)
    rows = sheet["ranking"]
    ranks = Counter(row["rank"] for row in rows)
    totals = [Decimal(row["total"]) for row in rows]
    assert totals == sorted(totals, reverse=True)
    assert [(row["rank"], row["bid"]) for row in rows] == sorted((row["rank"], row["bid"]) for row in rows)
    for row in rows:
        assert row["rank"] == 1 + sum(count for rank, count in ranks.items() if rank < row["rank"])
        assert row["tied"] == (ranks[row["rank"]] > 1)
    first = [row["bid"] for row in rows if row["rank"] == 1]
    assert sheet["winner"] == (first[0] if len(first) == 1 else None)
    assert sheet["tied"] == (len(first) > 1)
    named = [row["bid"] for row in rows] + [row["bid"] for row in sheet["excluded"]]
    assert sorted(named) == sorted(bid["id"] for bid in case["bids"])


@given(case=cases())
def test_totals_are_the_sum_of_their_rounded_components(case: Document) -> None:
    policy = case.get("policy") or {"measures": []}
    assume(all(measure["kind"] != "scale_score" for measure in policy["measures"]))
    cap = policy.get("bonus_cap")
    for row in scoring.evaluate(case)["ranking"]:
        points = sum((Decimal(entry["points"]) for entry in row["criteria"].values()), Decimal(0))
        granted = [Decimal(entry["points"]) for entry in row["measures"].values() if "points" in entry]
        assert Decimal(row["total"]) == points + Decimal(row["bonus"])
        if cap is None or sum(granted) <= Decimal(cap):
            assert Decimal(row["bonus"]) == sum(granted)


@given(case=cases())
def test_a_comparison_is_the_winner_minus_the_other_and_adds_up(case: Document) -> None:
    sheet = scoring.evaluate(case)
    rows = {row["bid"]: row for row in sheet["ranking"]}
    for comparison in sheet["comparisons"]:
        winner, other = rows[sheet["winner"]], rows[comparison["bid"]]
        for key in ("price", "exact_evaluated_price", "bonus", "total"):
            assert Fraction(comparison[key]) == Fraction(winner[key]) - Fraction(other[key])
        for key, moved in comparison["criteria"].items():
            for figure in ("points", "exact_points"):
                difference = Fraction(winner["criteria"][key][figure]) - Fraction(other["criteria"][key][figure])
                assert Fraction(moved[figure]) == difference
        points = sum((Fraction(moved["points"]) for moved in comparison["criteria"].values()), Fraction(0))
        assert Fraction(comparison["total"]) == points + Fraction(comparison["bonus"]) + Fraction(comparison["scaling"])


def line_of(row: Document, measure: Document) -> tuple[Fraction, Fraction]:
    """(constant, slope) of the unrounded total of a row when the amount of one add_points measure moves."""
    constant = sum((Fraction(entry["exact_points"]) for entry in row["criteria"].values()), Fraction(0))
    slope = Fraction(0)
    for key, entry in row["measures"].items():
        if key == measure["id"]:
            slope = Fraction(entry["exact_points"]) / Fraction(measure["amount"])
        elif "points" in entry:
            constant += Fraction(entry["exact_points"])
    return constant, slope


@given(case=cases(with_policy=True))
def test_a_flip_amount_makes_the_two_unrounded_totals_equal(case: Document) -> None:
    measures = [measure for measure in case["policy"]["measures"] if measure["kind"] != "scale_score"]
    case["policy"]["measures"] = measures
    sheet = scoring.evaluate(case)
    rows = {row["bid"]: row for row in sheet["ranking"]}
    moving = [m for m in measures if m["kind"] == "add_points" and Fraction(m["amount"]) != 0]
    for comparison in sheet["comparisons"]:
        for measure in moving:
            (constant, slope), (other_constant, other_slope) = (
                line_of(rows[bid], measure) for bid in (sheet["winner"], comparison["bid"])
            )
            flip = comparison["exact_flip_amount"][measure["id"]]
            if flip is not None:
                assert Fraction(flip) >= 0
                assert constant + slope * Fraction(flip) == other_constant + other_slope * Fraction(flip)
            else:
                assert slope == other_slope or (other_constant - constant) / (slope - other_slope) < 0


def spent_by(awards: list[Document], amounts: dict[str, Decimal], *keys: str) -> Counter[tuple[Any, ...]]:
    spent: Counter[tuple[Any, ...]] = Counter()
    for award in awards:
        spent[tuple(award[key] for key in keys)] += amounts[award["id"]]
    return spent


def rationed(scheme: Document, awards: list[Document]) -> dict[str, Decimal]:
    return {row["id"]: Decimal(row["amount"]) for row in scoring.ration(scheme, awards)}


@given(portfolio=portfolios(), data=st.data())
def test_rationing_respects_every_cap_and_spends_the_envelope(
    portfolio: tuple[Document, list[Document]], data: st.DataObject
) -> None:
    scheme, awards = portfolio
    amounts = rationed(scheme, awards)
    assert rationed(scheme, data.draw(st.permutations(awards))) == amounts
    assert all(0 <= amounts[award["id"]] <= Decimal(award["amount"]) for award in awards)
    hospital_cap, envelope = scheme.get("cap_per_hospital_year"), scheme.get("envelope_year")
    if hospital_cap is not None:
        assert all(spent <= Decimal(hospital_cap) for spent in spent_by(awards, amounts, "hospital", "year").values())
    if envelope is not None:
        due = spent_by(awards, rationed({**scheme, "envelope_year": None}, awards), "year")
        for year, spent in spent_by(awards, amounts, "year").items():
            assert spent == min(due[year], Decimal(envelope))


@given(decimals=st.integers(0, 6), case=cases())
def test_every_decimal_of_a_sheet_is_written_in_full(decimals: int, case: Document) -> None:
    case["rounding"] = {"decimals": decimals}
    for row in scoring.evaluate(case)["ranking"]:
        for text in (row["total"], row["bonus"], *(entry["points"] for entry in row["criteria"].values())):
            assert len(text.partition(".")[2]) == decimals
            assert not text.startswith("-") or Decimal(text) != 0
