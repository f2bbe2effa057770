"""What scenarios change, cost and bring, against the slow sums of whole score sheets."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import scoring
from scoring.numbers import rounded_units
from scoring.portfolio import sweep
from scoring.portfolio.figures import Figures
from scoring.portfolio.scenario import Scenario
from scoring.portfolio.snapshot import Snapshot
from scoring.portfolio.sweep import Study
from tests.scoring.documents import effect, lot, offer, preference, scheme
from tests.scoring.policies import AREAS, policies
from tests.scoring.strategies import cases

from .archives import AWARDED, PROVENANCE, archive, goods, row
from .test_winners import readable

AMOUNTS = ["0", "0.5", "3", "7.25", "3.333333333333"]


def slow_figures(archived: list[dict[str, Any]], policy: dict[str, Any], ruler: dict[str, Any]) -> dict[str, Any]:
    """The figures of one scenario from whole score sheets; money in cents by currency."""
    sums: dict[str, Counter[str]] = {name: Counter() for name in ("spend", "european", "cashback", "kept")}
    awards = []
    changed = without = 0
    for number, case in enumerate(archived):
        recorded = scoring.evaluate(case)["winner"]
        sheet = scoring.evaluate({**case, "policy": policy})
        shares = {row["bid"]: row for row in shares_of(case, ruler)}
        currency, winner = case["tender"]["currency"], sheet["winner"]
        changed += winner != recorded
        without += winner is None
        if winner is None:
            continue
        row = next(row for row in sheet["ranking"] if row["bid"] == winner)
        cents = int(Decimal(row["price"]) * 100)
        paid = 0 if row["cashback"] is None else int(Decimal(row["cashback"]) * 100)
        sums["spend"][currency] += cents
        sums["european"][currency] += rounded_units(Fraction(cents, 100) * shares[winner]["share"], 2)
        sums["cashback"][currency] += paid
        sums["kept"][currency] += paid if winner == recorded else 0
        awarded = AWARDED[number % len(AWARDED)]
        year = awarded.year if awarded else 0
        awards.append((currency, number % 2, year, number, paid))
    return {
        "changed": changed,
        "without": without,
        **sums,
        "granted": granted(policy.get("cashback"), awards),
    }


def shares_of(case: dict[str, Any], ruler: dict[str, Any]) -> list[dict[str, Any]]:
    """The exact European share of each bid: that of a policy without measures."""
    from scoring.case_reading import read_case
    from scoring.drivers import Gauge

    plain = read_case({**case, "policy": {**ruler, "measures": [], "cashback": None}})
    assert plain.policy is not None
    return [{"bid": b.id, "share": Gauge(b, plain.policy, plain.scales).european_share} for b in plain.bids]


def granted(cashback: dict[str, Any] | None, awards: list[tuple[Any, ...]]) -> Counter[str]:
    """After caps, currency by currency, by the rationing of the specification itself."""
    total: Counter[str] = Counter()
    for currency in {award[0] for award in awards}:
        lines = [
            {
                "id": f"{number:06}",
                "hospital": str(hospital),
                "year": year,
                "awarded_on": f"{year or 1970}-01-01",
                "amount": f"{paid / 100:.2f}" if paid < 2**50 else str(Decimal(paid) / 100),
            }
            for own, hospital, year, number, paid in awards
            if own == currency
        ]
        amounts = [each["amount"] for each in scoring.ration(cashback, lines)] if cashback else ["0"]
        total[currency] = sum(int(Decimal(amount) * 100) for amount in amounts)
    return total


def told(found: Figures) -> dict[str, Any]:
    columns = {
        "spend": "spend",
        "european": "european_value",
        "cashback": "cashback",
        "kept": "deadweight",
        "granted": "cashback_granted",
    }
    sums = {
        name: Counter({money.currency: getattr(money, field) for money in found.money})
        for name, field in columns.items()
    }
    return {"changed": found.changed, "without": found.without_winner, **sums}


@given(
    archived=st.lists(cases(with_policy=False), min_size=1, max_size=5),
    policy=policies([]),
    amounts=st.lists(st.sampled_from(AMOUNTS), min_size=1, max_size=3, unique=True),
)
def test_figures_are_those_of_whole_score_sheets(
    archived: list[dict[str, Any]], policy: dict[str, Any], amounts: list[str]
) -> None:
    archived = readable(archived, policy)
    adding = [measure["id"] for measure in policy["measures"] if measure["kind"] == "add_points"]
    scenarios = [Scenario({f"measures.{adding[0]}.amount": amount}) for amount in amounts] if adding else [Scenario()]
    result = Study(archive(archived), policy).run(scenarios)
    for scenario, found in zip(scenarios, result.figures, strict=True):
        assert told(found) == slow_figures(archived, scenario.document(policy), policy)
    known = result.certificate
    assert known.settled + known.kernel + known.redone == len(archived) * len(scenarios)


POLICY = preference(
    effect("european", amount="0"), effect("green", driver="environment", amount="0"), cashback=scheme(), areas=AREAS
)


def market() -> list[dict[str, Any]]:
    """Three lots: one that 3 points to the European bid turn, one of one bid, one it does not turn."""
    return [
        lot(goods("A", "103"), goods("B", "100", country="CN")),
        lot(goods("C", "50")),
        lot(goods("D", "100"), offer("E", "100", "90")),
    ]


def test_a_scenario_that_changes_nothing_changes_nothing() -> None:
    study = Study(archive(market()), POLICY)
    assert (study.baseline.reproduced, study.baseline.lots) == (3, 3)
    (found,) = study.run([Scenario()]).figures
    (money,) = found.money
    recorded = sum(int(study.ruler.price[bid]) for bid in study.baseline.winners)
    assert found.changed == 0
    assert money.spend == recorded
    assert money.cashback == money.deadweight


def test_three_points_for_europe_turn_one_award_at_three_euros() -> None:
    before, after = (
        Study(archive(market()), POLICY).run([Scenario(), Scenario({"measures.european.amount": "3"})]).figures
    )
    assert (before.changed, after.changed) == (0, 1)
    (gain,) = (new - old for new, old in zip(after.money, before.money, strict=True))
    assert (gain.spend, gain.european_value) == (300, 10300)


def test_a_recorded_ranking_that_does_not_come_out_is_named(tmp_path: Path) -> None:
    rows = [row(case, number) for number, case in enumerate(market())]
    rows[2]["bids"][0]["rank"], rows[2]["bids"][1]["rank"] = 1, 2
    Snapshot.write(rows, PROVENANCE, tmp_path / "forged")
    found = Study(Snapshot.read(tmp_path / "forged"), POLICY).baseline
    assert (found.lots, found.reproduced, found.different) == (3, 2, ("2",))


def test_a_lot_scored_under_a_policy_is_replayed_under_it() -> None:
    malus = preference(effect("european", amount="3"))
    archived = [{**case, "policy": malus} for case in market()]
    study = Study(archive(archived), POLICY)
    assert study.baseline.reproduced == 3
    (found,) = study.run([Scenario()]).figures  # without the points of then, one award goes back
    assert found.changed == 1


def test_a_lot_too_large_for_the_kernels_is_replayed_by_the_engine() -> None:
    huge = [{**lot(offer("A", "900000000000.37"), offer("B", "900000000000.38")), "rounding": {"decimals": 6}}]
    huge[0]["criteria"][0]["formula"] = "squared_ratio"
    study = Study(archive(huge), POLICY)
    assert study.baseline.reproduced == 1
    result = study.run([Scenario()])
    assert result.figures[0].changed == 0
    assert result.certificate.redone == 1


def test_co2e_is_summed_where_both_winners_say_it() -> None:
    said = [{"environment": {"co2e": {"value": value}}} for value in ("120.5", "200", "about 90")]
    european = [{**goods("A", "103"), **said[0]}, {**goods("A", "103"), **said[2]}, goods("A", "103")]
    cheaper = [{**goods("B", "100", country="CN"), **said[1]} for _ in european]
    archived = [lot(*bids) for bids in zip(european, cheaper, strict=True)]
    study = Study(archive(archived), POLICY, carbon="co2e")
    (found,) = study.run([Scenario({"measures.european.amount": "3"})]).figures
    assert (found.changed, found.grams, found.untold) == (3, -79_500, 2)


def test_columns_of_many_structures_do_not_pile_up() -> None:
    """A floor changes who is ranked, a tier what is paid for every bid: each needs columns of its own, for a while."""
    floor = {"id": "floor", "kind": "floor", "driver": "european_share", "amount": "0"}
    study = Study(archive(market()), {**POLICY, "measures": [*POLICY["measures"], floor]})
    scenarios = [
        Scenario({"measures.floor.amount": amount, "cashback.minimum_contract": amount})
        for amount in ("0", "0.2", "0.5", "1")
    ]
    together = study.run([*scenarios, *scenarios])
    assert together.figures[:4] == together.figures[4:]
    assert [study.run([scenario]).figures[0] for scenario in scenarios] == list(together.figures[:4])
    assert len(study._prepared) <= sweep.KEPT
    assert len(study._cashback) <= sweep.KEPT
