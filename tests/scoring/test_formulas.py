"""Criterion formulas: the table, hand-made figures, and the vectors where a losing bid changes the winner."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from scoring import evaluate
from scoring.formulas import FORMULAS, Field

from .documents import Document, lot, offer, placed, price, quality, totals

W = Fraction(40)


def points(formula: str, value: str, *others: str, **params: str) -> Fraction:
    """Points of a price, or of a mark out of 20, among itself and the others, for a weight of 40."""
    field = Field.of(map(Fraction, [value, *others]), scale=Fraction(20))
    exact = {key: text if text in ("yes", "no") else Fraction(text) for key, text in params.items()}
    return Fraction(*FORMULAS[formula].points(Fraction(value), field, W, exact))


def test_the_table_names_each_formula_by_its_key() -> None:
    assert all(key == formula.key for key, formula in FORMULAS.items())
    assert [key for key, formula in FORMULAS.items() if formula.on == "mark"] == ["proportional", "best_ratio"]


def test_lowest_ratio_is_proportional_to_the_lowest_price() -> None:
    assert points("lowest_ratio", "100", "125") == 40
    assert points("lowest_ratio", "125", "100") == 32


def test_linear_lowest_falls_to_nothing_at_twice_the_lowest_price() -> None:
    assert points("linear_lowest", "150", "100") == 20
    assert points("linear_lowest", "200", "100") == 0
    assert points("linear_lowest", "300", "100") == 0
    assert points("linear_lowest", "300", "100", floor="yes") == 0
    assert points("linear_lowest", "300", "100", floor="no") == -40


def test_high_low_stretches_between_the_two_ends() -> None:
    assert points("high_low", "100", "110", "300") == 40
    assert points("high_low", "110", "100", "300") == 38
    assert points("high_low", "300", "100", "110") == 0
    assert points("high_low", "100", "100") == 40


def test_squared_ratio_squares_the_ratio() -> None:
    assert points("squared_ratio", "200", "100") == 10


def test_mean_bounded_gives_half_at_the_mean_and_stays_within_the_weight() -> None:
    assert points("mean_bounded", "100", "50", "150") == 20
    assert points("mean_bounded", "50", "100", "150") == 30
    assert points("mean_bounded", "500", "1", "1", "1") == 0


def test_absolute_linear_is_kept_between_its_two_prices() -> None:
    fixed = {"ceiling": "200", "floor_price": "100"}
    assert points("absolute_linear", "150", **fixed) == 20
    assert points("absolute_linear", "50", **fixed) == 40
    assert points("absolute_linear", "250", **fixed) == 0


def test_proportional_reads_the_scale_and_best_ratio_the_best_mark() -> None:
    assert points("proportional", "15", "5") == 30
    assert points("best_ratio", "15", "5") == 40
    assert points("best_ratio", "5", "15") == Fraction(40, 3)
    assert points("best_ratio", "0", "0") == 0


def test_a_statistic_that_a_formula_does_not_declare_is_not_there() -> None:
    for formula in FORMULAS.values():
        declared = {name: (10, 1) if name == "mean" else Fraction(10) for name in formula.reads}
        params: dict[str, Any] = {"ceiling": Fraction(20), "floor_price": Fraction(5)}
        formula.points(Fraction(10), Field(**declared, scale=Fraction(20)), W, params)
    with pytest.raises(AttributeError):
        FORMULAS["high_low"].points(Fraction(10), Field(lowest=Fraction(10)), W, {})


A, B = offer("A", "100", "60"), offer("B", "125", "70")
VECTORS: list[tuple[str, list[Document], dict[str, str], str]] = [
    ("lowest_ratio", [A, B], {"A": "76.00", "B": "74.00"}, "A"),
    ("lowest_ratio", [A, B, offer("C", "60", "20")], {"B": "61.20", "A": "60.00", "C": "52.00"}, "B"),
    ("high_low", [A, offer("B", "110", "70")], {"A": "76.00", "B": "42.00"}, "A"),
    ("high_low", [A, offer("B", "110", "70"), offer("C", "300", "10")], {"B": "80.00", "A": "76.00", "C": "6.00"}, "B"),
    ("linear_lowest", [A, B, offer("C", "60", "20")], {"C": "52.00", "A": "49.33", "B": "42.00"}, "C"),
]


@pytest.mark.parametrize(("formula", "bids", "expected", "winner"), VECTORS)
def test_a_losing_bid_can_change_the_winner(
    formula: str, bids: list[Document], expected: dict[str, str], winner: str
) -> None:
    sheet = evaluate(lot(*bids, criteria=[price(formula=formula), quality()]))
    assert totals(sheet) == expected
    assert sheet["winner"] == winner


def test_only_the_resulting_points_are_rounded() -> None:
    sheet = evaluate(lot(offer("A", "100", "0"), offer("B", "300", "0"), rounding={"decimals": 0}))
    assert placed(sheet, "B")["criteria"]["price"] == {"points": "13", "exact_points": "40/3"}


def test_the_field_is_that_of_the_bids_left() -> None:
    cheap = {**offer("C", "1"), "status": "excluded"}
    assert totals(evaluate(lot(A, B, cheap)))["A"] == "76.00"


def test_a_cost_criterion_scores_the_cost_and_leaves_the_price() -> None:
    bids = [offer("A", "100", cost="300"), offer("B", "200", cost="150")]
    sheet = evaluate(lot(*bids, criteria=[{**price(), "kind": "cost"}, quality()]))
    assert [row["bid"] for row in sheet["ranking"]] == ["B", "A"]
    assert (placed(sheet, "B")["price"], placed(sheet, "B")["evaluated_price"]) == ("200.00", "150.00")
