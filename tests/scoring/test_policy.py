"""The policy document: one test per rule, with the place it points to."""

from __future__ import annotations

from typing import Any

import pytest

from scoring import InvalidDocument, validate
from scoring.policy_reading import read_policy, read_scheme

from .documents import Document, effect, lot, offer, preference, scheme

CARBON: Document = {"id": "carbon", "kind": "number", "weight": "3", "curve": [["2", "1"], ["10", "0"]]}
LABEL: Document = {"id": "label", "kind": "label", "weight": "1", "labels": {"epd": "0.8"}}


def problems(policy: Any) -> list[str]:
    """The pointers of a policy's errors."""
    return [problem.pointer for problem in validate(policy).errors]


def problems_of_measure(**changes: Any) -> list[str]:
    """The pointers of the errors of a policy of one measure, as written from /measures/0 on."""
    measure = {key: value for key, value in {**effect("m"), **changes}.items() if value is not ...}
    return [pointer.removeprefix("/measures/0") for pointer in problems(preference(measure))]


def test_a_policy_is_read_with_its_defaults() -> None:
    policy = read_policy(preference(effect("m"), cashback=scheme(), assurance_factors={"declared": "0.5"}))
    assert (policy.title, policy.bonus_cap) == ("", None)
    assert policy.assurance_factors == {"declared": 0.5, "documented": 1, "verified": 1}
    assert policy.measures[0].curve.points == ((0, 0), (1, 1))
    assert policy.cashback is not None
    assert (policy.cashback.minimum_contract, policy.cashback.rationing) == (0, "pro_rata")


def test_an_invalid_policy_is_not_read() -> None:
    with pytest.raises(InvalidDocument, match="european_area"):
        read_policy(preference(european_area="Mars"))


@pytest.mark.parametrize(
    "key",
    ["id", "version", "status", "content_basis", "areas", "european_area", "indicators", "measures"],
)
def test_a_required_key_is_missed(key: str) -> None:
    policy = preference()
    del policy[key]
    assert problems(policy) == [f"/{key}"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("version", "1"),
        ("version", True),
        ("version", 2**53),
        ("id", ""),
        ("status", "draft"),
        ("content_basis", "seat"),
        ("bonus_cap", 10),
        ("bonus_cap", "ten"),
        ("title", None),
        ("colour", "red"),
        ("european_area", "Mars"),
    ],
)
def test_a_wrong_value_is_refused(key: str, value: Any) -> None:
    assert problems(preference(**{key: value})) == [f"/{key}"]


def test_areas_hold_country_codes() -> None:
    assert problems(preference(areas={"EU": ["FR", "UK"]})) == ["/areas/EU/1"]
    assert problems(preference(areas={"EU": [], "a/b": "FR"})) == ["/areas/a~1b"]


def test_assurance_factors_lie_between_0_and_1() -> None:
    factors = {"declared": "-0.1", "documented": "1.1", "sworn": "1"}
    assert problems(preference(assurance_factors=factors)) == [
        "/assurance_factors/declared",
        "/assurance_factors/documented",
        "/assurance_factors/sworn",
    ]


def test_ids_of_measures_and_of_indicators_are_unique() -> None:
    policy = preference(effect("m"), effect("m"), indicators=[CARBON, {**LABEL, "id": "carbon"}])
    assert problems(policy) == ["/indicators/1/id", "/measures/1/id"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"weight": "0"}, "/weight"),
        ({"kind": "score"}, "/kind"),
        ({"curve": []}, "/curve"),
        ({"curve": [["0", "0"], ["1", "1.5"]]}, "/curve/1/1"),
        ({"curve": [["1", "0"], ["0", "1"]]}, "/curve"),
        ({"curve": [["1"]]}, "/curve/0"),
    ],
)
def test_a_number_indicator_is_checked(changes: Document, pointer: str) -> None:
    assert problems(preference(indicators=[{**CARBON, **changes}])) == [f"/indicators/0{pointer}"]


def test_a_label_indicator_needs_its_labels_within_0_and_1() -> None:
    assert problems(preference(indicators=[{**LABEL, "labels": {"epd": "2"}}])) == ["/indicators/0/labels/epd"]
    without = {key: value for key, value in LABEL.items() if key != "labels"}
    assert problems(preference(indicators=[without])) == ["/indicators/0/labels"]


@pytest.mark.parametrize("key", ["id", "kind", "driver", "amount"])
def test_a_measure_needs_its_keys(key: str) -> None:
    assert problems_of_measure(**{key: ...}) == [f"/{key}"]


@pytest.mark.parametrize("key", ["driver", "amount"])
def test_a_gate_uses_neither_driver_nor_amount_and_ignores_them(key: str) -> None:
    gate = {"kind": "gate", "driver": ..., "amount": ...}
    assert problems_of_measure(**gate) == []
    assert problems_of_measure(**{**gate, key: "share:Mars"}) == []
    assert problems_of_measure(**{**gate, key: ["what", None]}) == []


@pytest.mark.parametrize(
    "driver", ["share:Mars", "share", "share:", "origin", "", "mark:", "Environment", "european share", "one "]
)
def test_an_unknown_driver_or_area_is_an_error(driver: str) -> None:
    expected = [] if driver == "mark:" else ["/driver"]  # criteria belong to a case: see the next test
    assert problems_of_measure(driver=driver) == expected


def test_the_criterion_of_a_mark_is_looked_up_in_the_case() -> None:
    def pointers(driver: str) -> list[str]:
        case = lot(offer("A"), policy=preference(effect("m", driver=driver)))
        return [problem.pointer for problem in validate(case).errors]

    assert pointers("mark:quality") == []
    assert pointers("mark:taste") == ["/policy/measures/0/driver"]
    assert pointers("mark:price") == ["/policy/measures/0/driver"]


