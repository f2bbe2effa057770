"""Explanations: comparisons, flip amounts, readings of unknown origin, withdrawals, without the policy."""

from __future__ import annotations

from fractions import Fraction

from scoring import evaluate

from .documents import Document, effect, from_countries, lot, offer, placed, preference, price, quality

FRENCH = from_countries("100", ("FR", "1"))


def flips(sheet: Document) -> dict[str, dict[str, str | None]]:
    return {each["bid"]: each["exact_flip_amount"] for each in sheet["comparisons"]}


def test_a_comparison_gives_the_difference_of_every_component() -> None:
    bids = [offer("A", "100", "60") | FRENCH, offer("B", "125", "70")]
    policy = preference(effect("m", amount="3"), effect("s", "scale_score", driver="one", amount="0.5"))
    assert evaluate(lot(*bids, policy=policy))["comparisons"] == [
        {
            "bid": "B",
            "price": "-25.00",
            "evaluated_price": "-25.00",
            "exact_evaluated_price": "-25/1",
            "criteria": {
                "price": {"points": "8.00", "exact_points": "8/1"},
                "quality": {"points": "-6.00", "exact_points": "-6/1"},
            },
            "measures": {"m": {"points": "3.00", "exact_points": "3/1"}},
            "bonus": "3.00",
            "scaling": "-2.50",
            "total": "2.50",
            "exact_flip_amount": {"m": None},
        }
    ]


def test_criteria_bonus_and_scaling_add_up_to_the_total() -> None:
    french = from_countries("99.99", ("FR", "1"))
    bids = [offer("A", "99.99", "61.7") | french, offer("B", "131.13", "70.3"), offer("C", "77", "12")]
    policy = preference(effect("m", amount="3.21"), effect("s", "scale_score", driver="mark:quality", amount="0.17"))
    for each in evaluate(lot(*bids, policy=policy))["comparisons"]:
        parts = [row["points"] for row in each["criteria"].values()] + [each["bonus"], each["scaling"]]
        assert sum(map(Fraction, parts)) == Fraction(each["total"])


def test_the_flip_amount_makes_the_two_totals_equal() -> None:
    """A 76, B 74 and wholly European: 2 points make them equal, as the plain sheet shows."""
    bids = [offer("A", "100", "60"), offer("B", "125", "70") | from_countries("125", ("FR", "0.5"))]
    sheet = evaluate(lot(*bids, policy=preference(effect("m", amount="1"))))
    assert sheet["winner"] == "A"
    assert flips(sheet) == {"B": {"m": "4/1"}}
    even = evaluate(lot(*bids, policy=preference(effect("m", amount="4")), tie_break=[]))
    assert even["tied"] is True


def test_a_flip_may_be_a_smaller_amount_than_the_winners() -> None:
    bids = [offer("A", "100", "60"), offer("B", "125", "70") | from_countries("125", ("FR", "0.5"))]
    sheet = evaluate(lot(*bids, policy=preference(effect("m", amount="10"))))
    assert sheet["winner"] == "B"
    assert flips(sheet) == {"A": {"m": "4/1"}}


def test_there_is_no_flip_when_slopes_are_equal_or_the_crossing_is_below_zero() -> None:
    bids = [offer("A", "100", "60"), offer("B", "125", "70")]
    policy = preference(
        effect("same", driver="one"),
        effect("theirs", driver="european_share"),
        effect("ours", amount="1", driver="one", when={"driver_from": ["mark:quality", "0.65"]}),
    )
    bids[0] |= FRENCH
    sheet = evaluate(lot(*bids, policy=policy))
    assert sheet["winner"] == "A"
    assert flips(sheet)["B"] == {"same": None, "theirs": None, "ours": "7/1"}


def test_the_flip_ignores_the_cap_and_the_rounding_and_keeps_the_scale_factors() -> None:
    bids = [offer("A", "100", "60"), offer("B", "300", "70") | from_countries("300", ("FR", "1"))]
    policy = preference(
        effect("m", amount="1"),
        effect("s", "scale_score", driver="european_share", amount="0.5"),
        bonus_cap="0.5",
    )
    sheet = evaluate(lot(*bids, policy=policy, rounding={"decimals": 0}))
    # A: 40 + 36 = 76; B: (40/3 + 42 + amount) × 1/2; equal at 152 − 166/3 = 290/3
    assert flips(sheet) == {"B": {"m": "290/3"}}


def test_zero_is_a_flip_amount() -> None:
    bids = [offer("A"), offer("B") | FRENCH]
    sheet = evaluate(lot(*bids, policy=preference(effect("m", amount="1"))))
    assert sheet["winner"] == "B"
    assert flips(sheet) == {"A": {"m": "0/1"}}


def test_unknown_origin_is_read_both_ways() -> None:
    bids = [
        offer("A", "100", "60") | from_countries("100", ("FR", "0.5"), ("CN", "0.5")),
        offer("B", "100", "62"),
        offer("C", "100", "10"),
    ]
    policy = preference(effect("m", amount="5"))
    sheet = evaluate(lot(*bids, policy=policy))
    rows = {row["bid"]: (row["rank"], row["rank_if_european"], row["rank_if_not"]) for row in sheet["ranking"]}
    # A 78.5; B 77.2, 82.2 when European; C 46, 51 when European.
    assert rows == {"A": (1, 1, 2), "B": (2, 1, 2), "C": (3, 3, 3)}


