"""Curves as drawings, documents compared, measures in words."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from django.utils import translation

from procurement.policies.presentation.areas import COVERED, names_of
from procurement.policies.presentation.curves import draw
from procurement.policies.presentation.differences import differences
from procurement.policies.presentation.measures import DRAWN, EFFECTS, TITLES, describe
from procurement.policies.presentation.numbers import number, percent
from procurement.policies.seeded_texts import indicator_name
from scoring.curves import Curve
from scoring.measures import KINDS
from scoring.parameters import parameter
from scoring.policy_reading import read_policy
from tests.policies.conftest import policy_document

AREAS = {"CN": "China"}


def test_an_area_is_called_by_the_legal_value_that_holds_its_countries() -> None:
    union = frozenset(parameter("areas.eu", on=date(2026, 11, 16)).names)
    covered = frozenset(name for key in COVERED for name in parameter(key, on=date(2026, 11, 16)).names)
    areas = {"A": union, "B": covered, "C": frozenset({"CN"}), "D": union - {"FR"}, "E": frozenset[str]()}

    assert names_of(areas) == {
        "A": "States of the European Union",
        "B": "EEA and covered countries",
        "C": "China",
        "D": "D",
        "E": "E",
    }
    with translation.override("fr"):
        assert list(names_of(areas).values()) == [
            "États de l'Union européenne",
            "EEE et pays couverts",
            "Chine",
            "D",
            "E",
        ]


def curve(*points: tuple[str, str]) -> Curve:
    return Curve(tuple((Fraction(x), Fraction(y)) for x, y in points))


def test_a_curve_is_drawn_level_before_its_first_point_and_after_its_last() -> None:
    drawn = draw(curve(("0.5", "0"), ("0.75", "1")), scale=Fraction(5), say_x=percent, say_y=number)
    assert drawn.lines == ["44,108 164,108 224,12 284,12"]
    assert (drawn.from_x, drawn.to_x, drawn.from_y, drawn.to_y) == ("0%", "100%", "0", "5")
    assert drawn.rows == [("50%", "0"), ("75%", "5")]


def test_a_jump_breaks_the_line_and_leaves_an_open_circle() -> None:
    drawn = draw(curve(("0.5", "0"), ("0.5", "1")), say_x=percent, say_y=percent)
    assert drawn.lines == ["44,108 164,108", "164,12 284,12"]
    assert drawn.jumps == [(164, 108)]


def test_a_level_curve_and_a_falling_one_below_zero_stay_in_the_box() -> None:
    level = draw(curve(("1", "0")), say_x=percent, say_y=percent)
    assert level.lines == ["44,108 284,108 284,108"]
    falling = draw(curve(("0", "0"), ("1", "1")), scale=Fraction(-2), say_x=percent, say_y=number)
    assert falling.lines == ["44,12 44,12 284,108 284,108"]
    assert (falling.from_y, falling.to_y) == ("-2", "0")


def test_one_more_measure_is_one_difference_and_not_a_shift_of_all() -> None:
    first = {"id": "a", "amount": "1"}
    before = {"measures": [first], "areas": {"EEA": ["DE"]}}
    after = {"measures": [{"id": "b", "amount": "2"}, first], "areas": {"EEA": ["DE", "FR"]}}
    assert differences(before, after) == [
        ("/areas/EEA", "[DE]", "[DE, FR]"),
        ("/measures/b/id", "", "b"),
        ("/measures/b/amount", "", "2"),
    ]
    assert differences(after, after) == []


def test_every_kind_of_measure_has_its_words() -> None:
    assert set(EFFECTS) == set(TITLES) == set(KINDS)
    assert set(KINDS) >= DRAWN


def described(**measure: Any) -> Any:
    document = policy_document(measures=[{"id": "m", "driver": "share:CN", "amount": "0.2", **measure}])
    return describe(read_policy(document).measures[0], areas=AREAS, on=date(2026, 11, 16))


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("floor", "The bid is excluded below 20%."),
        ("add_to_price", "the price counts 0% to 20% more"),
        ("deduct_from_price", "the price counts 0% to 20% less"),
        ("deflate_price", "the price is divided by 1 plus 0% to 20%"),
        ("add_points", "From 0 to 0.2 points are added to the total."),
        ("scale_score", "The total loses 0% to 20% of itself."),
        ("right_to_match", "When the winner is below 20%, a bid at or above it whose price is at most 0% higher"),
        ("execution_cap", "The winner stays at 20% or less until the end of the contract."),
    ],
)
def test_a_measure_says_what_it_does(kind: str, sentence: str) -> None:
    measure = described(kind=kind)
    assert sentence in measure.effect
    assert measure.reads == "share of goods originating in “China”"
    assert (measure.drawing is not None) == (kind in DRAWN)


def test_conditions_are_read_out_one_by_one() -> None:
    when = {
        "launched_from": "2026-01-01",
        "launched_until": "2026-12-31",
        "cpv_from": "33100000",
        "cpv_to": "33199000",
        "estimated_value_from": "216000",
        "supplier_in": "CN",
        "supplier_not_in": "EEA",
        "driver_below": ["european_share", "0.5"],
        "driver_from": ["environment", "0.25"],
    }
    assert described(kind="gate", when=when).conditions == [
        "procedure launched from 1 January 2026",
        "procedure launched until 31 December 2026",
        "CPV code from 33100000",
        "CPV code up to 33199000",
        "estimated value from 216,000, VAT excluded",
        "tenderer originating in “China”",
        "tenderer of known origin outside “EEA”",
        "European share (goods originating in “EEA”) below 50%",
        "environmental quality of 25% or more",
    ]


def test_what_only_the_approval_gives_is_no_difference() -> None:
    assert differences({"version": 1, "status": "in_force"}, {"version": 2, "status": "proposed"}) == []


def test_an_indicator_without_a_title_is_called_by_the_words_of_its_identifier() -> None:
    assert indicator_name("type-i-label") == "type I ecolabel of the product"
    assert indicator_name("water-use_2030") == "water use 2030"
