"""Whole cents that add up, whatever the weights."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from procurement.cashback.apportionment import apportion


def test_an_odd_cent_goes_to_the_largest_remainder_and_a_tie_to_the_smaller_key() -> None:
    thirds = dict.fromkeys((1, 2, 3), Fraction(1))
    assert apportion(100, thirds) == {1: 34, 2: 33, 3: 33}
    assert apportion(101, thirds) == {1: 34, 2: 34, 3: 33}
    assert apportion(10, {1: Fraction(1, 4), 2: Fraction(3, 4)}) == {1: 3, 2: 7}  # 2.5 and 7.5: a tie
    assert apportion(10, {1: Fraction(13, 100), 2: Fraction(87, 100)}) == {1: 1, 2: 9}


def test_nothing_is_shared_into_nothing() -> None:
    assert apportion(0, {1: Fraction(1), 2: Fraction(2)}) == {1: 0, 2: 0}


@given(
    st.integers(min_value=0, max_value=10**14),
    st.lists(st.fractions(min_value=0, max_value=10**9), min_size=1, max_size=8).filter(any),
)
def test_the_parts_add_up_and_none_is_a_cent_off(cents: int, weights: list[Fraction]) -> None:
    by_key = dict(enumerate(weights))
    parts = apportion(cents, by_key)
    assert sum(parts.values()) == cents
    whole = sum(weights)
    assert all(abs(parts[key] - cents * weight / whole) < 1 for key, weight in by_key.items())
