"""The documents of a sweep: parts made anywhere come together to the same bytes, or not at all."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.canonical import canonical
from scoring.portfolio.documents import assembled, baseline, certificate, part, scenarios_sha256
from scoring.portfolio.problems import BadParts
from scoring.portfolio.scenario import Scenario
from scoring.portfolio.sweep import Study
from scoring.portfolio.winners import Certificate
from tests.scoring.documents import effect, preference
from tests.scoring.policies import policies
from tests.scoring.strategies import cases

from .archives import archive
from .test_sweep import POLICY, market
from .test_winners import readable

CODE = "c0de"
SCENARIOS = [Scenario({"measures.european.amount": amount}) for amount in ("0", "1", "3", "5", "7.5")]


@pytest.fixture(scope="module")
def study() -> Study:
    return Study(archive(market()), POLICY)


@pytest.fixture
def parts(study: Study) -> list[dict[str, Any]]:
    return [part(study, each, code=CODE) for each in (SCENARIOS[:2], SCENARIOS[2:3], SCENARIOS[3:])]


def test_the_parts_make_one_document_whatever_their_size_and_order(study: Study, parts: list[dict[str, Any]]) -> None:
    replayed = baseline(study, code=CODE)
    whole = assembled(SCENARIOS, replayed, [part(study, SCENARIOS, code=CODE)])
    for seed in range(3):
        random.Random(seed).shuffle(parts)
        other = Study(archive(market()), POLICY)  # of another worker
        assert canonical(assembled(SCENARIOS, baseline(other, code=CODE), parts)) == canonical(whole)


def test_the_document_says_what_it_was_made_from_and_what_each_scenario_does(study: Study) -> None:
    document = assembled(SCENARIOS, baseline(study, code=CODE), [part(study, SCENARIOS, code=CODE)])
    assert document["bound"]["data"] == study.snapshot.sha256
    assert document["bound"]["scenarios"] == scenarios_sha256(SCENARIOS)
    assert document["provenance"]["marks"] == "simulated"
    assert document["static"] == "bids unchanged"
    assert document["baseline"] == {
        "lots": 3,
        "reproduced": 3,
        "different": [],
        "without_winner": 0,
        "money": [{"currency": "EUR", "spend": 25_000, "european_value": 5_000}],
    }
    assert document["certificate"] == {"settled": 5, "kernel": 10, "redone": 0, "unverified": 0}
    three = document["scenarios"][2]
    assert three["changes"] == {"measures.european.amount": "3"}
    assert (three["changed"], three["money"][0]["spend"], three["money"][0]["european_value"]) == (1, 25_300, 15_300)


def test_a_missing_a_doubled_and_an_unasked_scenario_are_refused(study: Study, parts: list[dict[str, Any]]) -> None:
    replayed = baseline(study, code=CODE)
    with pytest.raises(BadParts, match=r"No part of the simulation has the scenario measures.european.amount = 3"):
        assembled(SCENARIOS, replayed, [parts[0], parts[2]])
    with pytest.raises(BadParts, match=r"The scenario measures.european.amount = 3 was computed in two parts"):
        assembled(SCENARIOS, replayed, [*parts, parts[1]])
    with pytest.raises(BadParts, match=r"A part has the scenario measures.european.amount = 7.5: nobody asked for it"):
        assembled(SCENARIOS[:4], replayed, parts)
    with pytest.raises(BadParts, match=r"measures.european.amount = 0, or it was asked for twice"):
        assembled([*SCENARIOS, SCENARIOS[0]], replayed, parts)


@pytest.mark.parametrize("key", ["data", "policy", "code"])
def test_parts_made_from_different_things_are_not_put_together(
    study: Study, parts: list[dict[str, Any]], key: str
) -> None:
    parts[1]["bound"][key] = "another"
    with pytest.raises(BadParts, match=f"made from other things than its baseline: .*{key} = another"):
        assembled(SCENARIOS, baseline(study, code=CODE), parts)


def test_a_winner_that_nobody_decided_is_found_out(study: Study, parts: list[dict[str, Any]]) -> None:
    assert certificate(Certificate(1, 2, 3), 6)["unverified"] == 0
    with pytest.raises(BadParts, match="5 winners were decided, and there are 6 to decide"):
        certificate(Certificate(1, 2, 2), 6)
    parts[0]["certificate"]["kernel"] -= 1
    with pytest.raises(BadParts, match="14 winners were decided, and there are 15 to decide"):
        assembled(SCENARIOS, baseline(study, code=CODE), parts)


@given(archived=st.lists(cases(with_policy=False), min_size=0, max_size=5), policy=policies([]))
def test_a_scenario_that_does_nothing_changes_nothing_anywhere(
    archived: list[dict[str, Any]], policy: dict[str, Any]
) -> None:
    """Nothing: no measure, and neither a European area nor indicators that a tie could be broken by."""
    archived = readable(archived, policy)
    nothing = {**copy.deepcopy(policy), "measures": [], "indicators": [], "european_area": "NOWHERE"}
    study = Study(archive(archived), nothing)
    document = assembled([Scenario()], baseline(study, code=CODE), [part(study, [Scenario()], code=CODE)])
    (scenario,) = document["scenarios"]
    assert document["baseline"]["reproduced"] == len(archived)
    assert (scenario["changed"], scenario["grams"], scenario["untold"]) == (0, 0, 0)
    assert scenario["without_winner"] == document["baseline"]["without_winner"]
    for before, after in zip(document["baseline"]["money"], scenario["money"], strict=True):
        assert {key: after[key] for key in before} == before
        assert after["cashback"] == after["deadweight"]


def test_amounts_of_nothing_change_nothing() -> None:
    study = Study(archive(market()), preference(effect("european", amount="0"), effect("other", amount="0")))
    scenarios = [Scenario({"bonus_cap": cap}) for cap in (None, "0", "10")]
    assert [each["changed"] for each in part(study, scenarios, code=CODE)["scenarios"]] == [0, 0, 0]
