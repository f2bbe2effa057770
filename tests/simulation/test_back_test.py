"""The archive scored with a price preference for the bidders of the contract's own country."""

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from procurement.interchange.worldbank import archive
from procurement.simulation import back_test
from procurement.simulation.models import ArchiveCase
from procurement.simulation.services import keep_archive
from scoring import evaluate, validate
from tests.real_data import data_file


def past_contract(home: str, foreign: str) -> ArchiveCase:
    """A contract of France with a domestic bid at `home` and a foreign one at `foreign`."""
    bids = [
        {"id": "d", "supplier": {"name": "Domestic", "country": "FR"}, "status": "admissible", "price": home},
        {"id": "f", "supplier": {"name": "Foreign", "country": "IN"}, "status": "admissible", "price": foreign},
    ]
    document = {
        "schema": "bareme-case/1",
        "tender": {"id": "c1", "currency": "EUR"},
        "criteria": [{"id": "price", "kind": "price", "weight": "100", "formula": "lowest_ratio"}],
        "bids": bids,
        "policy": None,
    }
    return ArchiveCase(key="c1", country="FR", domestic_and_foreign=True, awarded_bid="f", document=document)


def test_the_preference_is_a_valid_policy_of_the_contract_country() -> None:
    assert validate(back_test.preference("FR", Decimal("0.10"))).errors == ()


@pytest.mark.parametrize(("home", "changed"), [("109.99", 1), ("110.00", 0), ("110.01", 0)])
def test_a_domestic_bid_wins_up_to_the_preference(home: str, changed: int) -> None:
    # At exactly 10 % more the evaluated prices tie and the lower real price, the foreign one, breaks the tie.
    case = past_contract(home, "100.00")
    result = back_test.count([case], Decimal("0.10"))
    assert len(result.changed) == changed
    assert (result.cases, result.lowest_was_awarded, result.awarded_known) == (1, 1, 1)


def test_without_known_countries_the_preference_is_not_tried() -> None:
    case = past_contract("101", "100")
    case.domestic_and_foreign = False
    assert back_test.count([case], Decimal("0.20")).changed == ()


@pytest.mark.django_db
def test_an_empty_archive_or_a_wrong_percentage_is_said_in_one_sentence() -> None:
    with pytest.raises(CommandError, match="import it first"):
        call_command("score_archive")


@pytest.mark.django_db
def test_the_real_archive_changes_as_documented(capsys) -> None:
    reading = archive.read(bids=data_file("bids/wb_bids.csv"), contracts=data_file("bids/wb_contracts.csv"))
    keep_archive(reading=reading, by=None)
    call_command("score_archive", "--percent", "10")
    assert "39 winners change in 218 contracts" in capsys.readouterr().out
    with pytest.raises(CommandError, match="whole percents from 1 to 100"):
        call_command("score_archive", "--percent", "ten")


@pytest.mark.django_db
def test_every_changed_winner_is_a_domestic_bid() -> None:
    reading = archive.read(bids=data_file("bids/wb_bids.csv"), contracts=data_file("bids/wb_contracts.csv"))
    keep_archive(reading=reading, by=None)
    changed = back_test.count(back_test.archived("worldbank"), Decimal("0.05")).changed
    assert len(changed) == 19
    for case in ArchiveCase.objects.filter(key__in=changed):
        sheet = evaluate({**case.document, "policy": back_test.preference(case.country, Decimal("0.05"))})
        winner = next(bid for bid in case.document["bids"] if bid["id"] == sheet["winner"])
        assert winner["supplier"]["country"] == case.country
