"""What a page shows of a sheet: figures that add up, and the sentences about the winner."""

from decimal import Decimal
from typing import Any

import pytest

import scoring
from procurement.evaluation.present.bars import bars
from procurement.evaluation.present.chart import chart
from procurement.evaluation.present.pair import pair
from procurement.evaluation.present.ranking import excluded, ranked, unknown_share
from procurement.evaluation.present.reading import Reading
from procurement.evaluation.present.winner import sentence, what_would_change_it


def bid(key: str, price: str, quality: str, *, share: str = "0", carbon: str = "10", **changes: Any) -> dict[str, Any]:
    origins = [{"country": "FR", "share": share}] if share != "0" else []
    return {
        "id": key,
        "supplier": {"name": key.upper(), "country": "FR"},
        "status": "admissible",
        "lines": [{"id": "l", "quantity": "1", "unit_price": price, "origins": origins}],
        "marks": {"quality": quality},
        "environment": {"carbon": {"value": carbon}},
        **changes,
    }


def measure(key: str, driver: str, amount: str, kind: str = "add_points", **more: Any) -> dict[str, Any]:
    return {"id": key, "kind": kind, "driver": driver, "amount": amount, **more}


def policy(*measures: dict[str, Any], cap: str | None = None) -> dict[str, Any]:
    return {
        "schema": "bareme-policy/1",
        "id": "p",
        "version": 1,
        "title": "Policy",
        "status": "in_force",
        "content_basis": "ucc_origin",
        "areas": {"EU": ["FR"], "CN": ["CN"]},
        "european_area": "EU",
        "assurance_factors": {},
        "indicators": [{"id": "carbon", "kind": "number", "weight": "1", "curve": [["0", "1"], ["10", "0"]]}],
        "measures": list(measures),
        "bonus_cap": cap,
    }


def reading(*bids: dict[str, Any], rules: dict[str, Any] | None = None, tie_break: Any = None) -> Reading:
    case = {
        "schema": "bareme-case/1",
        "tender": {
            "id": "T/1",
            "launched_on": "2026-09-01",
            "cpv": "33140000",
            "estimated_value": "1",
            "currency": "EUR",
            "price_basis": "excl_vat",
        },
        "rounding": {"decimals": 2},
        "criteria": [
            {"id": "price", "title": "Price", "kind": "price", "weight": "60", "formula": "lowest_ratio"},
            {
                "id": "quality",
                "title": "Quality",
                "kind": "quality",
                "weight": "40",
                "formula": "proportional",
                "scale": "10",
                "minimum": "1",
            },
        ],
        "bids": list(bids),
        "policy": rules,
        "tie_break": ["lower_price"] if tie_break is None else tie_break,
    }
    return Reading(scoring.evaluate(case), case)


BONUSES = policy(measure("green", "environment", "5"), measure("local", "european_share", "5"))
TWO = (bid("a", "100", "8", share="0.9", carbon="2"), bid("b", "80", "7", carbon="6"))
MALUS = policy(
    measure("penalty", "share:CN", "5", curve=[["0", "-1"], ["1", "-1"]]), measure("green", "environment", "5")
)
SCALED = policy(measure("cut", "one", "0.2", "scale_score", curve=[["0", "1"]]))


@pytest.mark.parametrize(
    "rules",
    [None, BONUSES, {**BONUSES, "bonus_cap": "4"}, MALUS, SCALED],
    ids=["plain", "bonus", "cap", "malus", "cut"],
)
def test_the_points_shown_add_up_to_the_total(rules: dict[str, Any] | None) -> None:
    read = reading(*TWO, rules=rules)

    for row in read.ranking:
        assert sum(read.points(row)) == Decimal(row["total"])
    for bar in bars(read).bars:
        assert sum(segment.points for segment in bar.segments) == Decimal(bar.total)
    both = pair(read, "b", "a")
    assert both is not None
    assert sum(difference.points for difference in both.differences) == both.gap
    assert both.gap == Decimal(both.first["total"]) - Decimal(both.second["total"])


def test_a_capped_bonus_is_one_component_and_an_uncapped_one_is_shown_by_measure() -> None:
    titles = [[c.title for c in reading(*TWO, rules={**BONUSES, "bonus_cap": cap}).components] for cap in (None, "4")]

    assert titles == [
        ["Price", "Quality", "Environment bonus", "European priority bonus"],
        ["Price", "Quality", "Bonus, capped"],
    ]


