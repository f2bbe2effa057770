"""Scenarios read together are those read one by one, and what is wrong with one is said the same way."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.canonical import sha256
from scoring.portfolio.asked import read_all, structure_of
from scoring.portfolio.problems import BadScenario
from scoring.portfolio.scenario import Scenario
from tests.scoring.documents import effect, preference, scheme

POLICY = preference(
    effect("european", amount="1"),
    effect("cheaper", "deduct_from_price", amount="0.1"),
    {"id": "floor", "kind": "floor", "driver": "european_share", "amount": "0.1"},
    cashback=scheme(),
    bonus_cap="4",
)
CHANGES = st.dictionaries(
    st.sampled_from(
        [
            "measures.european.amount",
            "measures.cheaper.amount",
            "measures.floor.amount",
            "bonus_cap",
            "cashback.minimum_contract",
        ]
    ),
    st.sampled_from(["0", "0.1", "0.25", "0.50"]),
    max_size=4,
)


@given(changes=st.lists(CHANGES, min_size=1, max_size=8))
def test_read_together_or_one_by_one(changes: list[dict[str, Any]]) -> None:
    scenarios = [Scenario(each) for each in changes]
    found = read_all(POLICY, scenarios)
    for scenario, asked in zip(scenarios, found, strict=True):
        document, policy = scenario.read(POLICY)
        assert asked.policy == policy
        assert (asked.structure, asked.scheme) == (structure_of(document), sha256(document.get("cashback")))


@pytest.mark.parametrize(
    "wrong",
    [
        {"measures.european.amount": "many"},
        {"measures.european.amount": ["1"]},
        {"measures.european.amount": 1},
        {"measures.cheaper.amount": "2"},
        {"measures.dearer.amount": "2"},
        {"bonus_cap": "much"},
    ],
)
def test_what_one_says_wrong_is_said_as_if_it_were_alone(wrong: dict[str, Any]) -> None:
    scenarios = [
        Scenario(dict.fromkeys(wrong, "0.1")) if "dearer" not in str(wrong) else Scenario(),
        Scenario(wrong),
    ]
    with pytest.raises(BadScenario) as alone:
        scenarios[1].read(POLICY)
    with pytest.raises(BadScenario) as together:
        read_all(POLICY, scenarios)
    assert str(together.value) == str(alone.value)
