"""Exact numbers: what a plain decimal is, how it is rounded and how it is written."""

from __future__ import annotations

from fractions import Fraction

import pytest

from scoring import numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12.50", Fraction(25, 2)),
        ("-3", Fraction(-3)),
        ("0.2", Fraction(1, 5)),
        ("-0", Fraction(0)),
        ("007", Fraction(7)),
        ("9" * 18 + "." + "9" * 12, Fraction(int("9" * 30), 10**12)),
        ("0.000000000001", Fraction(1, 10**12)),
    ],
)
def test_a_plain_decimal_is_read_exactly(text: str, value: Fraction) -> None:
    assert numbers.decimal(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "1e3", "+1", "1,5", " 1", "1 ", "1\n", ".5", "5.", "1_000", "NaN", "--1", "٣", "1" * 19, "0." + "1" * 13],
)
def test_anything_else_is_not_a_number(text: str) -> None:
    with pytest.raises(ValueError, match="plain decimal"):
        numbers.decimal(text)


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (Fraction(5, 1000), 2, "0.01"),
        (Fraction(-5, 1000), 2, "-0.01"),
        (Fraction(4999, 1000000), 2, "0.00"),
        (Fraction(-4, 1000), 2, "0.00"),
        (Fraction(5, 2), 0, "3"),
        (Fraction(-5, 2), 0, "-3"),
        (Fraction(200, 3), 6, "66.666667"),
        (Fraction(7), 2, "7.00"),
        (Fraction(1, 20), 1, "0.1"),
    ],
)
def test_half_is_rounded_away_from_zero_and_zero_has_no_sign(value: Fraction, decimals: int, written: str) -> None:
    assert numbers.fixed(value, decimals) == written


def test_a_fraction_is_written_in_lowest_terms_with_its_denominator() -> None:
    assert numbers.exact(Fraction(6, 4)) == "3/2"
    assert numbers.exact(Fraction(3)) == "3/1"
    assert numbers.exact(Fraction(0)) == "0/1"
    assert numbers.exact(Fraction(-2, 6)) == "-1/3"


def test_a_fraction_of_more_digits_than_python_prints_is_written_whole() -> None:
    zeros = "0" * 8999
    assert numbers.exact(Fraction(-(10**9000 + 7), 2)) == f"-1{zeros}7/2"
    assert numbers.exact(Fraction(1, 10**9001)) == f"1/1{zeros}00"


def test_sums_reduced_once_are_the_sums() -> None:
    values = [Fraction(1, 3), Fraction(-5, 7), Fraction(22, 9), Fraction(4)]
    assert numbers.total(values) == sum(values)
    assert numbers.total([]) == 0
    assert numbers.total_of_products(zip(values, reversed(values), strict=True)) == sum(
        a * b for a, b in zip(values, reversed(values), strict=True)
    )


def test_a_portion_is_the_amount_times_part_over_whole() -> None:
    assert Fraction(*numbers.portion(Fraction(40), Fraction(3, 2), Fraction(9))) == Fraction(20, 3)
    assert Fraction(*numbers.portion(Fraction(40), Fraction(-1), Fraction(4))) == -10
    assert Fraction(*numbers.over(Fraction(-3, 2), Fraction(9, 4))) == Fraction(-2, 3)


@pytest.mark.parametrize(("left", "right"), [("5/6", "1/6"), ("1/3", "3/4"), ("-1/7", "-1/7"), ("2", "-1/2")])
def test_a_difference_reduced_once_is_the_difference(left: str, right: str) -> None:
    assert numbers.difference(Fraction(left), Fraction(right)) == Fraction(left) - Fraction(right)


def test_a_ratio_is_rounded_without_being_reduced() -> None:
    assert [numbers.units(top * 6, 8 * 6, 0) for top in (-12, -4, 0, 4, 12)] == [-2, -1, 0, 1, 2]


def test_numerators_order_and_equal_as_their_values() -> None:
    values = [Fraction(1, 3), Fraction(2, 6), Fraction(1, 4), Fraction(-1, 5)]
    first, second, third, fourth = numbers.numerators(values)
    assert fourth < third < first == second
