"""World Bank files: every row ends once, with its reason, and only comparable contracts become cases."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from procurement.interchange import csv_files
from procurement.interchange.worldbank import archive
from procurement.interchange.worldbank.countries import alpha2
from procurement.interchange.worldbank.prices import Price, Unusable, evaluated_price
from procurement.ledger.models import Line
from procurement.simulation.models import ArchiveCase, ArchiveImport, ImportedRow
from scoring import evaluate, validate
from tests.real_data import data_file

BID_HEADER = (
    "project,contract,bidder.name,status,bidder.country,"
    "evaluated.price.currency,evaluated.price.amount,evaluated.price.raw"
)


def bid(name: str, raw: str, *, contract: str = "c1", status: str = "Evaluated", country: str = "France") -> str:
    return f'P1,{contract},{name},{status},{country},,,"{raw}"'


@pytest.fixture
def files(tmp_path: Path):
    """Writes the two files and returns the arguments of the reader."""

    def write(*bids: str, contracts: tuple[str, ...] = ("c1,France",)) -> dict[str, Path]:
        paths = {"bids": tmp_path / "bids.csv", "contracts": tmp_path / "contracts.csv"}
        paths["bids"].write_text("\n".join([BID_HEADER, *bids]), encoding="utf-8")
        paths["contracts"].write_text("\n".join(["contract,contract.country", *contracts]), encoding="utf-8")
        return paths

    return write


def fates(reading, file: str = "bids") -> list[tuple[str, str]]:
    return [(str(fate.outcome), fate.reason) for fate in reading.rows if fate.file == file]


def test_two_bids_in_one_currency_become_a_valid_case(files) -> None:
    reading = archive.read(
        **files(
            bid("Alpha", "EUR 1,200.50", status="Awarded"),
            bid("Beta", "EUR1,500", country="India"),
            bid("Gamma", "", status="Rejected"),
        )
    )
    (contract,) = reading.contracts
    assert validate(contract.document).errors == ()
    assert contract.country == "FR"
    assert contract.domestic_and_foreign
    assert contract.awarded_bid == "r1"
    assert evaluate(contract.document)["winner"] == "r1"
    assert fates(reading) == [("kept", "")] * 3


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("UGX 4,516,709,075.00USD 1,656,131.30", "several-prices-in-one-cell"),
        ("PHP", "currency-without-amount"),
        ("980.000,00", "unreadable-price"),
        ("XAF 1.00", "symbolic-price"),
        ("EUR 0.00", "symbolic-price"),
        ("EGP413,406.728", "more-than-two-decimals"),
        ("EUR 1,000,000,000,000,000,000", "price-too-large"),
        ("", "no-evaluated-price"),
    ],
)
def test_a_price_that_says_nothing_certain_is_refused(raw: str, reason: str) -> None:
    with pytest.raises(Unusable, match=reason):
        evaluated_price(raw=raw, currency="", amount="")


def test_a_price_is_read_as_written_and_checked_against_its_derived_columns() -> None:
    assert evaluated_price(raw="NPR279,896,775.05 ;", currency="NPR", amount="279896775.0") == Price(
        "NPR", evaluated_price(raw="NPR 279896775.05", currency="", amount="").amount
    )
    with pytest.raises(Unusable, match="amount-disagrees"):
        evaluated_price(raw="NPR 279,896,775.05", currency="NPR", amount="279896.0")
    with pytest.raises(Unusable, match="currency-disagrees"):
        evaluated_price(raw="NPR 279,896,775.05", currency="USD", amount="279896775")
    with pytest.raises(Unusable, match="amount-disagrees"):
        evaluated_price(raw="NPR 279,896,775.05", currency="NPR", amount="9" * 5000)


def test_duplicates_merge_and_a_rejected_twin_of_an_evaluated_bid_counts_once(files) -> None:
    reading = archive.read(
        **files(
            bid("Alpha", "EUR 100"),
            bid("Alpha", "EUR 100"),
            bid(" ALPHA ", "EUR 100.00", status="Awarded"),
            bid("alpha", "USD 5", status="Rejected"),
            bid("Beta", "EUR 120"),
        )
    )
    assert fates(reading) == [
        ("merged", "same-bid-again"),
        ("merged", "exact-duplicate"),
        ("kept", ""),
        ("merged", "rejected-and-evaluated"),
        ("kept", ""),
    ]


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        (bid("Beta", "USD 120"), "contract-in-several-currencies"),
        (bid("Alpha", "EUR 120"), "contract-with-a-bidder-at-two-prices"),
        (bid("Beta", "EUR 10001"), "contract-with-prices-100-times-apart"),
        (bid("Beta", "EUR 110", contract="c2"), "contract-with-fewer-than-two-bids"),
    ],
)
def test_a_contract_that_cannot_be_compared_is_refused_with_its_rows(files, second: str, reason: str) -> None:
    reading = archive.read(**files(bid("Alpha", "EUR 100"), second, contracts=("c1,France", "c2,France")))
    assert reading.contracts == ()
    assert set(fates(reading)) == {("refused", reason)}


def test_a_region_or_a_blank_is_no_country_and_never_makes_a_bidder_domestic(files) -> None:
    reading = archive.read(
        **files(bid("Alpha", "EUR 100", country="$bidder.country"), bid("Beta", "EUR 110"), contracts=("c1,Africa",))
    )
    (contract,) = reading.contracts
    assert contract.country == ""
    assert not contract.domestic_and_foreign
    assert contract.document["bids"][0]["supplier"]["country"] is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Kyrgyz Republic", "KG"),
        ("Korea Republic of", "KR"),
        ("Macedonia, former Yugoslav\n            Republic of", "MK"),
        ("West Bank and Gaza", "PS"),
        ("Vietnam", "VN"),
        ("Kosovo", ""),
        ("South Asia", ""),
        ("", ""),
    ],
)
def test_countries_are_read_under_the_names_the_source_uses(name: str, code: str) -> None:
    assert alpha2(name) == code


def test_a_file_that_is_not_what_it_should_be_is_refused_in_one_sentence(files, tmp_path: Path) -> None:
    paths = files(bid("Alpha", "EUR 100"))
    with pytest.raises(csv_files.UnreadableFile, match=r"cannot be read"):
        archive.read(bids=tmp_path / "nowhere.csv", contracts=paths["contracts"])
    with pytest.raises(csv_files.UnreadableFile, match=r"lacks the column 'bidder\.name'"):
        archive.read(bids=paths["contracts"], contracts=paths["contracts"])
    paths["bids"].write_bytes(b"contract\xff")
    with pytest.raises(csv_files.UnreadableFile, match=r"not UTF-8 text \(byte 8\)"):
        archive.read(**paths)
    paths["bids"].write_text(BID_HEADER + "\nP1,c1,Alpha", encoding="utf-8")
    with pytest.raises(csv_files.UnreadableFile, match=r"row 1: 3 cells"):
        archive.read(**paths)
    paths["bids"].write_text(BID_HEADER + "\n" + bid("Al\x00pha", "EUR 100"), encoding="utf-8")
    with pytest.raises(csv_files.UnreadableFile, match=r"NUL character \(line 2\)"):
        archive.read(**paths)
    paths["bids"].write_text(BID_HEADER + ",contract\n", encoding="utf-8")
    with pytest.raises(csv_files.UnreadableFile, match=r"the column 'contract' more than once"):
        archive.read(**paths)


def test_a_contract_without_a_usable_name_is_refused_with_its_reason(files) -> None:
    reading = archive.read(
        **files(
            bid("Alpha", "EUR 100", contract="k" * 301),
            bid("Beta", "EUR 120", contract=" "),
            contracts=(",France", "k" * 301 + ",France"),
        )
    )
    assert reading.contracts == ()
    assert fates(reading) == fates(reading, "contracts") == [("refused", "no-contract-name")] * 2


@pytest.mark.django_db
def test_a_second_import_changes_nothing(files, capsys) -> None:
    paths = files(bid("Alpha", "EUR 100"), bid("Beta", "EUR 120"), bid("Gamma", "EUR"))
    arguments = ["import_archive", "worldbank", "--bids", str(paths["bids"]), "--contracts", str(paths["contracts"])]
    call_command(*arguments)
    before = (ArchiveCase.objects.count(), ImportedRow.objects.count(), Line.objects.count())
    call_command(*arguments)
    assert (ArchiveCase.objects.count(), ImportedRow.objects.count(), Line.objects.count()) == before == (1, 4, 1)
    output = capsys.readouterr().out
    assert "imported before: nothing changes" in output
    assert "1  the price is a currency without an amount" in output


@pytest.mark.django_db
def test_a_wrong_file_leaves_no_trace(files, tmp_path: Path) -> None:
    paths = files(bid("Alpha", "EUR 100"))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_archive", "worldbank", "--bids", str(tmp_path), "--contracts", str(paths["contracts"]))
    assert not ArchiveImport.objects.exists()


def test_the_real_files_go_through_and_every_row_ends_once() -> None:
    reading = archive.read(bids=data_file("bids/wb_bids.csv"), contracts=data_file("bids/wb_contracts.csv"))
    counts = reading.counts()["files"]
    for file in ("bids", "contracts"):
        count = counts[file]
        assert count["read"] == count["kept"] + sum(count["merged"].values()) + sum(count["refused"].values())
    assert counts["bids"]["read"] == 11_192
    assert counts["contracts"]["read"] == 6_398
    assert counts["bids"]["merged"]["exact-duplicate"] == 1_877
    assert len(reading.contracts) == 1_256
    assert all(validate(contract.document).errors == () for contract in reading.contracts)
