"""Every winner of an archive is the one `scoring.evaluate` names, whatever the policy; and the certificate adds up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.policy_reading import read_policy
from scoring.portfolio import codes
from scoring.portfolio.columns import facts_of
from scoring.portfolio.problems import BadScenario, BadSnapshot
from scoring.portfolio.winners import all_winners
from tests.scoring.documents import effect, lot, offer, preference, price, quality
from tests.scoring.policies import policies
from tests.scoring.strategies import cases

from .archives import archive, goods, winner, won

BUDGET = settings().max_examples
PLAIN = st.lists(cases(with_policy=False), min_size=1, max_size=6)


def readable(archived: list[dict[str, Any]], policy: dict[str, Any]) -> list[dict[str, Any]]:
    """The cases whose evidence the policy can read: a document with a text for a number would be refused whole."""
    numbers = {each["id"] for each in policy["indicators"] if each["kind"] == "number"}
    words = {
        case_number
        for case_number, case in enumerate(archived)
        for bid in case["bids"]
        for key, item in bid.get("environment", {}).items()
        if key in numbers and not item["value"].replace(".", "").replace("-", "").isdecimal()
    }
    return [case for case_number, case in enumerate(archived) if case_number not in words]


@settings(max_examples=2 * BUDGET)
@given(archived=PLAIN, policy=policies([]))
def test_winners_under_any_policy_are_those_of_the_engine(
    archived: list[dict[str, Any]], policy: dict[str, Any]
) -> None:
    archived = readable(archived, policy)
    snapshot = archive(archived)
    winners, certificate = all_winners(facts_of(snapshot), read_policy(policy))
    assert won(snapshot, winners) == [winner(case, policy) for case in archived]
    assert certificate.settled + certificate.kernel + certificate.redone == len(archived)


@given(archived=PLAIN)
def test_winners_without_a_policy_are_those_of_the_engine(archived: list[dict[str, Any]]) -> None:
    snapshot = archive(archived)
    winners, _certificate = all_winners(facts_of(snapshot), None)
    assert won(snapshot, winners) == [winner(case, None) for case in archived]


@pytest.mark.parametrize("decimals", [0, 2, 6])
def test_a_bonus_that_ends_on_a_half_is_rounded_away_from_zero(decimals: int) -> None:
    """On a grid of shares and amounts half of the products end on the boundary: none may fall on the wrong side."""
    step = 10**-decimals
    criteria = [price("40"), quality("60")]
    archived = [
        lot(
            goods("A", "100", f"{share / 8}"),
            goods("B", "100", f"{other / 8}"),
            criteria=criteria,
            rounding={"decimals": decimals},
        )
        for share in range(9)
        for other in range(9)
    ]
    snapshot = archive(archived)
    for amount in range(0, 40, 3):
        policy = preference(effect("european", amount=f"{amount * step:.6f}"))
        winners, certificate = all_winners(facts_of(snapshot), read_policy(policy))
        assert won(snapshot, winners) == [winner(case, policy) for case in archived]
        assert certificate.redone <= len(archived) // 4  # those that stay tied; the kernel decides the others


def test_bids_that_stay_tied_leave_the_lot_without_a_winner() -> None:
    archived = [lot(offer("A"), offer("B"), offer("C", "100", "50"))]
    snapshot = archive(archived)
    winners, _ = all_winners(facts_of(snapshot), read_policy(preference(effect("european"))))
    assert winners.tolist() == [-1]


def test_numbers_too_large_for_the_kernels_are_left_to_the_engine() -> None:
    dear = lot(
        offer("A", "900000000000.37"), offer("B", "900000000000.36"), criteria=[price("40", "squared_ratio"), quality()]
    )
    archived = [{**dear, "rounding": {"decimals": 6}}, lot(offer("A", "100"), offer("B", "99"))]
    snapshot = archive(archived)
    winners, certificate = all_winners(facts_of(snapshot), None)
    assert won(snapshot, winners) == ["B", "B"]
    assert (certificate.kernel, certificate.redone) == (1, 1)


def test_a_formula_the_kernels_do_not_know_is_left_to_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(codes.FORMULAS, "squared_ratio")
    bids = [goods("A", "100"), goods("B", "99")]
    archived = [lot(*bids, criteria=[price("40", formula), quality()]) for formula in ("squared_ratio", "lowest_ratio")]
    snapshot = archive(archived)
    winners, certificate = all_winners(facts_of(snapshot), None)
    assert won(snapshot, winners) == ["B", "B"]
    assert (certificate.kernel, certificate.redone) == (1, 1)


def test_a_price_too_large_to_be_added_up_is_refused() -> None:
    with pytest.raises(BadSnapshot, match="The lot 0 has a price of 999999999999999999: an archive takes prices under"):
        archive([lot(offer("A", "999999999999999999"))])


def test_an_archive_without_lots_has_no_winners() -> None:
    winners, certificate = all_winners(facts_of(archive([])), read_policy(preference(effect("european"))))
    assert len(winners) == 0
    assert certificate.redone == certificate.kernel == certificate.settled == 0


def test_a_mark_that_a_lot_does_not_have_is_named() -> None:
    policy = preference(effect("clean", driver="mark:cleanliness"))
    with pytest.raises(BadScenario, match="reads the mark of the criterion cleanliness, which the lot 0 does not have"):
        all_winners(facts_of(archive([lot(offer("A"), offer("B"))])), read_policy(policy))


def test_a_text_where_the_policy_reads_a_number_is_told() -> None:
    bid = offer("A", environment={"co2": {"value": "low"}})
    indicator = {"id": "co2", "kind": "number", "weight": "1", "curve": [["0", "1"], ["9", "0"]]}
    policy = preference(effect("green", driver="environment"), indicators=[indicator])
    with pytest.raises(BadScenario, match="reads the indicator co2 as a number, and a bid says “low”"):
        all_winners(facts_of(archive([lot(bid, offer("B"))])), read_policy(policy))


def test_a_tie_is_broken_by_each_rule_in_its_turn() -> None:
    early, late = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"
    bids = [offer("A", submitted_at=late), offer("B", submitted_at=early), offer("C", "101")]
    archived = [
        lot(*bids, criteria=[quality("100")], tie_break=["earlier_submission", "lower_price"]),
        lot(*bids, criteria=[quality("100")], tie_break=["lower_price", "earlier_submission"]),
        lot(*bids, criteria=[quality("100")], tie_break=["lower_price"]),
        lot(*bids, criteria=[quality("100")], tie_break=[]),
    ]
    snapshot = archive(archived)
    winners, _ = all_winners(facts_of(snapshot), None)
    assert won(snapshot, winners) == ["B", "B", None, None] == [winner(case, None) for case in archived]
    assert winners.dtype == np.int64
