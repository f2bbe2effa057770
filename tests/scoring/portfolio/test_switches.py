"""The step curve as a document and a table: every count is that of the winners there."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scoring.portfolio import curve as curves
from scoring.portfolio import switches as counted
from scoring.portfolio.problems import BadScenario
from scoring.portfolio.scenario import Scenario
from scoring.portfolio.sweep import Study
from scoring.portfolio.switches import switches
from tests.scoring.documents import effect, lot, preference
from tests.scoring.policies import policies
from tests.scoring.strategies import cases

from .archives import archive, goods
from .test_curve import winners_at
from .test_sweep import POLICY, market
from .test_winners import readable

PATH = "measures.european.amount"
RANGE = [Scenario({PATH: amount}) for amount in ("5", "0", "10")]


@given(archived=st.lists(cases(with_policy=False), min_size=1, max_size=4), policy=policies([]))
def test_the_changed_lots_at_every_step_are_those_the_engine_counts(
    archived: list[dict[str, Any]], policy: dict[str, Any]
) -> None:
    adding = [measure["id"] for measure in policy["measures"] if measure["kind"] == "add_points"]
    assume(adding)
    assume(all(measure["kind"] != "scale_score" for measure in policy["measures"]))
    archived = [{**case, "rounding": {"decimals": 1}} for case in readable(archived, policy)]
    study = Study(archive(archived), policy)
    path = f"measures.{adding[0]}.amount"
    found = switches(study, [Scenario({path: amount}) for amount in ("0.5", "2")], path)
    recorded = winners_at(study.snapshot, {**policy, "measures": []}, adding[0], Fraction(0))
    recorded = [None if bid < 0 else study.snapshot.bid("id")[int(bid)].as_py() for bid in study.baseline.winners]
    for top, bottom, changed in found.document()["changed"][:12]:
        now = winners_at(study.snapshot, policy, adding[0], Fraction(int(top), int(bottom)))
        assert changed == sum(one != other for one, other in zip(now, recorded, strict=True))


def test_every_switch_has_who_led_and_who_leads() -> None:
    study = Study(archive(market()), POLICY)
    (only,) = switches(study, RANGE, PATH).table(study).to_pylist()
    assert only == {
        "top": "47",  # 40 × 100 ÷ 103 is 38.83, 1.17 less than 40; 1.175 is rounded to 1.18, the first to pass it
        "bottom": "40",
        "number": 0,
        "lot": "0",
        "before_supplier": "S-1",
        "before_country": "FR",
        "after_supplier": "S-1",
        "after_country": "FR",
    }


def test_a_measure_whose_id_has_points_has_its_curve() -> None:
    study = Study(archive(market()), preference(effect("law.12")))
    path = "measures.law.12.amount"
    document = switches(study, [Scenario({path: amount}) for amount in ("0", "10")], path).document()
    assert document["changed"] == [["0", "1", 0], ["47", "40", 1]]


def test_a_lot_that_nobody_leads_for_a_while_has_no_supplier_then() -> None:
    archived = [lot(goods("A", "100", "0.51"), goods("B", "100", "0.5"), tie_break=[])]
    study = Study(archive(archived), POLICY)
    rows = switches(study, RANGE, PATH).table(study).to_pylist()
    assert rows[0]["before_supplier"] is None
    assert {row["before_supplier"] for row in rows} | {row["after_supplier"] for row in rows} == {None, "S-1"}


def test_a_long_curve_is_thinned_to_steps_that_stay_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first and the last steps are kept, and what is left out is in the table."""
    archived = [lot(goods("A", f"10{cents}"), goods("B", "100", "0.3")) for cents in range(9)]
    study = Study(archive(archived), POLICY)
    found = switches(study, RANGE, PATH)
    whole = found.document()
    monkeypatch.setattr(counted, "STEPS", 6)
    thin = found.document()
    assert len(thin["changed"]) == 6 < len(whole["changed"]) == whole["steps"] + 1
    assert [step for step in whole["changed"] if step in thin["changed"]] == thin["changed"]
    assert (thin["changed"][0], thin["changed"][-1]) == (whole["changed"][0], whole["changed"][-1])
    assert thin["switches"] == len(found.table(study))


def test_a_curve_without_a_switch_is_its_start() -> None:
    study = Study(archive([lot(goods("A", "100"), goods("B", "400"))]), POLICY)
    document = switches(study, RANGE, PATH).document()
    assert (document["switches"], document["changed"]) == (0, [["0", "1", 0]])


def test_what_has_no_curve_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = preference(effect("european"), effect("cheaper", "deduct_from_price", amount="0.1"), bonus_cap="10")
    study = Study(archive(market()), policy)
    with pytest.raises(BadScenario, match="bonus_cap is not the amount of a measure: it has no step curve"):
        switches(study, [Scenario({"bonus_cap": "3"})], "bonus_cap")
    with pytest.raises(BadScenario, match="needs a number for it in every scenario, and one has None"):
        switches(study, [Scenario()], PATH)
    with pytest.raises(BadScenario, match="is to go from 3 to 3: it rises"):
        switches(study, [Scenario({PATH: "3"})], PATH)
    monkeypatch.setattr(curves, "BY_ENGINE", 10)
    with pytest.raises(
        BadScenario, match=r"move the prices or totals of 2 lots, whose exact curve has some 2000 steps"
    ):
        switches(study, RANGE, PATH)


class Patience:
    """What is asked whether the work is still wanted, so many times; then it is not."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.asked = 0

    def __call__(self) -> None:
        self.asked += 1
        if self.asked > self.most:
            raise InterruptedError


@pytest.mark.parametrize("moving", [(), (effect("cheaper", "deduct_from_price", amount="0.1"),)])
def test_a_curve_is_left_at_any_of_its_steps_and_drawn_whole_afterwards(moving: tuple[dict[str, Any], ...]) -> None:
    study = Study(archive(market()), preference(effect("european", amount="0"), *moving))
    values = [Scenario({PATH: amount}) for amount in ("0", "1")]
    whole = switches(study, values, PATH).document()
    steps = Patience(10_000)
    switches(study, values, PATH, heed=steps)
    assert steps.asked > (100 if moving else 1), "lots that the engine walks are left between two amounts"
    for most in range(min(steps.asked, 20)):
        with pytest.raises(InterruptedError):
            switches(study, values, PATH, heed=Patience(most))
    assert switches(study, values, PATH).document() == whole


def test_an_archive_is_left_while_it_is_made_ready_between_two_lots_that_take_the_engine() -> None:
    snapshot = archive([{**case, "policy": POLICY} for case in market()])
    steps, plain = Patience(1_000), Patience(1_000)
    Study(snapshot, POLICY, heed=steps)
    Study(archive(market()), POLICY, heed=plain)
    assert steps.asked == plain.asked + len(snapshot)
    for most in range(steps.asked):
        with pytest.raises(InterruptedError):
            Study(snapshot, POLICY, heed=Patience(most))