def test_segments_stand_end_to_end_and_share_one_scale() -> None:
    drawn = bars(reading(*TWO, rules=BONUSES))

    for bar in drawn.bars:
        ends = [Decimal(s.x) + Decimal(s.width) for s in bar.segments]
        starts = [Decimal(s.x) for s in bar.segments]
        assert all(abs(start - end) <= Decimal("0.01") for start, end in zip(starts[1:], ends[:-1], strict=True))
        assert bar.total_x == f"{ends[-1]:.2f}"
    widths = [sum(Decimal(s.width) for s in bar.segments) / Decimal(bar.total) for bar in drawn.bars]
    assert abs(widths[0] - widths[1]) < Decimal("0.001")


def test_points_taken_are_drawn_left_of_zero() -> None:
    drawn = bars(reading(*TWO, rules=MALUS))

    taken = [s for bar in drawn.bars for s in bar.segments if s.points < 0]
    assert len(taken) == 2
    assert all(Decimal(s.x) + Decimal(s.width) == Decimal(drawn.zero) for s in taken)
    assert all(Decimal(bar.total_x) < drawn.width for bar in drawn.bars)


def test_the_winner_sentence_says_who_how_many_and_how_far_ahead() -> None:
    assert sentence(reading(*TWO)) == "B wins with 88.00 points, 8.00 ahead of A."
    assert sentence(reading(TWO[0])) == "A, the only bid ranked, has 92.00 points."
    assert sentence(reading()) == "No bid is left to rank."


def test_a_tie_is_said_with_what_decides_it() -> None:
    twin = {**TWO[0], "id": "c", "supplier": {"name": "C"}}

    assert (
        sentence(reading(TWO[0], twin, tie_break=[]))
        == "A, C share the first rank with 92.00 points: the winner is drawn."
    )
    level = reading(bid("a", "100000", "8"), bid("b", "100000.01", "8"))
    assert sentence(level) == "A wins with 92.00 points; B has as many, and the tie-break decides between them."


def test_the_amount_at_which_the_winner_changes_is_said() -> None:
    close = reading(
        bid("a", "100", "8", share="1"), bid("b", "100", "8.5"), rules=policy(measure("local", "european_share", "5"))
    )

    assert close.sheet["winner"] == "a"
    assert what_would_change_it(close) == [
        "B would win if the European priority bonus fell below 2.00 points (it is 5)."
    ]
    behind = reading(
        bid("a", "100", "8", share="1"), bid("b", "100", "9.5"), rules=policy(measure("local", "european_share", "5"))
    )
    assert what_would_change_it(behind) == [
        "A would win if the European priority bonus rose above 6.00 points (it is 5)."
    ]


def test_the_first_of_several_amounts_is_where_the_winner_changes() -> None:
    three = reading(
        bid("a", "100", "8", share="1"),
        bid("b", "100", "8.5"),
        bid("c", "100", "9"),
        rules=policy(measure("local", "european_share", "5")),
    )

    assert what_would_change_it(three) == [
        "C would win if the European priority bonus fell below 4.00 points (it is 5)."
    ]


def test_an_amount_close_to_the_one_in_force_is_written_with_enough_decimals() -> None:
    near = reading(
        bid("a", "100000", "8", share="1"),
        bid("b", "100000.01", "9.24975"),
        rules=policy(measure("local", "european_share", "5")),
    )

    assert what_would_change_it(near) == [
        "B would win if the European priority bonus fell below 4.999 points (it is 5)."
    ]


def test_under_a_cap_that_cuts_the_amount_is_said_without_it() -> None:
    cut = reading(
        bid("a", "100", "8", share="1"),
        bid("b", "100", "8.5"),
        rules=policy(measure("local", "european_share", "5"), cap="4"),
    )

    assert what_would_change_it(cut) == [
        "Without the cap, B is level with the winner at 2.00 points of European priority bonus."
    ]


def test_a_withdrawal_that_changes_the_winner_is_said() -> None:
    three = reading(bid("a", "100", "7.5"), bid("b", "125", "10"), bid("c", "60", "1"))

    assert three.sheet["withdrawals"] == [{"bid": "c", "winner": "a"}]
    assert what_would_change_it(three) == ["Without the bid of C, A would win."]


def test_flip_amounts_are_given_for_pairs_with_the_winner_only() -> None:
    three = reading(
        bid("a", "100", "8", share="1"), bid("b", "100", "8.5"), bid("c", "100", "8"),
        rules=policy(measure("local", "european_share", "5")),
    )  # fmt: skip

    both = [pair(three, one, other) for one, other in (("a", "b"), ("b", "a"), ("b", "c"))]
    assert [len(each.flips) for each in both if each] == [1, 1, 0]


