"""Preference measures: what each kind does to the bids for which it holds, and to nobody else."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from scoring import evaluate
from scoring.curves import IDENTITY, Curve
from scoring.measures import KINDS

from .documents import Document, effect, from_countries, lot, offer, placed, preference, price, quality

HALF = from_countries("100", ("FR", "0.5"))
FRENCH = from_countries("100", ("FR", "1"))
CHINESE = from_countries("100", ("CN", "1"))


def under(*measures: Document, bids: list[Document] | None = None, **more: Any) -> Document:
    """The sheet of A, half French, and B, of unknown origin, under a policy of these measures."""
    return evaluate(lot(*(bids or [offer("A") | HALF, offer("B")]), policy=preference(*measures, **more)))


def curve(*points: tuple[str, str]) -> Curve:
    return Curve(tuple((Fraction(x), Fraction(y)) for x, y in points))


def test_the_table_names_each_kind_by_its_key() -> None:
    assert all(key == kind.key for key, kind in KINDS.items())


@pytest.mark.parametrize(
    ("x", "y"), [("-1", "0"), ("0", "0"), ("0.25", "1/4"), ("0.5", "3"), ("0.75", "5/2"), ("1", "2"), ("9", "2")]
)
def test_a_curve_is_linear_between_points_flat_outside_and_jumps_at_a_doubled_x(x: str, y: str) -> None:
    jump = curve(("0", "0"), ("0.5", "0.5"), ("0.5", "7"), ("0.5", "3"), ("1", "2"))
    assert jump.value(Fraction(x)) == Fraction(y)


def test_a_jump_at_either_end_counts_from_its_last_point() -> None:
    step = curve(("0.5", "0"), ("0.5", "1"))
    assert [step.value(Fraction(x)) for x in ("0.4", "0.5", "0.6")] == [0, 1, 1]
    assert curve(("1", "4")).value(Fraction(-7)) == 4
    assert IDENTITY.value(Fraction(1, 3)) == Fraction(1, 3)


@pytest.mark.parametrize(
    ("kind", "factor", "evaluated"),
    [
        ("add_to_price", "11/10", "110.00"),
        ("deduct_from_price", "9/10", "90.00"),
        ("deflate_price", "10/11", "90.91"),
    ],
)
def test_a_price_measure_multiplies_the_evaluated_price_alone(kind: str, factor: str, evaluated: str) -> None:
    row = placed(under(effect("m", kind, amount="0.2")), "A")
    assert row["measures"] == {"m": {"exact_factor": factor, "exact_driver": "1/2"}}
    assert (row["price"], row["evaluated_price"]) == ("100.00", evaluated)


def test_price_measures_follow_one_another() -> None:
    row = placed(under(effect("a", "add_to_price", amount="0.2"), effect("b", "deduct_from_price", amount="0.2")), "A")
    assert row["exact_evaluated_price"] == "99/1"


def test_points_are_rounded_one_by_one_then_capped() -> None:
    third = {"driver": "one", "curve": [["0", "0.3333"]], "amount": "10"}
    sheet = under(effect("a", **third), effect("b", **third), bonus_cap="6.667")
    row = placed(sheet, "A")
    assert row["measures"]["a"] == {"points": "3.33", "exact_points": "3333/1000", "exact_driver": "1/1"}
    assert row["bonus"] == "6.66"
    assert placed(under(effect("a", **third), effect("b", **third), bonus_cap="5.005"), "A")["bonus"] == "5.01"
    assert placed(under(effect("a", **third), effect("b", **third)), "A")["bonus"] == "6.66"


def test_a_negative_amount_takes_points_away_and_no_cap_stops_it() -> None:
    sheet = under(effect("m", driver="one", amount="-7"), bonus_cap="0")
    assert placed(sheet, "A")["bonus"] == "-7.00"


def test_a_score_measure_multiplies_the_total_and_is_rounded_each_time() -> None:
    twice = [effect(name, "scale_score", driver="one", amount="0.333") for name in "ab"]
    row = placed(under(*twice), "A")
    assert row["total"] == "33.81"  # 76 × 0.667 = 50.692 → 50.69, × 0.667 = 33.81023
    assert row["measures"]["a"] == {"exact_factor": "667/1000", "exact_driver": "1/1"}


def test_a_negative_total_is_scaled_as_it_is() -> None:
    bids = [offer("A", "100", "0"), offer("B", "900", "0")]
    criteria = [price(formula="linear_lowest", params={"floor": "no"}), quality()]
    policy = preference(effect("m", "scale_score", driver="one", amount="0.5"))
    assert placed(evaluate(lot(*bids, criteria=criteria, policy=policy)), "B")["total"] == "-140.00"


def test_a_gate_excludes_whoever_it_holds_for() -> None:
    gate = {"id": "ipi", "kind": "gate", "when": {"supplier_in": "CN"}}
    bids = [offer("A"), offer("B") | {"supplier": {"name": "B", "country": "CN"}}]
    assert under(gate, bids=bids)["excluded"] == [{"bid": "B", "reason": "ipi"}]


def test_a_floor_excludes_below_its_amount_and_not_at_it() -> None:
    assert under(effect("m", "floor", amount="0.5"))["excluded"] == [{"bid": "B", "reason": "m"}]
    assert under(effect("m", "floor", amount="0.500000000001"))["excluded"] == [
        {"bid": "A", "reason": "m"},
        {"bid": "B", "reason": "m"},
    ]


def test_the_first_reason_names_the_exclusion() -> None:
    out = {"status": "excluded", "marks": {"quality": "1"}}
    bids = [offer("A", mark="1"), offer("B") | out, offer("C"), offer("D") | FRENCH]
    measures = [
        effect("floor", "floor", amount="0.5"),
        {"id": "gate", "kind": "gate", "when": {"driver_below": ["european_share", "0.5"]}},
    ]
    criteria = [price(), quality(minimum="10")]
    sheet = evaluate(lot(*bids, criteria=criteria, policy=preference(*measures)))
    assert sheet["excluded"] == [
        {"bid": "A", "reason": "minimum:quality"},
        {"bid": "B", "reason": "excluded"},
        {"bid": "C", "reason": "floor"},
    ]
    sheet = evaluate(lot(*bids, criteria=criteria, policy=preference(*reversed(measures))))
    assert sheet["excluded"][2] == {"bid": "C", "reason": "gate"}


def test_a_mark_at_the_minimum_is_not_under_it() -> None:
    assert evaluate(lot(offer("A", mark="10"), criteria=[price(), quality(minimum="10")]))["excluded"] == []


def test_a_measure_whose_predicate_fails_leaves_no_trace() -> None:
    when = {"when": {"driver_from": ["european_share", "0.5"]}}
    sheet = under(
        effect("a", "add_to_price", amount="0.5", **when),
        effect("b", **when),
        effect("c", "scale_score", amount="0.5", **when),
    )
    assert set(placed(sheet, "A")["measures"]) == {"a", "b", "c"}
    assert placed(sheet, "B")["measures"] == {}
    assert placed(sheet, "B")["evaluated_price"] == "100.00"


@pytest.mark.parametrize(
    ("tender", "when", "holds"),
    [
        ({"launched_on": "2026-08-21"}, {"launched_from": "2026-08-21", "launched_until": "2026-08-21"}, True),
        ({"launched_on": "2026-08-20"}, {"launched_from": "2026-08-21"}, False),
        ({"launched_on": "2026-08-22"}, {"launched_until": "2026-08-21"}, False),
        ({"launched_on": None}, {"launched_from": "2000-01-01"}, False),
        ({}, {"launched_until": "2100-01-01"}, False),
        ({"cpv": "33100000"}, {"cpv_from": "33100000", "cpv_to": "33100000"}, True),
        ({"cpv": "03000000"}, {"cpv_from": "33100000"}, False),
        ({"cpv": None}, {"cpv_to": "99999999"}, False),
        ({"estimated_value": "5000000"}, {"estimated_value_from": "5000000.0"}, True),
        ({"estimated_value": "4999999.99"}, {"estimated_value_from": "5000000"}, False),
        ({}, {"estimated_value_from": "0"}, False),
        ({}, {"supplier_in": "EU"}, True),
        ({}, {"supplier_in": "CN"}, False),
        ({}, {"supplier_not_in": "EU"}, False),
        ({}, {"supplier_not_in": "CN"}, True),
        ({}, {"driver_below": ["european_share", "0.5"]}, False),
        ({}, {"driver_from": ["mark:quality", "0.6"]}, True),
        ({}, {"supplier_in": "EU", "driver_from": ["one", "2"]}, False),
        ({}, {}, True),
    ],
)
def test_every_given_key_of_a_predicate_must_hold(tender: Document, when: Document, holds: bool) -> None:
    case = lot(offer("A") | HALF, policy=preference(effect("m", when=when)))
    case["tender"] |= tender
    assert (placed(evaluate(case), "A")["measures"] != {}) is holds


def test_an_operator_of_unknown_origin_is_neither_inside_nor_outside() -> None:
    unknown = offer("A") | {"supplier": {"name": "A", "country": None}}
    sheet = under(effect("i", when={"supplier_in": "EU"}), effect("o", when={"supplier_not_in": "EU"}), bids=[unknown])
    assert placed(sheet, "A")["measures"] == {}


def test_shares_weigh_lines_by_value_and_origins_by_assurance() -> None:
    lines = [
        {"id": "1", "quantity": "3", "unit_price": "10", "origins": [{"country": "FR", "share": "0.5"}]},
        {
            "id": "2", "quantity": "1", "unit_price": "70",
            "origins": [
                {"country": "DE", "share": "0.4", "assurance": "verified"},
                {"country": "CN", "share": "0.6", "assurance": "documented"},
            ],
        },
    ]  # fmt: skip
    measures = [effect("eu", driver="share:EU"), effect("cn", driver="share:CN")]
    factors = {"declared": "0.5", "documented": "0.8"}
    row = placed(under(*measures, bids=[offer("A", lines=lines)], assurance_factors=factors), "A")
    assert row["measures"]["eu"]["exact_driver"] == "71/200"  # (30 × 0.5 × 0.5 + 70 × 0.4) ÷ 100
    assert row["measures"]["cn"]["exact_driver"] == "42/125"  # 70 × 0.6 × 0.8 ÷ 100
    assert row["european_share"] == "0.3550"


def test_environment_is_the_mean_of_all_indicators_and_what_is_absent_counts_nothing() -> None:
    indicators = [
        {"id": "carbon", "kind": "number", "weight": "3", "curve": [["2", "1"], ["10", "0"]]},
        {"id": "label", "kind": "label", "weight": "1", "labels": {"epd": "0.8"}},
    ]
    shown = {"carbon": {"value": "4", "assurance": "documented"}, "label": {"value": "epd"}}
    bids = [offer("A", environment=shown), offer("B", environment={"label": {"value": "other"}}), offer("C")]
    policy = preference(indicators=indicators, assurance_factors={"documented": "0.5"})
    sheet = evaluate(lot(*bids, policy=policy))
    assert [placed(sheet, name)["environment"] for name in "ABC"] == ["0.4813", "0.0000", "0.0000"]


def test_a_policy_without_indicators_has_an_environment_of_zero() -> None:
    assert placed(under(), "A")["environment"] == "0.0000"


def match(amount: str = "0.5", **more: Any) -> Document:
    return effect("match", "right_to_match", amount=amount, **more)


def test_bids_that_reach_the_amount_may_match_a_winner_that_does_not() -> None:
    bids = [
        offer("A", "90") | CHINESE | {"price": "100"},
        offer("B", "120", "50") | from_countries("120", ("FR", "1")),
        offer("C", "110", "40") | from_countries("110", ("FR", "0.4")),
        offer("D", "121", "30") | from_countries("121", ("DE", "0.5")),
    ]
    sheet = under(match(params={"margin": "0.2"}), bids=bids)
    assert sheet["winner"] == "A"
    assert sheet["right_to_match"] == [{"measure": "match", "bid": "B", "match_price": "100.00"}]
    assert under(match(), bids=bids)["right_to_match"] == []
    assert under(match(params={"margin": "0.21"}), bids=bids)["right_to_match"][1]["bid"] == "D"
    assert under(match(params={"margin": "1"}, when={"supplier_in": "CN"}), bids=bids)["right_to_match"] == []


def test_a_winner_that_reaches_the_amount_is_not_matched() -> None:
    assert (
        under(match(params={"margin": "1"}), bids=[offer("A") | FRENCH, offer("B", "100", "50") | FRENCH])[
            "right_to_match"
        ]
        == []
    )


def test_an_execution_cap_binds_the_winner_for_which_it_holds() -> None:
    cap = effect("cap", "execution_cap", driver="share:CN", amount="0.50")
    bids = [offer("A"), offer("B", mark="50")]
    assert under(cap, bids=bids)["obligations"] == [{"measure": "cap", "driver": "share:CN", "amount": "0.50"}]
    assert under({**cap, "when": {"supplier_in": "CN"}}, bids=bids)["obligations"] == []


def test_nothing_is_reported_without_a_winner() -> None:
    sheet = evaluate(
        lot(offer("A"), offer("B"), tie_break=[], policy=preference(effect("c", "execution_cap"), match()))
    )
    assert (sheet["winner"], sheet["obligations"], sheet["right_to_match"]) == (None, [], [])


def test_a_proposed_policy_scores_like_one_in_force() -> None:
    sheets = [
        evaluate(lot(offer("A") | HALF, offer("B"), policy=preference(effect("m"), status=status)))
        for status in ("proposed", "in_force")
    ]
    assert sheets[0]["ranking"] == sheets[1]["ranking"]
