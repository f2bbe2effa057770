"""One scenario looked at closely."""

from __future__ import annotations

import pytest

from scoring.policy_reading import read_policy
from scoring.portfolio.detail import Change, changes, grouped, room
from scoring.portfolio.scenario import Scenario
from scoring.portfolio.sweep import Study
from tests.scoring.documents import lot, offer

from .archives import archive, goods, winner
from .test_sweep import POLICY, market

THREE = Scenario({"measures.european.amount": "3"})


def test_the_changed_lots_are_listed_with_who_won_and_who_would() -> None:
    study = Study(archive(market()), POLICY)
    assert list(changes(study, study.winners(THREE))) == [Change(lot=0, before=1, after=0)]


def test_groups_add_up_to_the_whole() -> None:
    study = Study(archive(market()), POLICY)
    (figures,) = study.run([THREE]).figures
    winners = study.winners(THREE)
    for by in ("hospital", "family", "country"):
        groups = grouped(study, winners, by)
        assert sum(group.spend_after for group in groups) == figures.money[0].spend
        assert sum(group.european_after for group in groups) == figures.money[0].european_value
        assert sum(group.lots for group in groups) == 3
        assert sum(group.changed for group in groups) == 1


def test_the_room_of_a_winner_is_the_last_cent_at_which_it_wins() -> None:
    study = Study(archive(market()), POLICY)
    policy = THREE.policy(POLICY)
    found = room(study, 0, 0, policy)
    assert found.without == 0
    assert found.with_policy is not None
    case = market()[0]
    for more, wins in ((found.with_policy, True), (found.with_policy + 1, False)):
        case["bids"][0] = goods("A", f"{103 + more / 100:.2f}")
        assert (winner(case, THREE.document(POLICY)) == "A") is wins
    assert found.rent == found.with_policy


def test_a_winner_without_a_rival_has_room_without_end() -> None:
    study = Study(archive(market()), POLICY)
    assert room(study, 1, 2, THREE.policy(POLICY)).rent is None


@pytest.mark.parametrize("formula", ["lowest_ratio", "linear_lowest", "high_low", "squared_ratio", "mean_bounded"])
def test_room_ends_where_the_engine_says_under_every_formula(formula: str) -> None:
    from tests.scoring.documents import price, quality

    case = lot(offer("A", "100", "80"), offer("B", "104", "60"), criteria=[price(formula=formula), quality()])
    study = Study(archive([case]), POLICY)
    found = room(study, 0, 0, read_policy(POLICY))
    if found.with_policy is None:
        case["bids"][0]["price"] = "99999999"
        assert winner(case, POLICY) == "A"
        return
    for more, wins in ((found.with_policy, True), (found.with_policy + 1, False)):
        case["bids"][0]["price"] = f"{100 + more / 100:.2f}"
        assert (winner(case, POLICY) == "A") is wins
