"""Winners by tables of whole units: the same as by floats and as the engine's, whatever the scenario and its size."""

from __future__ import annotations

from fractions import Fraction
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.numbers import rounded_units
from scoring.policy_reading import read_policy
from scoring.portfolio import tables
from scoring.portfolio.batches import LANES
from scoring.portfolio.buckets import Even
from scoring.portfolio.coded import Coded
from scoring.portfolio.columns import facts_of
from scoring.portfolio.tables import MOST_VALUES, Values
from scoring.portfolio.winners import UNKNOWN, Certificate, Prepared
from tests.scoring.documents import effect, lot, preference, price, quality
from tests.scoring.policies import policies
from tests.scoring.strategies import cases

from .archives import archive, goods, winner, with_amount, won
from .test_winners import readable

BUDGET = settings().max_examples
AMOUNTS = [f"{place * 0.125:.3f}" for place in range(LANES + 3)]
DECIMALS = st.sampled_from([0, 1, 2, 3, 6])


def winners_of(archived: list[dict[str, Any]], documents: list[dict[str, Any]]) -> tuple[list[Any], Certificate, Any]:
    """Who wins each lot under policies that differ in amounts, the certificate, and the columns."""
    facts = facts_of(archive(archived))
    known = [read_policy(document) for document in documents]
    prepared = Prepared(facts, known[0])
    winners = np.full((len(known), facts.lots), UNKNOWN)
    for answers in prepared.answers(known, np.full(facts.lots, UNKNOWN)):
        one = answers.apart()
        winners[one.scenarios, one.lots] = one.bids
    return [won(facts.snapshot, row) for row in winners], prepared.certificate, prepared


def by_engine(archived: list[dict[str, Any]], documents: list[dict[str, Any]]) -> list[Any]:
    return [[winner(case, document) for case in archived] for document in documents]


@given(archived=st.lists(cases(with_policy=False), min_size=1, max_size=5), policy=policies([]))
def test_tables_and_floats_name_the_winners_of_the_engine(
    archived: list[dict[str, Any]], policy: dict[str, Any]
) -> None:
    archived = readable(archived, policy)
    expected = by_engine(archived, [policy])
    assert winners_of(archived, [policy])[0] == expected
    with patch.object(tables, "MOST_VALUES", 0):
        assert winners_of(archived, [policy])[0] == expected


@st.composite
def alike(draw: st.DrawFn) -> dict[str, Any]:
    """A lot of bids so alike that totals are equal, and some bids the same in all."""
    decimals = draw(DECIMALS)
    shares = draw(st.lists(st.sampled_from(["0", "0.125", "0.5", "0.3", "1"]), min_size=2, max_size=9))
    prices = draw(st.lists(st.sampled_from(["100", "100", "100.1", "103"]), min_size=9, max_size=9))
    bids = [goods(f"B{place}", prices[place], share) for place, share in enumerate(shares)]
    return lot(*bids, criteria=[price("40"), quality("60")], rounding={"decimals": decimals})


@settings(max_examples=max(BUDGET // 4, 5))
@given(
    archived=st.lists(alike(), min_size=1, max_size=4),
    cap=st.sampled_from([None, "0", "1.5", "2.125", "100"]),
    count=st.sampled_from([1, 5, 6, LANES, LANES + 3]),
    sign=st.sampled_from(["", "-"]),
)
def test_scenarios_side_by_side_are_each_the_engines(
    archived: list[dict[str, Any]], cap: str | None, count: int, sign: str
) -> None:
    policy = preference(effect("european"), effect("domestic"), bonus_cap=cap)
    documents = [
        with_amount(with_amount(policy, "european", f"{sign}{amount}"), "domestic", AMOUNTS[-1 - place])
        for place, amount in enumerate(AMOUNTS[:count])
    ]
    found, certificate, _ = winners_of(archived, documents)
    assert found == by_engine(archived, documents)
    assert certificate.redone == 0


def test_many_measures_add_up_to_one_bonus() -> None:
    policy = preference(*(effect(f"part-{place}", amount="0.335") for place in range(4)), bonus_cap="1")
    archived = [lot(goods("A", "103", share), goods("B", "100", "0.5")) for share in ("1", "0.7", "0.2", "0")]
    documents = [with_amount(policy, "part-2", amount) for amount in AMOUNTS]
    assert winners_of(archived, documents)[0] == by_engine(archived, documents)


@pytest.mark.parametrize(
    ("decimals", "amount", "word"),
    [(2, "5", np.int16), (2, "500", np.int32), (6, "5", np.int32), (6, "50000", None), (2, "0.333333333333", np.int16)],
)
def test_integers_are_as_short_as_the_totals_allow(decimals: int, amount: str, word: type | None) -> None:
    policy = preference(effect("european", amount=amount))
    archived = [
        lot(goods("A", "103", share), goods("B", "100", "0.5"), rounding={"decimals": decimals})
        for share in ("1", "0.6", "0.1")
    ]
    found, _, prepared = winners_of(archived, [policy])
    known = prepared.amounts([read_policy(policy)], decimals).tables
    assert (known and known.word(2)) is word
    assert found == by_engine(archived, [policy])


def test_a_bid_far_behind_the_first_does_not_lead() -> None:
    """Units of the criteria are cut where no bonus makes up for them."""
    archived = [lot(goods("A", "900", "1"), goods("B", "1", "0"), rounding={"decimals": 3})]
    policy = preference(effect("european", amount="0.001"))
    documents = [with_amount(policy, "european", amount) for amount in AMOUNTS]
    assert winners_of(archived, documents)[0] == by_engine(archived, documents)


def test_coefficients_with_more_values_than_a_table_holds_are_left_to_floats() -> None:
    one = Fraction(1, 3)
    assert Values.of(Coded(np.zeros(1, dtype=np.int64), [one] * MOST_VALUES)) is not None
    assert Values.of(Coded(np.zeros(1, dtype=np.int64), [one] * (MOST_VALUES + 1))) is None
    assert Values.of(Coded(np.zeros(1, dtype=np.int64), [Fraction(1, 2**60)])) is None
    archived = [lot(goods("A", "103"), goods("B", "100"))]
    with patch.object(tables, "MOST_VALUES", 1):
        found, _, prepared = winners_of(archived, [preference(effect("european", amount="9"))])
    assert prepared.gathered.values is None
    assert [bucket.codes for bucket in prepared.gathered.buckets if isinstance(bucket, Even)] == [None]
    assert found == by_engine(archived, [preference(effect("european", amount="9"))])


@pytest.mark.parametrize("amount", ["0", "0.125", "-0.125", "7.005", "3.333333333333", "-1"])
def test_rows_of_a_table_are_rounded_half_away_from_zero(amount: str) -> None:
    coefficients = [Fraction(n, d) for n in (-7, -1, 0, 1, 4, 5) for d in (1, 2, 7, 1000)]
    values = Values.of(Coded(np.zeros(1, dtype=np.int64), coefficients))
    assert values is not None
    amounts = [Fraction(amount) * 100, Fraction(1, 3)]
    found = values.units(amounts)
    assert found is not None
    assert found.tolist() == [[rounded_units(each * value, 0) for value in coefficients] for each in amounts]
    assert values.units([Fraction(2**61)]) is None
    assert values.units([Fraction(2**28)]) is None
