"""What a price is worth: points of a step, cents of a point, the price at which a loser would win; with slow twins."""

from __future__ import annotations

from fractions import Fraction

import pytest

from scoring import evaluate
from scoring.case import Criterion
from scoring.case_reading import read_case
from scoring.formulas import FORMULAS, Field
from scoring.numbers import fixed
from scoring.worth import CENT, at_equal_prices, cents_for_points, points_at, points_of_step, winning_price

from .documents import Document, effect, from_countries, lot, offer, preference, price, totals

ON_PRICE = sorted(key for key, formula in FORMULAS.items() if formula.on == "price")
FIELD = Field.of([Fraction(100), Fraction(200)])


def on_price(formula: str, weight: int = 40) -> Criterion:
    params = {"ceiling": Fraction(200), "floor_price": Fraction(100)} if formula == "absolute_linear" else {}
    return Criterion("price", "", "price", Fraction(weight), formula, params)


def test_a_step_of_price_is_worth_the_difference_of_the_points() -> None:
    assert points_of_step(on_price("lowest_ratio"), Fraction(100), Fraction(25), FIELD) == 8
    assert points_of_step(on_price("high_low"), Fraction(100), Fraction(1), FIELD) == Fraction(2, 5)
    assert points_of_step(on_price("linear_lowest"), Fraction(150), Fraction(1), FIELD) == Fraction(2, 5)
    assert points_of_step(on_price("squared_ratio"), Fraction(100), Fraction(100), FIELD) == 30
    assert points_of_step(on_price("mean_bounded"), Fraction(150), Fraction(15), FIELD) == 2
    assert points_of_step(on_price("absolute_linear"), Fraction(200), Fraction(1), FIELD) == 0


@pytest.mark.parametrize("formula", ON_PRICE)
def test_a_dearer_bid_never_has_more_points_beside_the_same_field(formula: str) -> None:
    prices = [Fraction(100) + Fraction(step, 3) for step in range(301)]
    points = [points_at(on_price(formula), each, FIELD) for each in prices]

    assert points == sorted(points, reverse=True)
    assert points[0] > points[-1]


@pytest.mark.parametrize("formula", ON_PRICE)
def test_the_cents_that_gain_a_point_are_those_of_a_walk_down_the_prices(formula: str) -> None:
    criterion, from_price = on_price(formula), Fraction(110)
    start = points_at(criterion, from_price, FIELD)
    slow = next(cents for cents in range(1001) if points_at(criterion, from_price - cents * CENT, FIELD) >= start + 1)

    assert cents_for_points(criterion, from_price, Fraction(1), FIELD) == slow


def test_no_cent_gains_more_points_than_are_left_down_to_the_lowest_price() -> None:
    assert cents_for_points(on_price("lowest_ratio"), Fraction(100), Fraction(1), FIELD) is None
    assert cents_for_points(on_price("lowest_ratio"), Fraction(101), Fraction(1), FIELD) is None
    assert cents_for_points(on_price("high_low"), Fraction("102.50"), Fraction(1), FIELD) == 250
    assert cents_for_points(on_price("high_low"), Fraction("102.49"), Fraction(1), FIELD) is None


def wins(document: Document, bid: str, amount: Fraction) -> bool:
    """Whether a bid wins the whole evaluation at another price; its one line, where it has one, has that price."""
    written = fixed(amount, 2)
    bids = [each if each["id"] != bid else {**each, "price": written} for each in document["bids"]]
    for each in bids:
        if each["id"] == bid and "lines" in each:
            each["lines"] = [{**each["lines"][0], "unit_price": written}]
    return bool(evaluate({**document, "bids": bids})["winner"] == bid)


@pytest.mark.parametrize("formula", [key for key in ON_PRICE if key != "absolute_linear"])
def test_a_loser_wins_at_its_winning_price_and_not_one_cent_above(formula: str) -> None:
    document = lot(
        offer("good", "3.00", "70"), offer("poor", "2.90", "55"), offer("dear", "3.30", "72"),
        criteria=[price(formula=formula), {**quality_of(60)}],
    )  # fmt: skip
    losers = [bid for bid in totals(evaluate(document)) if bid != evaluate(document)["winner"]]
    for bid in losers:
        found = winning_price(read_case(document), bid)
        if found is None:
            assert not wins(document, bid, CENT)
        else:
            assert wins(document, bid, found)
            assert not wins(document, bid, found + CENT)


def quality_of(weight: int) -> Document:
    return {
        "id": "quality", "kind": "quality", "weight": str(weight), "formula": "proportional", "scale": "100"
    }  # fmt: skip


def test_the_winning_price_is_that_of_a_walk_down_the_prices() -> None:
    document = lot(offer("good", "3.00", "70"), offer("poor", "2.90", "55"))
    slow = next(
        amount for amount in (Fraction(cents, 100) for cents in range(290, 0, -1)) if wins(document, "poor", amount)
    )

    assert winning_price(read_case(document), "poor") == slow


def test_a_bonus_moves_the_winning_price_of_the_bid_that_has_none() -> None:
    european = offer("european", "100", "60", **from_countries("100", ("FR", "1")))
    foreign = offer("foreign", "99", "60", **from_countries("99", ("CN", "1")))
    policy = preference(effect("bonus"))
    with_bonus = read_case(lot(european, foreign, policy=policy))

    found = winning_price(with_bonus, "foreign")

    assert found is not None
    assert found < 99
    assert wins(lot(european, foreign, policy=policy), "foreign", found)
    assert not wins(lot(european, foreign, policy=policy), "foreign", found + CENT)


def test_a_bid_that_price_alone_cannot_carry_has_no_winning_price() -> None:
    document = lot(offer("good", mark="100"), offer("poor", "100", "10"))

    assert winning_price(read_case(document), "poor") is None
    assert winning_price(read_case(lot(offer("good", mark="61"), offer("cheap", "0.01"))), "cheap") is None


def test_a_life_cycle_cost_falls_with_the_price_it_holds() -> None:
    cost = {"id": "cost", "kind": "cost", "weight": "40", "formula": "lowest_ratio"}
    bids = [offer("good", "100", "70", cost="200"), offer("poor", "90", "60", cost="190")]
    case = read_case(lot(*bids, criteria=[cost, quality_of(60)]))

    found = winning_price(case, "poor")

    assert found is not None
    lower = fixed(found, 2), fixed(found + 100, 2)
    document = lot(bids[0], {**bids[1], "price": lower[0], "cost": lower[1]}, criteria=[cost, quality_of(60)])
    assert evaluate(document)["winner"] == "poor"


def test_at_equal_prices_every_bid_has_the_lowest() -> None:
    case = at_equal_prices(read_case(lot(offer("a", "100", cost="300"), offer("b", "90", cost="400"))))

    assert [(bid.price, bid.cost) for bid in case.bids] == [(90, 300), (90, 300)]
    without = at_equal_prices(read_case(lot(offer("a", "100"), offer("b", "90"))))
    assert [(bid.price, bid.cost) for bid in without.bids] == [(90, None), (90, None)]
