"""Past contracts replayed with a price preference for the bidders of the contract's own country."""

from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from procurement.interchange.csv_files import Row, read
from procurement.interchange.worldbank import archive
from procurement.interchange.worldbank.rows import BID_COLUMNS, CONTRACT_COLUMNS
from procurement.simulation.back_test import BackTest, back_test, preference
from procurement.simulation.models import ArchiveCase
from procurement.simulation.reading import ArchiveReading, PastContract
from procurement.simulation.services import keep_archive, keep_snapshot
from procurement.simulation.sources import SOURCES
from scoring import evaluate, validate
from scoring.portfolio.snapshot import Snapshot
from tests.real_data import data_file

AMOUNTS = tuple(Decimal(percent).scaleb(-2) for percent in (5, 10, 15, 20))


@pytest.fixture(autouse=True)
def archives(settings: Any, tmp_path: Path) -> None:
    settings.ARCHIVES = tmp_path / "archives"


@pytest.fixture
def real(db: None) -> None:
    """The archive of the World Bank, imported."""
    keep_archive(
        reading=archive.read(bids=data_file("bids/wb_bids.csv"), contracts=data_file("bids/wb_contracts.csv")), by=None
    )


def past_contract(key: str, *bids: tuple[str, str | None], country: str = "FR") -> PastContract:
    """A contract with a bid for each price and country."""
    document = {
        "schema": "bareme-case/1",
        "tender": {"id": key, "currency": "EUR"},
        "criteria": [{"id": "price", "kind": "price", "weight": "100", "formula": "lowest_ratio"}],
        "bids": [
            {"id": f"r{n}", "supplier": {"name": f"S{n}", "country": home}, "status": "admissible", "price": price}
            for n, (price, home) in enumerate(bids)
        ],
        "policy": None,
    }
    return PastContract(key, country, "bidders", True, "r0", document)


def keep(*contracts: PastContract) -> None:
    keep_archive(reading=ArchiveReading("worldbank", "a" * 64, (), contracts), by=None)


def replayed(*amounts: Decimal) -> BackTest:
    content = SOURCES["worldbank"].content()
    snapshot = keep_snapshot(rows=content.rows, provenance=content.provenance, source="worldbank", by=None)
    return back_test(Snapshot.read(snapshot.path), amounts)


def test_the_preference_is_a_valid_policy() -> None:
    assert validate(preference(Decimal("0.10"), ["FR"])).errors == ()


@pytest.mark.django_db
def test_a_domestic_bid_wins_up_to_the_preference_in_each_country_of_a_contract() -> None:
    # At exactly 10 % more the evaluated prices tie and the lower real price, the foreign one, breaks the tie.
    keep(
        past_contract("below", ("109.99", "FR"), ("100.00", "IN")),
        past_contract("equal", ("110.00", "FR"), ("100.00", "IN")),
        past_contract("above", ("110.01", "FR"), ("100.00", "IN")),
        past_contract("elsewhere", ("109.99", "IN"), ("100.00", "FR"), country="IN"),
    )
    tested = replayed(Decimal("0.10"))
    assert tested.changed == {Decimal("0.10"): ("below", "elsewhere")}
    assert (tested.mixed, tested.reproduced, tested.lots, tested.unverified) == (4, 4, 4, 0)
    assert tested.winners == {"above": "r1", "below": "r1", "elsewhere": "r1", "equal": "r1"}


@pytest.mark.django_db
def test_the_preference_is_tried_only_where_all_countries_are_known_and_both_kinds_bid() -> None:
    keep(
        past_contract("somebody unknown", ("101", "FR"), ("100", None), ("99", "IN")),
        past_contract("contract unknown", ("101", "FR"), ("100", "IN"), country=""),
        past_contract("all domestic", ("101", "FR"), ("100", "FR")),
        past_contract("all foreign", ("101", "US"), ("100", "IN")),
    )
    tested = replayed(Decimal("0.20"))
    assert (tested.mixed, tested.changed) == (0, {Decimal("0.20"): ()})


