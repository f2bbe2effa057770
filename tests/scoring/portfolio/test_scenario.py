"""A scenario names what it changes; what it does not find, it refuses."""

from __future__ import annotations

import copy

import pytest

from scoring.portfolio.problems import BadScenario
from scoring.portfolio.scenario import Scenario
from tests.scoring.documents import effect, preference

POLICY = preference(effect("european", amount="5"), effect("green", amount="3"), bonus_cap="8")


def test_a_path_leads_through_members_named_by_their_id() -> None:
    changed = Scenario({"measures.green.amount": "4", "bonus_cap": "6"}).document(POLICY)
    assert [measure["amount"] for measure in changed["measures"]] == ["5", "4"]
    assert changed["bonus_cap"] == "6"
    assert POLICY["measures"][1]["amount"] == "3"


def test_a_path_leads_to_a_member_whose_id_has_points() -> None:
    policy = preference(effect("v1", amount="1"), effect("v1.2", amount="3"))
    changed = Scenario({"measures.v1.2.amount": "4", "measures.v1.amount": "2"}).document(policy)
    assert [(measure["id"], measure["amount"]) for measure in changed["measures"]] == [("v1", "2"), ("v1.2", "4")]


def test_a_limit_that_the_policy_leaves_out_can_be_set() -> None:
    scheme = {"id": "scheme", "base": "contract", "tiers": [["0.5", "0.02"]]}
    plain = preference(effect("european"), cashback=scheme)
    policy = Scenario({"bonus_cap": "6", "cashback.envelope_year": "100"}).policy(plain)
    assert policy.bonus_cap == 6
    assert policy.cashback is not None
    assert policy.cashback.envelope_year == 100
    with pytest.raises(BadScenario, match="has no envelope_year there: it has nothing"):
        Scenario({"cashback.envelope_year": "100"}).policy({**plain, "cashback": None})
    with pytest.raises(BadScenario, match="has no envelope there"):
        Scenario({"cashback.envelope": "100"}).policy(plain)


def test_the_last_of_two_scenarios_has_the_last_word() -> None:
    both = Scenario({"bonus_cap": "6"}).then(Scenario({"bonus_cap": "7", "measures.green.amount": "1"}, "both"))
    assert both == Scenario({"bonus_cap": "7", "measures.green.amount": "1"}, "both")


def test_the_hash_is_that_of_the_changes_in_any_order_and_under_any_name() -> None:
    one = Scenario({"bonus_cap": "6", "measures.green.amount": "1"}, "one")
    two = Scenario({"measures.green.amount": "1", "bonus_cap": "6"}, "two")
    assert one.sha256 == two.sha256 != Scenario({"bonus_cap": "6"}).sha256


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("measures.blue.amount", "has no blue there: it has european, green"),
        ("measures.green.size", "has no size there: it has id, kind, driver, amount"),
        ("cap", "has no cap there: it has schema"),
        ("bonus_cap.units", "has no units there: it has nothing"),
        ("", "has no  there"),
    ],
)
def test_a_path_to_nothing_is_refused_with_what_is_there(path: str, said: str) -> None:
    with pytest.raises(BadScenario, match=said):
        Scenario({path: "1"}).document(POLICY)


def test_what_results_must_be_a_policy() -> None:
    with pytest.raises(BadScenario, match="makes no policy: /measures/1/amount"):
        Scenario({"measures.green.amount": "much"}).policy(POLICY)
    backwards = [["1", "0"], ["0", "1"]]
    policy = preference(effect("green", curve=[["0", "0"], ["1", "1"]]))
    with pytest.raises(BadScenario, match="makes no policy: /measures/0/curve"):
        Scenario({"measures.green.curve": backwards}).policy(policy)


def test_a_policy_is_left_as_it_was_by_its_scenarios() -> None:
    policy = preference(effect("european"), effect("green"))
    before = copy.deepcopy(policy)
    Scenario({"measures.european.amount": "9", "measures.green.amount": "8", "areas.EU.0": "IT"}).document(policy)
    assert policy == before
