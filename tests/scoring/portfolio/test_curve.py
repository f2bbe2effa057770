"""The exact curve of one amount: between two switches nothing changes, at each of them the engine changes its mind."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scoring.evaluate import winner_of
from scoring.policy_reading import read_policy
from scoring.portfolio.columns import facts_of
from scoring.portfolio.curve import Curve, step_curve
from scoring.portfolio.problems import BadScenario
from scoring.portfolio.rows import case_of
from scoring.portfolio.snapshot import Snapshot
from scoring.portfolio.winners import Prepared
from tests.scoring.documents import effect, lot, offer, preference
from tests.scoring.policies import policies
from tests.scoring.strategies import cases

from .archives import archive, goods, won
from .test_winners import readable

LITTLE = Fraction(1, 10**15)


def winners_at(snapshot: Snapshot, policy: dict[str, Any], measure: str, amount: Fraction) -> list[str | None]:
    """By the engine, at any fraction."""
    from dataclasses import replace

    known = read_policy(policy)
    changed = [replace(each, amount=amount) if each.id == measure else each for each in known.measures]
    found = [winner_of(case_of(snapshot, lot, replace(known, measures=tuple(changed)))) for lot in range(len(snapshot))]
    return [None if each is None else each.id for each in found]


def told(snapshot: Snapshot, curve: Curve, amount: Fraction) -> list[str | None]:
    winners = curve.winners.copy()
    for switch in range(len(curve.lots)):
        if curve.amount(switch) <= amount:
            winners[curve.lots[switch]] = curve.bids[switch]
    return won(snapshot, winners)


def curve_of(snapshot: Snapshot, policy: dict[str, Any], measure: str, start: Fraction, end: Fraction) -> Curve:
    known = read_policy(policy)
    return step_curve(Prepared(facts_of(snapshot), known), known, measure, start, end)


@given(
    archived=st.lists(cases(with_policy=False), min_size=1, max_size=3),
    policy=policies([]),
    ends=st.sampled_from([("0", "1"), ("0", "0.35"), ("0.305", "2"), ("4", "5.005")]),
    between=st.lists(st.fractions(0, 5), min_size=2, max_size=4),
)
def test_winners_along_the_curve_are_those_of_the_engine(
    archived: list[dict[str, Any]], policy: dict[str, Any], ends: tuple[str, str], between: list[Fraction]
) -> None:
    adding = [measure["id"] for measure in policy["measures"] if measure["kind"] == "add_points"]
    assume(adding)
    assume(all(measure["kind"] != "scale_score" for measure in policy["measures"]))
    archived = [
        {**case, "rounding": {"decimals": min(case.get("rounding", {}).get("decimals", 2), 2)}} for case in archived
    ]
    snapshot = archive(readable(archived, policy))
    start, end = map(Fraction, ends)
    curve = curve_of(snapshot, policy, adding[0], start, end)
    at = {start, end, *(amount for amount in between if start <= amount <= end)}
    for switch in range(min(len(curve.lots), 20)):
        at |= {curve.amount(switch), max(curve.amount(switch) - LITTLE, start)}
    for amount in at:
        assert told(snapshot, curve, amount) == winners_at(snapshot, policy, adding[0], amount)


def test_two_bids_within_a_rounding_of_each_other_change_places_more_than_once() -> None:
    """Unrounded, the first is ahead from 0 on; rounded, the second passes it again and again."""
    case = lot(
        goods("A", "100", "0.51"),
        goods("B", "100.01", "0.5"),
    )
    snapshot = archive([case])
    policy = preference(effect("european", amount="0"))
    curve = curve_of(snapshot, policy, "european", Fraction(0), Fraction(2))
    for hundredth in range(400):
        amount = Fraction(hundredth, 200)
        assert told(snapshot, curve, amount) == winners_at(snapshot, policy, "european", amount)


def test_a_cap_bends_the_curve() -> None:
    case = lot(
        goods("A", "104", "1"),
        goods("B", "100", "0.5"),
    )
    snapshot = archive([case])
    policy = preference(effect("european", amount="0"), bonus_cap="4")
    curve = curve_of(snapshot, policy, "european", Fraction(0), Fraction(20))
    passed = [int(bid) for bid in curve.bids]
    assert (passed[0], passed[-1]) == (0, 1)  # from 4 points on the first gains no more, and the other one still does
    for hundredth in range(0, 1000, 7):
        amount = Fraction(hundredth, 100)
        assert told(snapshot, curve, amount) == winners_at(snapshot, policy, "european", amount)


@pytest.mark.parametrize("beside", [Fraction(0), Fraction(1, 10**12), Fraction(1, 10**30)])
def test_a_range_may_end_and_begin_as_near_a_switch_as_one_likes(beside: Fraction) -> None:
    """Level at 0, the first gains its first hundredth at a third exactly."""
    case = lot(
        goods("A", "30000.01", "0.015"),
        goods("B", "30000", "0"),
    )
    snapshot, policy, third = archive([case]), preference(effect("european", amount="0")), Fraction(1, 3)
    until = curve_of(snapshot, policy, "european", Fraction(0), third - beside)
    since = curve_of(snapshot, policy, "european", third - beside, Fraction(1, 2))
    assert len(until.lots) + len(since.lots) == 1
    assert len(until.lots) == (0 if beside else 1)
    assert until.winners.tolist() == [1]
    assert curve_of(snapshot, policy, "european", third + beside, Fraction(1, 2)).winners.tolist() == [0]
    assert (until if len(until.lots) else since).amount(0) == third


def test_what_has_no_exact_curve_is_refused() -> None:
    snapshot = archive([lot(offer("A"), offer("B"))])
    policy = preference(effect("european"), effect("cheaper", "deduct_from_price", amount="0.1"))
    one, two = Fraction(1), Fraction(2)
    with pytest.raises(BadScenario, match="The amount of european is to go from 2 to 1: it rises"):
        curve_of(snapshot, policy, "european", two, one)
    with pytest.raises(BadScenario, match="The measure cheaper does not add points"):
        curve_of(snapshot, policy, "cheaper", one, two)
    with pytest.raises(BadScenario, match="has no measure green that adds points: it has european"):
        curve_of(snapshot, policy, "green", one, two)
