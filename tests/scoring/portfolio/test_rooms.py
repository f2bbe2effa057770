"""The room of winners, all lots at once: the engine's own, to the cent, whatever the policy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.policy_reading import read_policy
from scoring.portfolio import rivals
from scoring.portfolio.kernels import NOBODY
from scoring.portfolio.room import DEAREST, Room, last_raise, room, still_wins
from scoring.portfolio.rooms import Rooms, rooms_of
from scoring.portfolio.rows import case_of
from scoring.portfolio.scenario import Scenario
from scoring.portfolio.sweep import Study
from tests.scoring.documents import effect, lot, offer, preference, price, quality
from tests.scoring.policies import policies
from tests.scoring.strategies import PRICE_FORMULAS, cases

from .archives import archive, goods, winner
from .test_sweep import POLICY, market
from .test_winners import readable

BUDGET = settings().max_examples
THREE = Scenario({"measures.european.amount": "3"})


def found(study: Study, scenario: Scenario) -> list[Room | None]:
    """Of each lot; None where nobody wins."""
    all_rooms = rooms_of(study, scenario, study.winners(scenario))
    return [
        Room(None if endless_with else with_policy, None if endless_without else without) if won else None
        for won, with_policy, without, endless_with, endless_without in zip(
            all_rooms.won.tolist(),
            all_rooms.with_policy.tolist(),
            all_rooms.without.tolist(),
            all_rooms.endless_with.tolist(),
            all_rooms.endless_without.tolist(),
            strict=True,
        )
    ]


def by_engine(study: Study, scenario: Scenario) -> list[Room | None]:
    policy, winners = scenario.policy(study.policy), study.winners(scenario).tolist()
    return [None if bid == NOBODY else room(study, lot, bid, policy) for lot, bid in enumerate(winners)]


@settings(max_examples=2 * BUDGET)
@given(
    archived=st.lists(cases(with_policy=False), min_size=1, max_size=4),
    policy=policies([]),
    buyers=st.lists(st.sampled_from(["FR", "CN", None]), min_size=4, max_size=4),
    local=st.sampled_from(["", "FR"]),
)
def test_rooms_are_those_of_the_engine(
    archived: list[dict[str, Any]], policy: dict[str, Any], buyers: list[str | None], local: str
) -> None:
    study = Study(archive(readable(archived, policy), buyers), policy, local_area=local)
    assert found(study, Scenario()) == by_engine(study, Scenario())


@given(case=cases(with_policy=True), raises=st.lists(st.integers(0, 60), min_size=6, max_size=6))
def test_whoever_wins_at_a_price_wins_at_every_lower_one(case: dict[str, Any], raises: list[int]) -> None:
    """What halving rests on, and `scoring.portfolio.room` proves."""
    known = case_of(archive([{**case, "policy": None}]), 0, read_policy(case["policy"]))
    for place, bid in enumerate(known.bids):
        if bid.status == "admissible":
            wins = [still_wins(known, place, (1 << part) - 1) for part in sorted(raises) if part <= 50]
            assert wins == sorted(wins, reverse=True)


@pytest.mark.parametrize("formula", PRICE_FORMULAS)
@pytest.mark.parametrize("decimals", [0, 2, 6])
def test_room_ends_at_the_cent_at_which_the_engine_changes_its_mind(formula: str, decimals: int) -> None:
    params = {"ceiling": "300", "floor_price": "50"} if formula == "absolute_linear" else {}
    bids = [goods("A", "100"), goods("B", "104", "0.5"), offer("C", "180", "20")]
    criteria = [price(formula=formula, params=params), quality()]
    case = lot(*bids, criteria=criteria, rounding={"decimals": decimals})
    policy = preference(effect("european", amount="9"), bonus_cap="8")
    study = Study(archive([case]), policy)
    (both,) = found(study, Scenario())
    assert both is not None
    assert both.with_policy
    for more, wins in ((both.with_policy, True), (both.with_policy + 1, False)):
        raised = {**case, "bids": [goods("A", f"{100 + more / 100:.2f}"), *bids[1:]]}
        assert (winner(raised, policy) == "A") is wins


def test_rent_is_what_the_policy_adds_to_the_room_or_takes_from_it() -> None:
    """Nothing where the winner has no rival; less room for a winner whose European rival gains points."""
    study = Study(archive(market()), POLICY)
    all_rooms = rooms_of(study, THREE, study.winners(THREE))
    assert all_rooms.unbounded.tolist() == [False, True, False]
    assert all_rooms.rents.tolist() == [509, 0, -2_181]
    assert room(study, 2, 4, THREE.policy(POLICY)).rent == -2_181


def test_whoever_marks_alone_make_win_has_room_without_end() -> None:
    """No price is too high, the dearest of an archive included."""
    case = lot(offer("A", "100", "80"), offer("B", "100", "60"), criteria=[quality("100")])
    study = Study(archive([case]), POLICY)
    assert found(study, Scenario()) == [Room(None, None)]
    assert last_raise(case_of(study.snapshot, 0, None), 0) is None
    assert not still_wins(case_of(study.snapshot, 0, None), 1, 0)


def test_the_room_of_a_tie_broken_by_price_ends_under_the_price_of_the_other() -> None:
    bids = [offer("A", "100"), offer("B", "150")]
    for tie_break, expected in ((["lower_price"], 4_999), (["lower_price", "earlier_submission"], 5_000)):
        early = {**bids[0], "submitted_at": "2026-01-01T00:00:00Z"}
        study = Study(archive([lot(early, bids[1], criteria=[quality("100")], tie_break=tie_break)]), POLICY)
        assert found(study, Scenario()) == [Room(expected, expected)]


def test_lots_that_fit_no_kernel_are_asked_of_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rivals, "LARGEST_UNITS", 1)
    monkeypatch.setattr(rivals, "CASES", 1)
    study = Study(archive([*market(), *market()]), POLICY)
    assert found(study, THREE) == by_engine(study, THREE)


def test_the_dearest_price_of_an_archive_is_the_end() -> None:
    """A keeps more points of quality than B has in all."""
    case = lot(offer("A", "100", "100"), offer("B", "101", "10"), criteria=[price("10"), quality("90")])
    study = Study(archive([case]), POLICY)
    assert found(study, Scenario()) == [Room(None, None)]
    assert still_wins(case_of(study.snapshot, 0, None), 0, DEAREST - 10_000)


def test_rents_that_pass_64_bits_are_summed_all_the_same() -> None:
    largest = np.full(4_000, 2**52)
    nowhere = np.zeros(4_000, dtype=bool)
    all_rooms = Rooms(~nowhere, largest, np.zeros_like(largest), nowhere, nowhere)
    assert all_rooms.rents_by(np.arange(4_000) % 2, 2) == [2_000 * 2**52] * 2