def test_unknown_origin_counts_at_full_factor_and_the_rest_at_its_own() -> None:
    half = from_countries("100", ("FR", "0.5", "declared"))
    bids = [offer("A") | half, offer("B", "100", "60"), offer("C", "100", "58") | FRENCH]
    policy = preference(effect("m", amount="4", driver="share:EU"), assurance_factors={"declared": "0"})
    sheet = evaluate(lot(*bids, policy=policy, tie_break=[]))
    rows = {row["bid"]: row for row in sheet["ranking"]}
    assert [rows[name]["total"] for name in "ABC"] == ["76.00", "76.00", "74.80"]
    assert (rows["A"]["rank_if_european"], rows["B"]["rank_if_european"]) == (1, 1)
    # A inside: 0.5 × 4 = 2 → 78; everyone inside but B: B stays at 76, second.
    assert rows["B"]["rank_if_not"] == 2


def test_gates_and_floors_are_applied_again_in_each_reading() -> None:
    """B is excluded as it stands, and comes back where everybody's unknown origin but A's counts as European."""
    bids = [offer("A", "100", "60") | FRENCH, offer("B", "100", "90")]
    sheet = evaluate(lot(*bids, policy=preference(effect("f", "floor", amount="0.5"))))
    assert sheet["excluded"] == [{"bid": "B", "reason": "f"}]
    assert placed(sheet, "A")["rank_if_not"] == 2
    assert placed(sheet, "A")["rank_if_european"] == 1


def test_a_bid_that_a_reading_excludes_has_no_rank_in_it() -> None:
    gate = {"id": "g", "kind": "gate", "when": {"driver_from": ["european_share", "0.9"]}}
    sheet = evaluate(lot(offer("A"), offer("B", "100", "50"), policy=preference(gate)))
    assert [row["rank_if_european"] for row in sheet["ranking"]] == [None, None]
    assert [row["rank_if_not"] for row in sheet["ranking"]] == [1, 1]


def test_only_the_area_named_european_moves() -> None:
    areas = {"EU": ["FR"], "FR": ["FR"], "CN": ["CN"]}
    bids = [offer("A", "100", "60"), offer("B", "100", "61")]
    moved = evaluate(lot(*bids, policy=preference(effect("m", driver="share:EU"), areas=areas)))
    still = evaluate(lot(*bids, policy=preference(effect("m", driver="share:FR"), areas=areas)))
    assert placed(moved, "A")["rank_if_european"] == 1
    assert placed(still, "A")["rank_if_european"] == 2


def test_tie_breaks_follow_the_reading() -> None:
    bids = [offer("A"), offer("B") | from_countries("100", ("FR", "0.5"), ("CN", "0.5"))]
    sheet = evaluate(lot(*bids, policy=preference(), tie_break=["higher_european_share"]))
    assert (placed(sheet, "A")["rank"], placed(sheet, "A")["rank_if_european"]) == (2, 1)
    assert placed(sheet, "B")["rank_if_not"] == 2


def test_a_withdrawal_that_changes_the_winner_is_named() -> None:
    bids = [offer("A", "100", "60"), offer("B", "125", "70"), offer("C", "60", "20")]
    sheet = evaluate(lot(*bids))
    assert sheet["winner"] == "B"
    assert sheet["withdrawals"] == [{"bid": "C", "winner": "A"}]


def test_a_withdrawal_may_leave_nobody_alone_in_front() -> None:
    bids = [offer("A", "100", "60"), offer("B", "125", "73.3333"), offer("C", "60", "20")]
    sheet = evaluate(lot(*bids, tie_break=[]))
    assert (sheet["winner"], sheet["withdrawals"]) == ("B", [{"bid": "C", "winner": None}])


def test_the_winner_without_the_policy_is_scored_without_its_gates_and_bonuses() -> None:
    bids = [offer("A", "100", "60"), offer("B", "100", "59") | FRENCH, offer("C", "90", "90")]
    foreign = {"supplier": {"name": "C", "country": "CN"}}
    bids[2] |= foreign
    policy = preference({"id": "g", "kind": "gate", "when": {"supplier_in": "CN"}}, effect("m"))
    sheet = evaluate(lot(*bids, policy=policy))
    assert sheet["winner"] == "B"
    assert sheet["without_policy"] == {"winner": "C", "changed": True}


def test_there_is_nothing_to_explain_without_a_winner() -> None:
    sheet = evaluate(lot(offer("A"), offer("B"), offer("C", "50", "1"), tie_break=[], policy=preference(effect("m"))))
    assert sheet["winner"] is None
    assert (sheet["comparisons"], sheet["withdrawals"]) == ([], [])
    assert placed(sheet, "A")["rank_if_european"] == 1


def test_means_of_many_evaluated_prices_stay_exact() -> None:
    """Exact points of more digits than Python prints by default: 40 prices of unrelated denominators."""
    bids = [
        offer(f"B{index:03}", "100") | from_countries("100", ("FR", f"0.{10**11 + 7919 * index}"))
        for index in range(40)
    ]
    criteria = [price(formula="mean_bounded"), quality()]
    policy = preference(*[effect(f"m{n}", "deflate_price", amount=f"0.1{n}3456789017") for n in range(3)])
    sheet = evaluate(lot(*bids, criteria=criteria, policy=policy))
    assert max(len(row["criteria"]["price"]["exact_points"]) for row in sheet["ranking"]) > 4300
