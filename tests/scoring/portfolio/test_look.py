"""One scenario looked at closely: its groups add up, its changed lots say who won and who would."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.canonical import canonical
from scoring.portfolio.documents import part
from scoring.portfolio.groups import By, Group
from scoring.portfolio.kernels import NOBODY
from scoring.portfolio.look import Look, look
from scoring.portfolio.scenario import Scenario
from scoring.portfolio.sweep import Study
from tests.scoring.documents import lot
from tests.scoring.policies import policies
from tests.scoring.strategies import cases

from .archives import archive, goods
from .test_sweep import POLICY, market
from .test_winners import readable

THREE = Scenario({"measures.european.amount": "3"})
SIDES: tuple[By, ...] = ("hospital", "family", "country")


@pytest.fixture(scope="module")
def three() -> Look:
    return look(Study(archive(market()), POLICY), THREE)


def slow_groups(seen: Look, by: By) -> list[Group]:
    """The groups lot by lot."""
    study, snapshot = seen.study, seen.study.snapshot
    names = snapshot.bid("country") if by == "country" else snapshot.lot({"hospital": "hospital", "family": "cpv"}[by])
    sums: dict[tuple[str | None, str], list[int]] = defaultdict(lambda: [0] * 8)
    for number, (old, new) in enumerate(zip(study.baseline.winners.tolist(), seen.winners.tolist(), strict=True)):
        currency = snapshot.lot("currency")[number].as_py()
        for side, bid in enumerate((old, new)):
            name = names[number].as_py() if by != "country" else None if bid == NOBODY else names[bid].as_py()
            row = sums[name[:3] if by == "family" and name else name, currency]
            row[0] += side and (by != "country" or bid != NOBODY)
            row[1] += side and old != new
            if bid != NOBODY:
                row[2 + side] += int(study.ruler.price[bid])
                row[4 + side] += int(study.ruler.european_value[bid])
            row[6] += side and int(seen.rooms.rents[number])
            row[7] += side and int(seen.rooms.unbounded[number])
    order = sorted(sums.items(), key=lambda item: (item[0][0] or "", item[0][1]))
    return [Group(name, currency, *row) for (name, currency), row in order]


@given(archived=st.lists(cases(with_policy=False), min_size=0, max_size=6), policy=policies([]))
def test_groups_and_changed_lots_are_those_counted_one_by_one(
    archived: list[dict[str, Any]], policy: dict[str, Any]
) -> None:
    study = Study(archive(readable(archived, policy)), policy)
    seen = look(study, Scenario())
    for by in SIDES:
        assert seen.grouped(by) == slow_groups(seen, by)
    table = seen.table()
    assert table["number"].to_pylist() == [
        number for number in range(len(study.snapshot)) if seen.winners[number] != study.baseline.winners[number]
    ]
    ids = study.snapshot.bid("id").to_pylist()
    for row in table.to_pylist():
        for side, winners in (("before", study.baseline.winners), ("after", seen.winners)):
            winner = int(winners[row["number"]])
            assert row[f"{side}_bid"] == (None if winner == NOBODY else ids[winner])
            assert row[f"{side}_price"] == (None if winner == NOBODY else int(study.ruler.price[winner]))


def test_groups_add_up_to_the_figures_of_the_sweep(three: Look) -> None:
    (figures,) = three.study.run([THREE]).figures
    for by in SIDES:
        groups = three.grouped(by)
        assert sum(group.spend_after for group in groups) == figures.money[0].spend
        assert sum(group.european_after for group in groups) == figures.money[0].european_value
        assert sum(group.lots for group in groups) == 3
        assert sum(group.changed for group in groups) == 1
        assert sum(group.rent for group in groups) == 509 - 2_181
        assert sum(group.unbounded for group in groups) == 1


def test_a_changed_lot_says_who_won_and_who_would_with_what_room(three: Look) -> None:
    assert three.table().to_pylist() == [
        {
            "number": 0,
            "lot": "0",
            "hospital": "hospital 0",
            "cpv": None,
            "country": "FR",
            "currency": "EUR",
            "before_bid": "B",
            "before_supplier": "S-1",
            "before_country": "FR",
            "before_price": 10_000,
            "after_bid": "A",
            "after_supplier": "S-1",
            "after_country": "FR",
            "after_price": 10_300,
            "european_before": 0,
            "european_after": 10_300,
            "room_with_policy": 509,
            "room_without": 0,
            "rent": 509,
        }
    ]


def test_the_document_has_the_same_figures_as_the_sweep(three: Look) -> None:
    document = three.document()
    (scenario,) = part(three.study, [THREE], code="")["scenarios"]
    assert document["scenario"] == scenario
    assert document["certificate"] == {"settled": 1, "kernel": 2, "redone": 0, "unverified": 0}
    assert document["changed"] == 1
    assert document["room"] == {"lots": 3, "unbounded": 1, "rent": [{"currency": "EUR", "rent": 509 - 2_181}]}
    assert document["groups"]["hospital"] == [asdict(group) for group in three.grouped("hospital")]
    assert canonical(document)


def test_a_look_at_nothing_shows_nothing() -> None:
    """Under the policy that the lots were scored under, which is none."""
    seen = look(Study(archive(market()), {**POLICY, "measures": []}), Scenario())
    assert len(seen.table()) == 0
    assert seen.document()["room"]["rent"] == [{"currency": "EUR", "rent": 0}]
    for by in SIDES:
        for group in seen.grouped(by):
            assert group.changed == 0
            assert (group.spend_before, group.european_before) == (group.spend_after, group.european_after)


def test_lots_that_nobody_wins_any_more_have_no_supplier() -> None:
    gate = {"id": "gate", "kind": "gate", "when": {"supplier_in": "EU"}}
    seen = look(Study(archive([lot(goods("A", "100"))]), {**POLICY, "measures": [gate]}), Scenario())
    (row,) = seen.table().to_pylist()
    empty = {name for name, value in row.items() if value is None}
    assert {"after_bid", "after_price", "european_after", "room_with_policy", "rent"} <= empty
    assert seen.document()["room"]["lots"] == 0
    assert [(group.name, group.lots) for group in seen.grouped("country")] == [(None, 0), ("FR", 0)]


def test_the_columns_of_changed_lots_keep_their_types_where_there_are_none(three: Look) -> None:
    nothing = look(three.study, Scenario({"measures.european.amount": "0"}))
    assert nothing.table().schema == three.table().schema
    assert nothing.table().schema.field("rent").type == pa.int64()
