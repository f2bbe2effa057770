"""A policy per contract country: the local area has the buyer's own country in it, lot by lot."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.portfolio.curve import step_curve
from scoring.portfolio.problems import BadScenario
from scoring.portfolio.room import Room, room
from scoring.portfolio.scenario import Scenario
from scoring.portfolio.snapshot import Snapshot
from scoring.portfolio.sweep import Study
from tests.scoring.documents import effect, lot, preference
from tests.scoring.policies import AREAS, policies
from tests.scoring.strategies import cases

from .archives import archive, goods, winner, won
from .test_sweep import slow_figures, told
from .test_winners import readable

BUYERS = ["FR", "CN", "PL", None, "KE"]


def at_home(policy: dict[str, Any], country: str | None) -> dict[str, Any]:
    """The policy a lot is to be scored under."""
    changed = copy.deepcopy(policy)
    changed["areas"]["FR"] = [country] if country else []
    return changed


@given(
    archived=st.lists(cases(with_policy=False), min_size=1, max_size=5),
    policy=policies([]),
    buyers=st.lists(st.sampled_from(BUYERS), min_size=5, max_size=5),
)
def test_each_lot_is_won_as_under_the_policy_of_its_own_country(
    archived: list[dict[str, Any]],
    policy: dict[str, Any],
    buyers: list[str | None],
) -> None:
    archived = readable(archived, policy)
    study = Study(archive(archived, buyers), policy, local_area="FR")
    expected = [winner(case, at_home(policy, buyer)) for case, buyer in zip(archived, buyers, strict=False)]
    assert won(study.snapshot, study.winners(Scenario())) == expected


@given(
    archived=st.lists(cases(with_policy=False), min_size=1, max_size=4),
    policy=policies([]),
    buyer=st.sampled_from(BUYERS),
)
def test_its_figures_are_those_of_whole_score_sheets(
    archived: list[dict[str, Any]],
    policy: dict[str, Any],
    buyer: str | None,
) -> None:
    archived = readable(archived, policy)
    snapshot = archive(archived, [buyer] * len(archived))
    result = Study(snapshot, policy, local_area="FR").run([Scenario()])
    local = at_home(policy, buyer)
    assert told(result.figures[0]) == slow_figures(archived, local, local)
    assert result.certificate.settled + result.certificate.kernel + result.certificate.redone == len(archived)


HOME = preference(effect("local", driver="share:HOME", amount="0"), areas={**AREAS, "HOME": []})
THREE = Scenario({"measures.local.amount": "3"})


def two_countries() -> list[dict[str, Any]]:
    """A bid with French goods at 103 against one with Chinese goods at 100."""
    return [lot(goods("A", "103"), goods("B", "100", country="CN")) for _ in range(3)]


def test_the_preference_goes_to_the_buyers_own_country_and_to_nobody_where_it_is_not_known() -> None:
    study = Study(archive(two_countries(), ["FR", "CN", None]), HOME, local_area="HOME")
    assert won(study.snapshot, study.winners(THREE)) == ["A", "B", "B"]
    assert study.lots_without_country == 1


def test_an_operator_is_at_home_in_the_country_of_the_buyer() -> None:
    stranger = {**goods("A", "100"), "supplier": {"name": "A", "country": "CN"}}
    archived = [lot(stranger, goods("B", "101")) for _ in range(3)]
    gate = preference({"id": "own", "kind": "gate", "when": {"supplier_not_in": "HOME"}}, areas=HOME["areas"])
    study = Study(archive(archived, ["FR", "CN", None]), gate, local_area="HOME")
    assert won(study.snapshot, study.winners(Scenario())) == ["B", "A", None]


def test_the_curve_and_the_room_are_those_of_the_lots_own_policy() -> None:
    study = Study(archive(two_countries(), ["FR", "CN", "PL"]), HOME, local_area="HOME")
    policy = THREE.policy(HOME)
    curve = step_curve(study.prepared(THREE), policy, "local", Fraction(0), Fraction(5))
    assert (curve.lots.tolist(), curve.bids.tolist()) == ([0], [0])
    assert room(study, 0, 0, policy) == Room(with_policy=509, without=0)  # 40 × 100 ÷ 108.10 is 37.00, and 3 a tie


def test_an_area_that_is_not_there_is_told_with_those_that_are() -> None:
    snapshot = Snapshot.__new__(Snapshot)
    with pytest.raises(
        BadScenario, match="has no area ABROAD to stand for the contract's country: it has EU, FR, GPA, TARGETED, a:b"
    ):
        Study(snapshot, HOME, local_area="ABROAD")