def test_a_pair_says_which_of_the_two_is_cheaper_and_by_how_much() -> None:
    for first, second in (("a", "b"), ("b", "a")):
        both = pair(reading(*TWO), first, second)
        assert both is not None
        assert both.prices == "B is cheaper than A by €20.00."
    same = pair(reading(bid("a", "100", "8"), bid("b", "100", "7")), None, None)
    assert same is not None
    assert same.prices == "Both have the same price."


def test_points_are_headed_with_what_they_are_out_of() -> None:
    rules = policy(measure("green", "one", "1"))
    headings = [c.heading for c in reading(*TWO, rules=rules).components]
    assert headings == ["Price, out of 60", "Quality, out of 40", "Measure “green”, points"]


def test_components_of_one_colour_are_told_apart() -> None:
    components = reading(*TWO, rules=policy(*(measure(f"m{n}", "one", "1") for n in range(4)))).components

    assert [c.opacity for c in components] == ["1", "1", "1", "0.65", "0.4", "0.4"]


def test_a_pair_that_is_not_ranked_falls_back_on_the_first_two() -> None:
    read = reading(*TWO)

    for ids in (("nobody", "a"), ("a", "a"), (None, None)):
        both = pair(read, *ids)
        assert both is not None
        assert (both.first_name, both.second_name) == ("B", "A")
    assert pair(reading(TWO[0]), None, None) is None


def test_the_unknown_part_of_the_origin_is_weighted_by_value() -> None:
    lines = [
        {"id": "1", "quantity": "1", "unit_price": "30", "origins": [{"country": "FR", "share": "0.5"}]},
        {"id": "2", "quantity": "2", "unit_price": "35", "origins": [{"country": "CN", "share": "1"}]},
    ]

    assert unknown_share({"lines": lines}) == Decimal("0.15")
    assert unknown_share({"lines": []}) == 1


def test_the_share_is_drawn_with_its_unknown_part_and_the_ranks_it_may_give() -> None:
    read = reading(
        bid("a", "100", "8", share="0.6"), bid("b", "100", "8.7"), rules=policy(measure("local", "european_share", "5"))
    )

    first, second = ranked(read)
    assert first.share is not None
    assert (first.share.european, first.share.unknown) == ("0.6000", "0.4000")
    assert (first.share.european_width, first.share.unknown_width) == ("48.00", "32.00")
    assert (first.ranks, second.ranks) == ("1 – 2", "1 – 2")


def test_every_reason_of_an_exclusion_is_a_sentence() -> None:
    rules = policy(
        measure("content", "european_share", "0.5", "floor"),
        {"id": "closed", "kind": "gate", "when": {"supplier_in": "CN"}},
        {"id": "ipi", "kind": "gate", "when": {"supplier_in": "TR"}, "reference": "ipi_2025_1197.countries"},
    )
    read = reading(
        bid("late", "1", "8", status="excluded", exclusion_reason="One hour late."),
        bid("poor", "1", "0.5"),
        bid("foreign", "1", "8", supplier={"name": "FOREIGN", "country": "CN"}, share="1"),
        bid("unknown", "1", "8"),
        bid("measured", "1", "8", supplier={"name": "MEASURED", "country": "TR"}, share="1"),
        rules={**rules, "areas": {**rules["areas"], "TR": ["TR"]}},
    )

    assert {bid.bid: bid.reason for bid in excluded(read)} == {
        "late": "One hour late.",
        "poor": "The mark on “Quality” is under the minimum.",
        "foreign": "Excluded by the measure “closed”.",
        "measured": "Excluded by the measure “ipi”: Implementing Regulation (EU) 2025/1197.",
        "unknown": "Under the minimum of the measure “content”.",
    }


def test_the_chart_keeps_every_dot_between_its_axes() -> None:
    drawn = chart(reading(*TWO, rules=BONUSES))

    assert drawn is not None
    for dot in drawn.dots:
        assert drawn.left <= Decimal(dot.x) <= drawn.right
        assert drawn.top <= Decimal(dot.y) <= drawn.bottom
    assert [tick.value for tick in drawn.prices] == [80, 85, 90, 95, 100]
    assert chart(reading(TWO[0])) is None


def test_equal_prices_are_drawn_too() -> None:
    drawn = chart(reading(bid("a", "100", "8"), bid("b", "100", "8")))

    assert drawn is not None
    assert len({dot.x for dot in drawn.dots}) == 1
