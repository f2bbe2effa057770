"""Scoring methods: neutralised, amplified, reversed by a loser, diluted by a bonus."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from scoring.case import Criterion
from scoring.guards.method import points_kept_at_twice
from tests.scoring.guards.documents import (
    GREEN,
    PRICE,
    Document,
    bid,
    case,
    criterion,
    found,
    measure,
    policy,
    severities,
)

DILUTED, NEUTRALISED, AMPLIFIED, REVERSAL = (
    "weights-diluted",
    "method-neutralised",
    "method-amplified",
    "method-rank-reversal",
)


def priced(formula: str, *prices: str, **params: str) -> Document:
    """A case whose bids A, B, … have these prices, scored by this formula."""
    bids = [bid(name, price) for name, price in zip("ABCDEFGH", prices, strict=False)]
    return case(criteria=[criterion(PRICE, formula=formula, params=params), GREEN], bids=bids)


def test_a_bonus_on_top_of_100_dilutes_the_weights() -> None:
    (finding,) = found(case(policy=policy(measure(amount="20"), bonus_cap="10")), DILUTED)
    assert (finding["severity"], finding["values"]) == (
        "info",
        {
            "exact_bonus": "10/1",
            "criteria": ["price", "green"],
            "effective_weights": ["0.5455", "0.3636"],
            "exact_effective_weights": ["6/11", "4/11"],
        },
    )


def test_without_a_cap_the_most_each_bonus_can_give_counts() -> None:
    halved = measure("half", amount="6", curve=[["0", "0"], ["1", "0.5"]])
    malus = measure("malus", amount="-4")
    (finding,) = found(case(policy=policy(measure(), halved, malus)), DILUTED)
    assert finding["values"]["exact_bonus"] == "8/1"


@pytest.mark.parametrize(
    "given",
    [
        None,
        policy(),
        policy(measure("price", "deduct_from_price", amount="0.1"), bonus_cap="10"),
        policy(measure(amount="-4")),
        policy(measure(when={"launched_from": "2027-01-01"}), bonus_cap="10"),
        policy(measure(), bonus_cap="0"),
    ],
    ids=["no policy", "no measure", "price measure", "malus", "elsewhere", "cap of nothing"],
)
def test_without_a_possible_bonus_the_weights_stay(given: Document | None) -> None:
    assert severities(case(policy=given), DILUTED) == []


@pytest.mark.parametrize("formula", ["lowest_ratio", "linear_lowest", "high_low", "squared_ratio", "mean_bounded"])
def test_no_usual_formula_is_neutralised_by_two_bids(formula: str) -> None:
    assert severities(priced(formula, "100", "110"), NEUTRALISED) == []


def test_a_dear_bid_neutralises_a_formula_relative_to_the_highest_price() -> None:
    (finding,) = found(priced("high_low", "100", "110", "1100"), NEUTRALISED)
    assert (finding["severity"], finding["mark"]) == ("warn", "R")
    assert finding["values"] == {
        "criterion": "price", "formula": "high_low", "kept": "0.9000", "exact_kept": "9/10", "exact_limit": "2/3",
        "best_price_beaten_by": [],
    }  # fmt: skip


def test_two_thirds_kept_is_still_allowed() -> None:
    at_limit = priced("absolute_linear", "100", ceiling="400", floor_price="100")
    assert severities(at_limit, NEUTRALISED) == []
    over = priced("absolute_linear", "100", ceiling="401", floor_price="100")
    (finding,) = found(over, NEUTRALISED)
    assert finding["values"]["exact_kept"] == "201/301"


def test_a_method_is_judged_before_any_bid() -> None:
    def empty(ceiling: str) -> Document:
        return {**priced("absolute_linear", ceiling=ceiling, floor_price="100")}

    assert severities(empty("400"), NEUTRALISED) == []
    assert severities(empty("500"), NEUTRALISED) == ["warn"]
    assert severities(priced("lowest_ratio"), NEUTRALISED) == []


def test_what_is_kept_is_unknown_where_the_lowest_price_gets_nothing_or_is_no_price() -> None:
    def kept(ceiling: int, floor_price: int, *prices: int) -> Fraction | None:
        params: dict[str, Any] = {"ceiling": Fraction(ceiling), "floor_price": Fraction(floor_price)}
        price = Criterion("p", "", "price", Fraction(60), "absolute_linear", params)
        return points_kept_at_twice(price, [Fraction(each) for each in prices])

    assert kept(50, 10, 60) is None
    assert kept(50, 0) is None
    assert kept(50, 10) == Fraction(3, 4)


def test_close_prices_far_apart_in_points_are_signalled() -> None:
    (finding,) = found(priced("high_low", "100", "105", "110"), AMPLIFIED)
    assert (finding["severity"], finding["mark"]) == ("warn", "R")
    assert finding["values"] == {
        "criterion": "price", "formula": "high_low", "exact_spread": "1/10", "exact_separation": "1/1",
    }  # fmt: skip


def test_half_of_the_weight_is_still_allowed_and_so_is_a_wider_field() -> None:
    half = priced("absolute_linear", "100", "110", ceiling="120", floor_price="100")
    assert severities(half, AMPLIFIED) == []
    more = priced("absolute_linear", "100", "110", ceiling="119", floor_price="100")
    assert severities(more, AMPLIFIED) == ["warn"]
    assert severities(priced("high_low", "100", "110.01"), AMPLIFIED) == []


def test_one_price_or_equal_prices_are_not_separated() -> None:
    assert severities(priced("high_low", "100"), AMPLIFIED) == []
    assert severities(priced("high_low", "100", "100"), AMPLIFIED) == []


def test_without_a_price_criterion_no_price_method_is_judged() -> None:
    unpriced = case(criteria=[criterion(GREEN, weight="100")])
    assert severities(unpriced, NEUTRALISED) == severities(unpriced, AMPLIFIED) == []


def test_a_loser_whose_withdrawal_changes_the_winner_is_told() -> None:
    marks = {"A": ("100", "6"), "B": ("125", "7"), "C": ("60", "2")}
    price, quality = criterion(PRICE, weight="40"), criterion(GREEN, weight="60")
    bids = [bid(name, cost, marks={"green": mark}) for name, (cost, mark) in marks.items()]
    (finding,) = found(case(criteria=[price, quality], bids=bids), REVERSAL)
    assert (finding["severity"], finding["values"]) == ("info", {"bids": ["C"], "winners": ["A"]})
    assert severities(case(criteria=[price, quality], bids=bids[:2]), REVERSAL) == []
