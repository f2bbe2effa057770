"""The case document: what may be left out, what each rule refuses, and where it says so."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest

from scoring import InvalidDocument, evaluate, validate
from scoring.case_reading import read_case

from .documents import Document, from_countries, lot, offer, preference, price, quality

Change = Callable[[Document], Any]


def whole() -> Document:
    """A case that uses every key of the document but the policy."""
    case = lot(
        {**offer("A", "100.00"), **from_countries("100", ("FR", "0.5", "verified"), ("CN", "0.5")), "cost": "120.5"},
        offer("B", "90", submitted_at="2026-09-15T15:00:00Z", environment={"carbon": {"value": "low"}}),
        {"id": "C", "supplier": {"name": "C", "country": None}, "status": "excluded", "exclusion_reason": "late"},
        criteria=[
            price("40", title="Price", parent="money"),
            quality("60", minimum="10", counts_environment=True, params={}),
        ],
        assessed_on="2026-11-15",
        facts={"purpose": "simulation"},
        rounding={"decimals": 3},
        tie_break=["earlier_submission", "higher_european_share"],
    )
    case["tender"] |= {
        "launched_on": "2026-08-21",
        "cpv": "33157400",
        "estimated_value": "5000000",
        "price_basis": "incl_vat",
    }
    return case


def refused(change: Change, document: Document | None = None) -> list[str]:
    """The pointers of the errors of a valid case once it is changed."""
    case = copy.deepcopy(document or whole())
    change(case)
    return [problem.pointer for problem in validate(case).errors]


def put(path: str, value: Any) -> Change:
    """A change that sets the member at a slash-separated path."""

    def change(case: Document) -> None:
        *parents, last = path.split("/")
        place: Any = case
        for key in parents:
            place = place[int(key) if isinstance(place, list) else key]
        place[int(last) if isinstance(place, list) else last] = value

    return change


def drop(path: str) -> Change:
    """A change that removes the member at a slash-separated path."""

    def change(case: Document) -> None:
        *parents, last = path.split("/")
        place: Any = case
        for key in parents:
            place = place[int(key) if isinstance(place, list) else key]
        del place[int(last) if isinstance(place, list) else last]

    return change


def test_every_key_is_read_in_its_exact_type() -> None:
    case = read_case(whole())
    assert case.tender.launched_on == date(2026, 8, 21)
    assert case.tender.estimated_value == 5_000_000
    assert (case.decimals, case.assessed_on, case.facts) == (3, date(2026, 11, 15), {"purpose": "simulation"})
    assert case.criteria[1].minimum == 10
    assert case.criteria[1].counts_environment
    first, second, third = case.bids
    assert first.lines[0].unknown == 0
    assert first.cost == Fraction(241, 2)
    assert second.submitted_at == datetime(2026, 9, 15, 15, tzinfo=UTC)
    assert third.supplier.country is None
    assert third.price is None


def test_what_has_a_default_may_be_left_out() -> None:
    case = lot(offer("A"))
    del case["policy"]
    read = read_case(case)
    assert (read.decimals, read.policy, read.facts, read.assessed_on) == (2, None, {}, None)
    assert read.tie_break == ("lower_price", "higher_environment")
    assert read.tender.price_basis == "excl_vat"
    assert (read.tender.launched_on, read.tender.cpv, read.tender.estimated_value) == (None, None, None)
    assert read.bids[0].lines == ()


def test_an_empty_tie_break_is_not_the_default_one() -> None:
    assert read_case(lot(tie_break=[])).tie_break == ()


def test_a_price_left_out_is_what_the_lines_add_up_to() -> None:
    bid = {**offer("A"), **from_countries("33.335")}
    del bid["price"]
    assert read_case(lot(bid)).bids[0].price == Fraction(3334, 100)


def test_marks_may_be_left_out_where_nothing_is_marked() -> None:
    bid = offer("A")
    del bid["marks"]
    assert evaluate(lot(bid, criteria=[price("100")]))["winner"] == "A"


def test_an_excluded_bid_needs_nothing_and_nothing_is_computed_for_it() -> None:
    bids = [{"id": "X", "supplier": {"name": "X"}, "status": "excluded", "marks": {"quality": "900"}}]
    sheet = evaluate(lot(*bids, offer("A")))
    assert sheet["excluded"] == [{"bid": "X", "reason": "excluded"}]


def test_scale_and_minimum_of_a_price_have_no_effect() -> None:
    case = lot(offer("A"), criteria=[price("40", scale="10", minimum="5"), quality()])
    assert evaluate(case)["winner"] == "A"


def test_a_mark_for_the_price_is_ignored_with_a_warning() -> None:
    case = lot(offer("A") | {"marks": {"quality": "60", "price": "3"}})
    report = validate(case)
    assert report.errors == ()
    assert [warning.pointer for warning in report.warnings] == ["/bids/0/marks/price"]


REQUIRED = [
    "schema", "tender", "tender/id", "tender/currency", "criteria", "bids",
    "criteria/0/id", "criteria/0/kind", "criteria/0/weight", "criteria/0/formula", "criteria/1/scale",
    "bids/0/id", "bids/0/supplier", "bids/0/supplier/name", "bids/0/status", "bids/0/marks/quality",
    "bids/0/lines/0/id", "bids/0/lines/0/quantity", "bids/0/lines/0/unit_price", "bids/0/lines/0/origins",
    "bids/0/lines/0/origins/0/country", "bids/0/lines/0/origins/0/share", "bids/1/environment/carbon/value",
]  # fmt: skip


@pytest.mark.parametrize("path", REQUIRED)
def test_a_missing_key_is_named_where_it_should_be(path: str) -> None:
    assert f"/{path}" in refused(drop(path))


OPTIONAL = [
    "assessed_on", "facts", "rounding", "rounding/decimals", "policy", "tie_break",
    "tender/launched_on", "tender/cpv", "tender/estimated_value", "tender/price_basis",
    "criteria/0/title", "criteria/0/parent", "criteria/1/minimum", "criteria/1/counts_environment", "criteria/1/params",
    "bids/0/price", "bids/0/cost", "bids/0/lines", "bids/0/lines/0/origins/0/assurance", "bids/1/submitted_at",
    "bids/1/environment", "bids/2/exclusion_reason", "bids/2/supplier/country",
]  # fmt: skip


@pytest.mark.parametrize("path", OPTIONAL)
def test_an_omissible_key_may_be_left_out(path: str) -> None:
    assert refused(drop(path)) == []


WRONG_VALUES = [
    ("schema", "bareme-case/2"),
    ("tender/launched_on", "2026-02-29"),
    ("tender/launched_on", "21/08/2026"),
    ("tender/cpv", "3315740"),
    ("tender/cpv", "33157400-1"),
    ("tender/cpv", 33157400),
    ("tender/estimated_value", 5000000),
    ("tender/currency", "euro"),
    ("tender/price_basis", "gross"),
    ("assessed_on", None),
    ("rounding/decimals", 7),
    ("rounding/decimals", -1),
    ("rounding/decimals", "2"),
    ("rounding/decimals", True),
    ("rounding/decimals", None),
    ("criteria/0/weight", "1e1"),
    ("criteria/0/weight", 40),
    ("criteria/0/kind", "prix"),
    ("criteria/0/formula", "proportional"),
    ("criteria/1/formula", "lowest_ratio"),
    ("criteria/1/scale", "0"),
    ("criteria/1/minimum", "ten"),
    ("criteria/1/counts_environment", "false"),
    ("criteria/0/id", ""),
    ("bids/0/id", 1),
    ("bids/0/status", "late"),
    ("bids/0/supplier/country", "EL"),
    ("bids/0/supplier/country", "fr"),
    ("bids/0/price", "0"),
    ("bids/0/price", "100.001"),
    ("bids/0/cost", "-5"),
    ("bids/0/cost", "0.001"),
    ("bids/0/lines/0/quantity", "0"),
    ("bids/0/lines/0/unit_price", "-1"),
    ("bids/0/lines/0/origins/0/country", "XX"),
    ("bids/0/lines/0/origins/0/share", "-0.1"),
    ("bids/0/lines/0/origins/0/assurance", "sworn"),
    ("bids/0/marks/quality", "100.5"),
    ("bids/0/marks/quality", "-1"),
    ("bids/1/submitted_at", "2026-09-15 15:00:00"),
    ("bids/1/submitted_at", "2026-09-15T24:00:00Z"),
    ("bids/1/submitted_at", None),
    ("bids/1/environment/carbon/value", 4),
    ("bids/1/environment/carbon/assurance", None),
    ("facts/purpose", "curiosity"),
    ("tie_break/0", "alphabetical"),
]


@pytest.mark.parametrize(("path", "value"), WRONG_VALUES, ids=[f"{p}={v!r}" for p, v in WRONG_VALUES])
def test_a_wrong_value_is_refused_where_it_stands_and_once(path: str, value: Any) -> None:
    assert refused(put(path, value)) == [f"/{path}"]


UNKNOWN = [
    "colour", "tender/lot", "facts/weather", "rounding/mode", "criteria/0/comment", "criteria/1/params/floor",
    "bids/0/rank", "bids/0/supplier/siret", "bids/0/lines/0/total", "bids/0/lines/0/origins/0/city",
    "bids/1/environment/carbon/unit", "bids/0/marks/taste",
]  # fmt: skip


@pytest.mark.parametrize("path", UNKNOWN)
def test_an_unknown_key_is_an_error(path: str) -> None:
    assert refused(put(path, "5")) == [f"/{path}"]


def test_criteria_are_not_empty() -> None:
    assert refused(put("criteria", []), lot()) == ["/criteria"]


def test_weights_total_exactly_100() -> None:
    problems = validate(lot(criteria=[price("40"), quality("59.999999999999")])).errors
    assert [problem.pointer for problem in problems] == ["/criteria"]
    assert "they total 99.999999999999." in problems[0].sentence
    assert refused(put("criteria/0/weight", "40.000000000000")) == []


def test_a_weight_is_greater_than_zero() -> None:
    case = lot(criteria=[price("0"), quality("100")])
    assert [problem.pointer for problem in validate(case).errors] == ["/criteria/0/weight"]


def test_at_most_one_criterion_is_a_price_or_a_cost() -> None:
    case = lot(criteria=[price("50"), {**price("50"), "id": "cost", "kind": "cost"}])
    assert [problem.pointer for problem in validate(case).errors] == ["/criteria/1/kind"]


def test_ids_are_unique_among_their_own_kind() -> None:
    case = lot(offer("A"), offer("A"), criteria=[price("40"), {**quality(), "id": "price"}])
    case["bids"][0] |= from_countries("50")
    case["bids"][0]["lines"] *= 2
    assert {"/criteria/1/id", "/bids/1/id", "/bids/0/lines/1/id"} <= {p.pointer for p in validate(case).errors}


def test_the_params_of_absolute_linear_are_two_prices_in_order() -> None:
    def problems(**params: str) -> list[str]:
        case = lot(offer("A"), criteria=[price(formula="absolute_linear", params=params), quality()])
        return [problem.pointer for problem in validate(case).errors]

    assert problems(ceiling="200", floor_price="100") == []
    assert problems(ceiling="100", floor_price="100") == ["/criteria/0/params"]
    assert problems(ceiling="100") == ["/criteria/0/params/floor_price"]
    assert problems(ceiling="100", floor_price="a") == ["/criteria/0/params/floor_price"]


def test_the_floor_of_linear_lowest_is_yes_or_no() -> None:
    def problems(floor: Any) -> list[str]:
        case = lot(offer("A"), criteria=[price(formula="linear_lowest", params={"floor": floor}), quality()])
        return [problem.pointer for problem in validate(case).errors]

    assert problems("no") == problems("yes") == []
    assert problems("No") == problems(False) == ["/criteria/0/params/floor"]


def test_the_price_equals_its_lines_when_both_are_given() -> None:
    assert refused(put("bids/0/price", "100.01")) == ["/bids/0/price"]
    assert refused(put("bids/0/lines/0/unit_price", "99.995")) == []
    assert refused(put("bids/0/lines/0/unit_price", "99.994")) == ["/bids/0/price"]


def test_an_admissible_bid_has_a_price_of_some_kind() -> None:
    assert refused(drop("bids/1/price")) == ["/bids/1/price"]
    free = {**offer("A"), **from_countries("0.004")}
    del free["price"]
    assert [problem.pointer for problem in validate(lot(free)).errors] == ["/bids/0/price"]


def test_a_cost_is_required_where_a_criterion_is_a_cost() -> None:
    case = lot(offer("A"), criteria=[{**price(), "kind": "cost"}, quality()])
    assert [problem.pointer for problem in validate(case).errors] == ["/bids/0/cost"]


def test_the_origins_of_a_line_total_at_most_one() -> None:
    assert refused(put("bids/0/lines/0/origins/0/share", "0.500000000001")) == ["/bids/0/lines/0/origins"]


def test_a_number_indicator_is_shown_with_a_number() -> None:
    indicators = [{"id": "carbon", "kind": "number", "weight": "1"}]
    case = lot(
        offer("A", environment={"carbon": {"value": "low"}, "other": {"value": "x"}}),
        policy=preference(indicators=indicators),
    )
    assert [problem.pointer for problem in validate(case).errors] == ["/bids/0/environment/carbon/value"]


def test_a_fault_does_not_bring_others_that_are_none() -> None:
    assert refused(put("criteria/1/id", None)) == ["/criteria/1/id"]
    assert refused(put("criteria/1/kind", "taste")) == ["/criteria/1/kind"]
    assert refused(put("bids/0/marks/taste", 5)) == ["/bids/0/marks/taste"]
    assert refused(put("bids/0/lines", "none")) == ["/bids/0/lines"]
    assert refused(put("bids/0/marks", [])) == ["/bids/0/marks"]
    assert refused(put("policy", "none")) == ["/policy"]


def test_all_errors_are_collected_at_once() -> None:
    def break_everything(case: Document) -> None:
        for path in ("tender/cpv", "criteria/0/weight", "bids/0/price", "bids/1/submitted_at"):
            put(path, "?")(case)
        put("policy", preference(european_area="Mars"))(case)

    assert set(refused(break_everything)) == {
        "/tender/cpv",
        "/criteria/0/weight",
        "/bids/0/price",
        "/bids/1/submitted_at",
        "/policy/european_area",
    }


@pytest.mark.parametrize("document", [None, [], "case", 3, {}, {"schema": "bareme-case/2"}])
def test_what_is_no_document_at_all_is_refused(document: Any) -> None:
    place = "/schema" if isinstance(document, dict) else ""
    assert [problem.pointer for problem in validate(document).errors] == [place]
    with pytest.raises(InvalidDocument):
        evaluate(document)


def test_a_float_hidden_where_nothing_is_read_is_refused_too() -> None:
    gate = {"id": "gate", "kind": "gate", "when": {}, "amount": 0.5}
    case = lot(offer("A"), policy=preference(gate))
    assert [problem.pointer for problem in validate(case).errors] == ["/policy/measures/0/amount"]


def test_the_document_is_left_as_it_was() -> None:
    case = whole()
    before = copy.deepcopy(case)
    evaluate(case)
    assert case == before