@pytest.mark.usefixtures("real")
def test_the_real_archive_changes_as_the_engine_says_contract_by_contract() -> None:
    tested = replayed(*AMOUNTS)
    mixed = list(ArchiveCase.objects.filter(domestic_and_foreign=True).order_by("key"))
    for amount in AMOUNTS:
        preferred = {
            case.key: evaluate({**case.document, "policy": preference(amount, [case.country])}) for case in mixed
        }
        changed = [case for case in mixed if preferred[case.key]["winner"] != tested.winners[case.key]]
        assert tested.changed[amount] == tuple(case.key for case in changed)
        for case in changed:
            winner = next(bid for bid in case.document["bids"] if bid["id"] == preferred[case.key]["winner"])
            assert winner["supplier"]["country"] == case.country
    for case in ArchiveCase.objects.all():
        assert evaluate(case.document)["winner"] == tested.winners[case.key]
    assert (tested.mixed, tested.reproduced, tested.lots, tested.unverified) == (218, 1256, 1256, 0)
    assert [len(changed) for changed in tested.changed.values()] == [19, 39, 48, 53]


@pytest.mark.usefixtures("real")
def test_each_difference_to_a_naive_count_is_a_rule() -> None:
    """docs/archive-worldbank.md: 247 contracts by text and amount column, 35 of them out, 6 others in."""
    naive = naive_count()
    assert [len(changed) for changed in naive.values()] == [247, 22, 43, 52, 57]
    tested = replayed(*AMOUNTS)
    mixed = set(ArchiveCase.objects.filter(domestic_and_foreign=True).values_list("key", flat=True))
    assert (len(naive[Decimal(0)] - mixed), len(mixed - naive[Decimal(0)])) == (35, 6)
    for amount in AMOUNTS:
        assert set(tested.changed[amount]) == naive[amount] & mixed


def naive_count() -> dict[Decimal, set[str]]:
    """Contracts with domestic and foreign bidders (at 0) and those a preference changes, with no rule but text and
    the amount column: what `data/README.md` counts."""
    bids, _ = read(data_file("bids/wb_bids.csv"), BID_COLUMNS)
    contracts, _ = read(data_file("bids/wb_contracts.csv"), CONTRACT_COLUMNS)
    home = {row["contract"]: row["contract.country"] for row in contracts}
    offered: dict[str, list[Row]] = defaultdict(list)
    for row in bids:
        if row["evaluated.price.currency"] and float(row["evaluated.price.amount"] or 0) > 0:
            offered[row["contract"]].append(row)
    found: dict[Decimal, set[str]] = {amount: set() for amount in (Decimal(0), *AMOUNTS)}
    for contract, rows in offered.items():
        countries = {row["bidder.country"] for row in rows}
        one_currency = len({row["evaluated.price.currency"] for row in rows}) == 1
        known = "" not in countries and "$bidder.country" not in countries
        if one_currency and known and len(countries) > 1 and home.get(contract) in countries:
            found[Decimal(0)].add(contract)
            for amount in AMOUNTS:
                if lowest(rows, home[contract], amount) != lowest(rows, home[contract], Decimal(0)):
                    found[amount].add(contract)
    return found


def lowest(rows: list[Row], home: str, amount: Decimal) -> int:
    """The number of the row with the lowest price, the first of equal ones."""

    def price(row: Row) -> Decimal:
        return Decimal(row["evaluated.price.amount"]) * (1 if row["bidder.country"] == home else 1 + amount)

    return min(rows, key=price).number


@pytest.mark.usefixtures("real")
def test_one_command_prints_the_rows_the_certificate_and_the_counts(capsys) -> None:
    call_command("score_archive")
    printed = capsys.readouterr().out
    assert "342  the highest price of the contract is over 100 times the lowest" in printed
    assert "1256 of 1256 rankings reproduced" in printed
    assert "0 unverified" in printed
    assert "+10% on non-domestic bidders: 39 of 218 winners change" in printed
    assert "http" not in printed
    call_command("score_archive", "--percent", "5", "--list")
    assert capsys.readouterr().out.count("http") == 19


@pytest.mark.django_db
def test_an_empty_archive_an_unknown_origin_and_a_wrong_percentage_are_one_sentence_each() -> None:
    with pytest.raises(CommandError, match=r"Nothing of World Bank was imported"):
        call_command("score_archive")
    with pytest.raises(CommandError, match="does not say where bidders come from"):
        call_command("score_archive", "--source", "tsuchiura")
    with pytest.raises(CommandError, match="whole percents from 1 to 100"):
        call_command("score_archive", "--percent", "ten")