@pytest.mark.parametrize(
    ("when", "pointer"),
    [
        ({"supplier_in": "Mars"}, "/supplier_in"),
        ({"supplier_not_in": "Mars"}, "/supplier_not_in"),
        ({"driver_below": ["share:Mars", "1"]}, "/driver_below/0"),
        ({"driver_from": ["nothing", "1"]}, "/driver_from/0"),
        ({"driver_from": ["one", 1]}, "/driver_from/1"),
        ({"driver_from": ["one"]}, "/driver_from"),
        ({"launched_from": "2026"}, "/launched_from"),
        ({"launched_until": None}, "/launched_until"),
        ({"cpv_from": "331"}, "/cpv_from"),
        ({"cpv_to": "3315740x"}, "/cpv_to"),
        ({"estimated_value_from": "1 000"}, "/estimated_value_from"),
        ({"weather": "fine"}, "/weather"),
    ],
)
def test_predicates_are_checked_in_measures_and_in_the_scheme(when: Document, pointer: str) -> None:
    assert problems_of_measure(when=when) == [f"/when{pointer}"]
    assert problems(preference(cashback=scheme(when=when))) == [f"/cashback/when{pointer}"]


@pytest.mark.parametrize(
    ("curve", "pointer"),
    [([], "/curve"), ([["1", "0"], ["0.5", "0"]], "/curve"), ([["0", "a"]], "/curve/0/1"), ("flat", "/curve")],
)
def test_a_curve_has_points_in_order(curve: Any, pointer: str) -> None:
    assert problems_of_measure(curve=curve) == [pointer]
    assert problems_of_measure(kind="gate", curve=curve) == [pointer]


@pytest.mark.parametrize(
    ("kind", "refused", "allowed"),
    [
        ("deduct_from_price", "1", "0.999999999999"),
        ("add_to_price", "-1", "-0.999999999999"),
        ("deflate_price", "-1", "-0.999999999999"),
        ("scale_score", "1.000000000001", "1"),
    ],
)
def test_amount_times_any_y_of_the_curve_stays_within_its_limit(kind: str, refused: str, allowed: str) -> None:
    assert problems_of_measure(kind=kind, amount=refused) == ["/amount"]
    assert problems_of_measure(kind=kind, amount=allowed) == []
    assert problems_of_measure(kind=kind, amount=allowed, curve=[["0", "0"], ["5", "2"], ["9", "0"]]) == ["/amount"]


def test_params_are_those_of_the_kind() -> None:
    assert problems_of_measure(kind="right_to_match", params={"margin": "0.2"}) == []
    assert problems_of_measure(kind="right_to_match", params={"margin": 0}) == ["/params/margin"]
    assert problems_of_measure(kind="add_points", params={"margin": "0.2"}) == ["/params/margin"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"base": "price"}, "/base"),
        ({"tiers": [["0.5", "0.02"], ["0.50", "0.04"]]}, "/tiers/1/0"),
        ({"tiers": [["0.5", "0.02", "0"]]}, "/tiers/0"),
        ({"cap_per_contract": "1.001"}, "/cap_per_contract"),
        ({"cap_per_hospital_year": "-1"}, "/cap_per_hospital_year"),
        ({"envelope_year": 100}, "/envelope_year"),
        ({"rationing": "lottery"}, "/rationing"),
        ({"environment_multiplier": None}, "/environment_multiplier"),
        ({"minimum_contract": "25 000"}, "/minimum_contract"),
    ],
)
def test_a_scheme_is_checked_in_its_policy_and_alone(changes: Document, pointer: str) -> None:
    assert problems(preference(cashback=scheme(**changes))) == [f"/cashback{pointer}"]
    with pytest.raises(InvalidDocument) as refused:
        read_scheme(scheme(**changes))
    assert [problem.pointer for problem in refused.value.problems] == [pointer]


def test_caps_may_be_null_and_tiers_none() -> None:
    policy = preference(cashback=scheme(tiers=[], cap_per_contract=None, envelope_year=None), bonus_cap=None)
    assert problems(policy) == []


FALLING = [["0", "1"], ["1", "0"]]


@pytest.mark.parametrize(
    ("measure", "warned"),
    [
        (effect("m", "scale_score", driver="share:CN", amount="0.2"), True),
        (effect("m", "add_to_price", driver="share:CN", amount="0.1"), True),
        (effect("m", "add_points", driver="share:CN", amount="-5"), True),
        (effect("m", "deduct_from_price", driver="share:CN", amount="-0.1"), True),
        (effect("m", "add_to_price", driver="share:EU", amount="0.1", curve=FALLING), False),
        (effect("m", "scale_score", driver="share:EU", amount="0.2", curve=FALLING), False),
        (effect("m", "add_points", driver="share:EU", amount="5"), False),
        (effect("m", "scale_score", driver="mark:quality", amount="0.2"), False),
        (effect("m", "scale_score", driver="one", amount="0.2", when={"supplier_in": "CN"}), False),
        (effect("m", "floor", driver="share:CN", amount="0.2"), False),
    ],
)
def test_a_malus_driven_by_the_share_of_what_it_targets_is_warned_about(measure: Document, warned: bool) -> None:
    report = validate(lot(offer("A"), policy=preference(measure)))
    assert report.errors == ()
    assert [warning.pointer for warning in report.warnings] == ["/policy/measures/0/driver"] * warned
    assert bool(validate(preference(measure)).warnings) == warned
