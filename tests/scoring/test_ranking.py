"""Ranks, ties, winners and the abnormally low alert."""

from __future__ import annotations

from typing import Any

import pytest

from scoring import evaluate

from .documents import Document, from_countries, lot, offer, placed, preference

TIED = [offer("B"), offer("A"), offer("a")]


def ranks(sheet: Document) -> list[tuple[str, int, bool]]:
    return [(row["bid"], row["rank"], row["tied"]) for row in sheet["ranking"]]


def test_equal_totals_share_a_rank_and_the_next_one_skips() -> None:
    sheet = evaluate(lot(*TIED, offer("C", "100", "50"), tie_break=[]))
    assert ranks(sheet) == [("A", 1, True), ("B", 1, True), ("a", 1, True), ("C", 4, False)]
    assert (sheet["winner"], sheet["tied"]) == (None, True)


def test_a_tie_below_the_first_rank_leaves_the_winner_alone() -> None:
    sheet = evaluate(lot(offer("W", "100", "90"), *TIED, tie_break=[]))
    assert ranks(sheet) == [("W", 1, False), ("A", 2, True), ("B", 2, True), ("a", 2, True)]
    assert (sheet["winner"], sheet["tied"]) == ("W", False)


def test_the_lower_real_price_breaks_a_tie_by_default() -> None:
    sheet = evaluate(lot(offer("A", "125", "70"), offer("B", "100", "56.6667")))
    assert [row["total"] for row in sheet["ranking"]] == ["74.00", "74.00"]
    assert ranks(sheet) == [("B", 1, False), ("A", 2, False)]


@pytest.mark.parametrize(
    ("name", "better"),
    [
        ("higher_environment", {"environment": {"i": {"value": "0.000000000001"}}}),
        ("higher_european_share", from_countries("100", ("FR", "0.000000000001"))),
        ("earlier_submission", {"submitted_at": "2026-09-15T14:59:59Z"}),
    ],
)
def test_a_tie_is_broken_on_exact_values(name: str, better: dict[str, Any]) -> None:
    policy = preference(indicators=[{"id": "i", "kind": "number", "weight": "1"}])
    others = {"submitted_at": "2026-09-15T15:00:00Z"}
    bids = [offer("A", **others), offer("B", **{**others, **better}), offer("C", **others)]
    assert ranks(evaluate(lot(*bids, policy=policy, tie_break=[name]))) == [
        ("B", 1, False),
        ("A", 2, True),
        ("C", 2, True),
    ]


def test_a_missing_submission_time_is_the_latest() -> None:
    bids = [offer("A"), offer("B", submitted_at="2026-09-15T15:00:00Z"), offer("C")]
    assert ranks(evaluate(lot(*bids, tie_break=["earlier_submission"]))) == [
        ("B", 1, False),
        ("A", 2, True),
        ("C", 2, True),
    ]


def test_tie_breaks_apply_in_order() -> None:
    bids = [
        offer("A", submitted_at="2026-09-15T15:00:01Z") | from_countries("100", ("FR", "1")),
        offer("B", submitted_at="2026-09-15T15:00:00Z") | from_countries("100", ("FR", "1")),
        offer("C", submitted_at="2026-09-15T14:00:00Z"),
    ]
    order = ["higher_european_share", "earlier_submission"]
    assert [row[0] for row in ranks(evaluate(lot(*bids, policy=preference(), tie_break=order)))] == ["B", "A", "C"]


def test_without_a_policy_environment_and_share_decide_nothing() -> None:
    bids = [offer("A"), offer("B", environment={"i": {"value": "1"}}) | from_countries("100", ("FR", "1"))]
    sheet = evaluate(lot(*bids, tie_break=["higher_environment", "higher_european_share"]))
    assert sheet["tied"] is True
    for key in ("european_share", "environment", "cashback", "rank_if_european", "rank_if_not"):
        assert placed(sheet, "A")[key] is None


def test_a_case_without_bids_has_an_empty_sheet() -> None:
    sheet = evaluate(lot())
    assert (sheet["winner"], sheet["tied"], sheet["ranking"]) == (None, False, [])
    assert sheet["without_policy"] == {"winner": None, "changed": False}


def test_excluded_bids_are_listed_by_id_and_not_ranked() -> None:
    bids = [{**offer(name), "status": "excluded"} for name in ("b", "A", "B")]
    assert [row["bid"] for row in evaluate(lot(*bids))["excluded"]] == ["A", "B", "b"]


def alerts(*prices: str, **more: Any) -> list[tuple[str, str]]:
    bids = [offer(f"B{index}", amount) for index, amount in enumerate(prices)]
    return [(alert["bid"], alert["exact_threshold"]) for alert in evaluate(lot(*bids, **more))["alerts"]]


def test_the_double_mean_alerts_without_excluding() -> None:
    assert alerts("100", "105", "98", "160", "80") == [("B4", "3447/40")]  # 108.6 → 95.75 → 86.175


def test_a_price_at_the_threshold_or_a_field_of_two_raises_no_alert() -> None:
    assert alerts("90", "105", "105") == []  # mean 100, threshold 90
    assert alerts("1", "100") == []


def test_a_price_at_six_fifths_of_the_mean_is_kept_in_the_second_mean() -> None:
    assert alerts("120", "90", "90") == []  # dropped, the threshold would still be 81; kept, it is 90
    assert alerts("120", "89.99", "90.01") == [("B1", "90/1")]


def test_excluded_bids_do_not_count_in_the_means() -> None:
    bids = [offer("A", "100"), offer("B", "100"), offer("C", "50"), {**offer("D", "1"), "status": "excluded"}]
    assert [alert["bid"] for alert in evaluate(lot(*bids))["alerts"]] == ["C"]
    assert evaluate(lot(*bids[1:]))["alerts"] == []


def test_alerts_read_the_real_price_not_the_evaluated_one() -> None:
    measure = {"id": "m", "kind": "add_to_price", "driver": "one", "amount": "9", "when": {"supplier_in": "EU"}}
    foreign = {"supplier": {"name": "D", "country": "CN"}}
    bids = [offer("A"), offer("B"), offer("C"), offer("D") | foreign]
    assert evaluate(lot(*bids, policy=preference(measure)))["alerts"] == []
