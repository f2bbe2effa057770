"""The file of Tsuchiura: every row ends once, with its reason, and what the city decided is what the case says."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from procurement.interchange.tsuchiura import archive
from procurement.simulation.models import ArchiveCase, ArchiveImport
from scoring import evaluate, validate
from tests.real_data import data_file

HEADER = "pid,date,reserveprice,minprice,uneditedbidder,bid,bidresult,bidresult_details,winner"


def bid(
    name: str,
    yen: str,
    *,
    result: str = "1",
    words: str = "",
    winner: str | None = None,
    minimum: str = "800",
    day: str = "20100119",
) -> str:
    won = winner if winner is not None else str(int(result in "23"))
    return f"16,{day},1000,{minimum},{name},{yen},{result},{words},{won}"


@pytest.fixture
def read(tmp_path: Path):
    """Writes the rows into a file and reads it."""

    def write(*rows: str):
        path = tmp_path / "bids.csv"
        path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
        return archive.read(bids=path)

    return write


def fates(reading) -> list[tuple[str, str]]:
    return [(str(fate.outcome), fate.reason) for fate in reading.rows]


def test_an_auction_is_a_case_on_price_alone_whose_winner_is_the_citys(read) -> None:
    reading = read(bid("Azuma", "950"), bid("Haze", "900", result="2"), bid("Ikki", "700", result="4"))
    (contract,) = reading.contracts
    assert validate(contract.document).errors == ()
    assert (contract.key, contract.country, contract.origin) == ("16", "JP", "unknown")
    assert (contract.awarded_bid, contract.awarded_on) == ("r2", date(2010, 1, 19))
    assert evaluate(contract.document)["winner"] == "r2"
    assert contract.document["tender"] == {"id": "16", "currency": "JPY", "estimated_value": "1000"}
    assert [bid["supplier"]["country"] for bid in contract.document["bids"]] == [None, None, None]


def test_a_bid_below_the_minimum_price_is_excluded_and_says_so(read) -> None:
    (contract,) = read(
        bid("Azuma", "700", result="4", words="disqualification"), bid("Haze", "900", result="2")
    ).contracts
    excluded = contract.document["bids"][0]
    assert excluded["status"] == "excluded"
    assert excluded["exclusion_reason"] == "below the minimum price of the auction, 800 JPY"
    assert excluded["price"] == "700"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (" Disable  (estimated price exceeded)", "disqualified by the city: Disable (estimated price exceeded)"),
        ("", "disqualified by the city, which gives no reason"),
    ],
)
def test_a_bid_disqualified_otherwise_keeps_the_words_of_the_source_with_or_without_a_price(
    read, words: str, said: str
) -> None:
    (contract,) = read(bid("Azuma", "", result="4", words=words), bid("Haze", "900", result="2")).contracts
    excluded = contract.document["bids"][0]
    assert excluded["exclusion_reason"] == said
    assert "price" not in excluded


def test_equal_lowest_bids_stay_tied_although_the_city_drew_lots(read) -> None:
    (contract,) = read(bid("Azuma", "900"), bid("Haze", "900", result="3", words="won by lottery")).contracts
    assert contract.awarded_bid == "r2"
    assert evaluate(contract.document)["winner"] is None


def test_rows_of_an_auction_that_stand_apart_belong_together(read) -> None:
    other = bid("Orimoto", "990", result="2").replace("16,", "17,", 1)
    reading = read(bid("Azuma", "950"), other, bid("Haze", "900", result="2"))
    assert [len(contract.document["bids"]) for contract in reading.contracts] == [2, 1]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([bid("Azuma", "900"), bid("Haze", "950")], "auction-without-winner"),
        ([bid("Azuma", "900", result="2"), bid("Haze", "900", result="3")], "auction-with-several-winners"),
        ([bid("Azuma", "900", result="2"), bid("Haze", "950", winner="1")], "result-disagrees"),
        ([bid("Azuma", "700"), bid("Haze", "900", result="2")], "auction-with-a-bid-outside-its-limits"),
        ([bid("Azuma", "1001"), bid("Haze", "900", result="2")], "auction-with-a-bid-outside-its-limits"),
        ([bid("Azuma", "900", result="2"), bid("AZUMA ", "950")], "contract-with-a-bidder-at-two-prices"),
        ([bid("Azuma", "900", result="2"), bid("Haze", "950", minimum="")], "auction-described-in-two-ways"),
        ([bid("Azuma", "900", result="2", day="20100231")], "auction-without-day-or-limits"),
        ([bid("Azuma", "900", result="2", minimum="none")], "auction-without-day-or-limits"),
    ],
)
def test_an_auction_that_contradicts_itself_is_refused_with_all_its_rows(read, rows: list[str], reason: str) -> None:
    reading = read(*rows)
    assert reading.contracts == ()
    assert fates(reading) == [("refused", reason)] * len(rows)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (bid("Azuma", "950").replace("16,", " ,", 1), "no-contract-name"),
        (bid(" ", "950"), "no-bidder-name"),
        (bid("Azuma", "950", result="5"), "unknown-result"),
        (bid("Azuma", ""), "no-price"),
        (bid("Azuma", "950.5"), "not-whole-yen"),
        (bid("Azuma", "0"), "not-whole-yen"),
        (bid("Azuma", "9" * 14), "not-whole-yen"),
    ],
)
def test_a_row_that_says_nothing_certain_is_refused_alone(read, row: str, reason: str) -> None:
    reading = read(bid("Haze", "900", result="2"), row)
    assert fates(reading) == [("kept", ""), ("refused", reason)]
    assert len(reading.contracts) == 1


def test_the_same_row_and_the_same_bid_count_once(read) -> None:
    reading = read(
        bid("Haze", "900", result="2"),
        bid("Haze", "900", result="2"),
        bid("HAZE", "900", result="2"),
    )
    assert fates(reading) == [("kept", ""), ("merged", "exact-duplicate"), ("merged", "same-bid-again")]


def test_empty_lines_are_no_rows(read) -> None:
    rows = bid("Haze", "900", result="2"), bid("Maejima", "950")
    assert fates(read("", rows[0], "", rows[1], "", "")) == fates(read(*rows)) == [("kept", "")] * 2


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", r"is empty: the first row must name pid"),
        (b"PAR1\x15\x04\xff\xfe", r"not UTF-8 text \(byte 6\)"),
        (HEADER.encode("utf-16"), r"not UTF-8 text \(byte 0\)"),
        (HEADER.replace(",", ";").encode(), r"lacks the column 'pid': .*with a comma between"),
        (HEADER.encode() + b"\n16,20100119", r"row 1: 2 cells where the header has 9"),
        (HEADER.encode() + b"\n\n16,20100119", r"row 2: 2 cells where the header has 9"),
        (HEADER.encode() + b"\r\n\r\n", r"holds its header alone: give at least one row below it"),
    ],
)
@pytest.mark.django_db
def test_a_file_that_is_not_what_it_should_be_is_refused_in_one_sentence_and_nothing_is_kept(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "bids.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=sentence):
        call_command("import_archive", "tsuchiura", "--bids", str(path))
    assert not ArchiveImport.objects.exists()


@pytest.mark.django_db
def test_each_source_says_which_files_it_is_read_from(tmp_path: Path) -> None:
    path = str(tmp_path / "bids.csv")
    with pytest.raises(CommandError, match=r"tsuchiura is read from these files, and no others: --bids FILE\."):
        call_command("import_archive", "tsuchiura", "--bids", path, "--contracts", path)
    with pytest.raises(CommandError, match=r"--bids FILE --contracts FILE"):
        call_command("import_archive", "worldbank", "--bids", path)


@pytest.mark.django_db
def test_the_real_file_goes_through_as_documented(capsys) -> None:
    path = data_file("bids/tsuchiura_bids.csv")
    call_command("import_archive", "tsuchiura", "--bids", str(path))
    assert "1047 contracts in the archive" in capsys.readouterr().out
    assert ArchiveImport.objects.get().counts["files"]["bids"] == {
        "read": 4026,
        "kept": 3988,
        "merged": {},
        "refused": {"auction-without-winner": 11, "contract-with-a-bidder-at-two-prices": 27},
    }
    ends: Counter[str] = Counter()
    for case in ArchiveCase.objects.all():
        winner = evaluate(case.document)["winner"]
        ends["tied" if winner is None else "as the city" if winner == case.awarded_bid else "another"] += 1
    assert ends == {"as the city": 1041, "tied": 6}
