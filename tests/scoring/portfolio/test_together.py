"""Answers that several scenarios share: each scenario once, and the same sums as one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.portfolio.batches import LANES, Batches
from scoring.portfolio.figures import Sums
from scoring.portfolio.scenario import Scenario
from scoring.portfolio.sweep import Study
from scoring.portfolio.together import Shared
from tests.scoring.documents import lot, offer

from .archives import archive, goods
from .test_sweep import POLICY


@given(
    points=st.lists(st.tuples(st.integers(0, 50), st.integers(-9, 9)), min_size=1, max_size=4 * LANES + 3),
)
def test_every_scenario_is_in_one_batch_once(points: list[tuple[int, int]]) -> None:
    batches = Batches.of(np.array(points))
    real = [members[:size].tolist() for members, size in zip(batches.members, batches.sizes, strict=True)]
    assert sorted(each for own in real for each in own) == list(range(len(points)))
    assert len(real) == -(-len(points) // LANES)
    for members, own in zip(batches.members.tolist(), real, strict=True):
        assert set(members) == set(own)


@pytest.mark.parametrize("count", [6, LANES, LANES + 6, 3 * LANES])
def test_sums_of_shared_answers_are_those_one_by_one(count: int) -> None:
    said = {"environment": {"co2e": {"value": "120.5"}}}
    archived = [
        lot(
            {**goods("A", str(100 + number), "0.8"), **said},
            {**goods("B", "100", "0.1", "CN"), **said},
            goods("C", "101"),
        )
        for number in range(8)
    ] + [lot(offer("D"), offer("E")), lot(goods("F", "104", "1"), offer("G", "100"), offer("H", "100"))]
    study = Study(archive(archived), POLICY, carbon="co2e")
    scenarios = [Scenario({"measures.european.amount": f"{number / 16:.4f}"}) for number in range(count)]
    found = study.run(scenarios).figures
    prepared, asked = study.prepared(Scenario()), [scenario.policy(POLICY) for scenario in scenarios]
    cashback = next(iter(study._cashback.values()))
    sums = Sums(study.ruler, cashback, asked[0].cashback, study.baseline, count)
    shared = 0
    for answers in prepared.answers(asked, study.baseline.winners):
        shared += isinstance(answers, Shared)
        sums.add(answers.apart())
    assert shared
    assert found == tuple(sums.figures())
    assert any(each.changed for each in found)
