"""The efficient scenarios are those that nothing dominates."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from scoring.portfolio.frontier import efficient, european_share

POINTS = st.lists(st.tuples(st.integers(-4, 4), st.integers(0, 6)), max_size=12)


@given(points=POINTS)
def test_a_point_is_efficient_where_no_other_one_is_as_good_and_better_in_one(points: list[tuple[int, int]]) -> None:
    dominated = [
        any(other != point and other[0] <= point[0] and other[1] >= point[1] for other in points) for point in points
    ]
    assert efficient(points) == [not each for each in dominated]


def test_equal_points_are_all_kept() -> None:
    assert efficient([(0, 100), (50, 120), (50, 120), (60, 119), (-1, 10)]) == [True, True, True, False, True]


def test_the_smallest_difference_counts() -> None:
    """By one cent in so many that a float would not tell them apart."""
    large = 2**53
    assert efficient([(0, large), (0, large + 1)]) == [False, True]
    assert european_share(large, 3 * large + 1) == Fraction(large, 3 * large + 1)
    assert european_share(0, 0) is None
