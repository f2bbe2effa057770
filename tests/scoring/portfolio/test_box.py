"""How often each bid wins over a box of amounts: the same for the same seed, and true to what it samples."""

from __future__ import annotations

from fractions import Fraction

import pytest

from scoring.portfolio.box import sample
from scoring.portfolio.problems import BadScenario
from scoring.portfolio.sweep import Study

from .archives import archive
from .test_sweep import POLICY, market

BOX = {"measures.european.amount": (Fraction(0), Fraction(4))}


def test_every_sample_of_a_lot_is_won_by_one_bid() -> None:
    study = Study(archive(market()), POLICY)
    shares = sample(study, BOX, samples=300, seed=7)
    assert sum(shares.wins.tolist()) == 3 * 300
    assert shares.wins.tolist()[2] == 300  # the only bid of its lot


def test_the_share_is_within_its_stated_error_of_the_truth() -> None:
    """A beats B once the bonus makes up for 1.17 points of 40: over 0 to 4, in (4 − 1.17) ÷ 4 of the box."""
    shares = sample(Study(archive(market()), POLICY), BOX, samples=400, seed=1)
    assert abs(shares.wins[0] / 400 - (4 - 1.17) / 4) <= shares.error


def test_the_same_seed_draws_the_same_samples() -> None:
    study = Study(archive(market()), POLICY)
    one, two, other = (sample(study, BOX, samples=50, seed=seed).wins.tolist() for seed in (3, 3, 4))
    assert one == two != other


def test_the_table_has_every_lot_and_each_sample_of_it_once() -> None:
    shares = sample(Study(archive(market()), POLICY), BOX, samples=200, seed=7)
    rows = shares.table().to_pylist()
    assert sorted(row["number"] for row in rows) == [0, 1, 2]
    assert all(sum(row["wins"]) + row["nobody"] == 200 for row in rows)
    assert [row["own"] for row in rows] == sorted(row["own"] for row in rows)
    assert all(row["own"] == row["wins"][row["before_place"]] for row in rows if row["before_place"] is not None)
    assert all(row["most_wins"] == max(row["wins"]) for row in rows)


def test_lots_are_steady_overturned_or_contested_and_every_winner_is_certified() -> None:
    shares = sample(Study(archive(market()), POLICY), BOX, samples=200, seed=7)
    document, own = shares.document(), [row["own"] for row in shares.table().to_pylist()]
    assert document["steady"] == own.count(200)
    assert document["steady"] + document["overturned"] + document["contested"] == document["lots"] == 3
    assert document["contested"] > 0
    known = document["certificate"]
    assert known["settled"] + known["kernel"] + known["redone"] == 3 * 200
    assert known["unverified"] == 0


def test_what_ends_the_work_ends_it_between_samples() -> None:
    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        sample(Study(archive(market()), POLICY), BOX, samples=9, seed=1, heed=stop)


def test_a_range_that_goes_backwards_is_refused() -> None:
    with pytest.raises(
        BadScenario, match=r"measures\.european\.amount is to go from 4 to 0: that range goes backwards"
    ):
        sample(
            Study(archive(market()), POLICY),
            {"measures.european.amount": (Fraction(4), Fraction(0))},
            samples=9,
            seed=1,
        )
