"""How often each bid wins over ranges of values: asked on a page, answered by a worker, read lot by lot."""

import io
import json
import zipfile
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.urls import reverse

from procurement.jobs.models import Job
from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.people.refusals import Invalid
from procurement.policies.models import PolicyVersion
from procurement.simulation import question
from procurement.simulation.models import ArchiveSnapshot, Box
from procurement.simulation.present import shares
from procurement.simulation.services import request_box
from procurement.simulation.winners import winners
from procurement.simulation.worker_files import BoxLots, box_lot
from tests.simulation import answered
from tests.simulation.invented import EUROPEAN, GREEN
from tests.simulation.test_exports import sheets, table_in

NEW = "simulation:new_box"


@pytest.fixture
def office(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


@pytest.fixture
def box(snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User) -> Box:
    return answered.box(snapshot=snapshot, policy=policy, by=officer)


@pytest.fixture
def asked(snapshot: ArchiveSnapshot, policy: PolicyVersion) -> dict[str, object]:
    ends = {f"low_{EUROPEAN}": "0", f"high_{EUROPEAN}": "10", f"low_{GREEN}": "2.5", f"high_{GREEN}": "5"}
    return {"snapshot": snapshot.pk, "policy_version": policy.pk, "samples": "1000", "seed": "7", **ends}


def test_posting_the_form_asks_and_leads_to_the_answer(office: Client, asked: dict[str, object]) -> None:
    answer = office.post(reverse(NEW), asked)
    box = Box.objects.get()
    assert answer["Location"] == box.get_absolute_url()
    assert (box.samples, box.seed) == (1000, 7)
    assert box.ranges == [{"path": EUROPEAN, "low": "0", "high": "10"}, {"path": GREEN, "low": "2.5", "high": "5"}]
    assert Line.objects.filter(action="box.requested").count() == 1


def test_the_same_question_is_answered_once(box: Box, officer: User) -> None:
    again = answered.box(snapshot=box.snapshot, policy=box.policy_version, by=officer)
    assert again == box
    assert Job.objects.count() == 1


def test_another_seed_is_another_question(box: Box, officer: User) -> None:
    assert answered.box(snapshot=box.snapshot, policy=box.policy_version, by=officer, seed=2) != box


def test_every_sample_of_every_lot_is_counted_once(box: Box) -> None:
    rows = list(BoxLots(box))
    assert len(rows) == box.snapshot.lots
    assert all(sum(row["wins"]) + row["nobody"] == box.samples for row in rows)
    assert box.result is not None
    known = box.result["certificate"]
    assert sum(known.values()) == box.snapshot.lots * box.samples
    assert known["unverified"] == 0


def test_the_page_says_what_becomes_of_the_awards_and_how_sure_it_is(office: Client, box: Box) -> None:
    page = office.get(box.get_absolute_url()).content.decode()
    assert shares.sentences(box)[0] in page
    assert "100 samples drawn evenly from the ranges, seed 1" in page
    assert "13.59 percentage points" in page
    assert "Proposal: simulation only" in page


def test_a_lot_shows_the_share_of_each_bid_as_a_bar_and_in_a_table(office: Client, box: Box) -> None:
    row = next(row for row in BoxLots(box) if row["own"] < box.samples)
    page = office.get(reverse("simulation:box_lot", args=[box.pk, row["number"]]))
    found = page.context["portions"]
    assert sum(each.wins for each in found) == box.samples
    assert sum(each.recorded for each in found) == 1
    assert [each.wins for each in found] == sorted((each.wins for each in found), reverse=True)
    assert page.content.decode().count("fill-european") == len(found)


def test_a_lot_that_the_archive_does_not_have_is_not_found(office: Client, box: Box) -> None:
    for number in (box.snapshot.lots, 10**30):
        assert office.get(reverse("simulation:box_lot", args=[box.pk, number])).status_code == 404
        assert box_lot(box, number) is None


def test_the_list_is_narrowed_to_a_lot(office: Client, box: Box) -> None:
    wanted = BoxLots(box)[3]["lot"]
    page = office.get(box.get_absolute_url(), {"lot": wanted})
    assert wanted in [lot["lot"] for lot in page.context["lots"]]
    assert len(page.context["lots"]) < box.snapshot.lots


def test_the_link_of_a_box_fills_the_form_that_asks_it_again(office: Client, box: Box) -> None:
    form = office.get(question.of_box(box)).context["form"]
    assert form.is_valid()
    assert form.question()["ranges"] == box.ranges
    assert (form.question()["samples"], form.question()["seed"]) == (box.samples, box.seed)


def test_a_changed_lot_leads_to_ranges_around_what_was_tried(
    office: Client, snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User
) -> None:
    sweep = answered.sweep(snapshot=snapshot, policy=policy, by=officer)
    words = parse_qs(urlsplit(question.box_around(sweep, "lot 3")).query)
    assert (words[f"low_{EUROPEAN}"], words[f"high_{EUROPEAN}"], words["lot"]) == (["0"], ["10"], ["lot 3"])
    assert office.get(question.box_around(sweep, "lot 3")).context["form"].is_valid()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({f"high_{GREEN}": ""}, "A range has two ends: write this one too, or leave both out."),
        ({f"low_{GREEN}": "6"}, "is to go from 6 to 5: write the lowest value first."),
        ({f"low_{GREEN}": "six"}, "This is not a number"),
        ({"seed": "-1"}, "greater than or equal to 0"),
        ({"samples": "0"}, "greater than or equal to 1"),
        ({"samples": "10001"}, "less than or equal to 10000"),
        ({f"{end}_{path}": "" for end in ("low", "high") for path in (EUROPEAN, GREEN)}, "at least one value"),
    ],
)
def test_a_question_that_makes_no_sense_is_not_asked(
    office: Client, asked: dict[str, object], changed: dict[str, str], sentence: str
) -> None:
    page = office.post(reverse(NEW), {**asked, **changed})
    assert sentence in page.content.decode()
    assert not Box.objects.exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"samples": 0}, "from 1 to 10000 samples"),
        ({"seed": -1}, "whole number from 0"),
        ({"ranges": [{"path": "cashback.tiers.0.1", "low": "0", "high": "1"}]}, "changes winners"),
        ({"ranges": [{"path": EUROPEAN, "low": "few", "high": "1"}]}, "no number"),
        ({"local_area": "MOON"}, "no area MOON"),
    ],
)
def test_the_service_refuses_what_the_form_does_not_offer(
    snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User, changed: dict[str, object], sentence: str
) -> None:
    whole = {"ranges": answered.RANGES, "samples": 10, "seed": 1, **changed}
    with pytest.raises(Invalid, match=sentence):
        request_box(snapshot=snapshot, policy_version=policy, by=officer, **whole)  # type: ignore[arg-type]  # on purpose


def file_of(office: Client, box: Box, extension: str) -> bytes:
    return office.get(reverse("simulation:box_file", args=[box.pk, extension])).content


def test_every_kind_of_file_says_what_was_sampled_from_which_archive_on_which_hashes(office: Client, box: Box) -> None:
    heads = {
        "csv": file_of(office, box, "csv").decode(),
        "xlsx": str(sheets(file_of(office, box, "xlsx"))[0]),
        "parquet": pq.read_schema(io.BytesIO(file_of(office, box, "parquet"))).metadata[b"bareme"].decode(),
        "json": json.dumps(json.loads(file_of(office, box, "json"))["about"]),
    }
    digests = (box.snapshot.sha256, box.policy_sha256, box.ranges_sha256, box.code_sha256, box.file_sha256)
    for kind, head in heads.items():
        for said in ("Proposal: simulation only", "Static: bids", "from 0 to 10", "seed 1", "13.59", *digests):
            assert said in head, (kind, said)


def test_the_files_list_every_bid_that_wins_a_sample_and_the_recorded_award(office: Client, box: Box) -> None:
    table = pq.read_table(io.BytesIO(file_of(office, box, "parquet"))).to_pylist()
    by_lot: dict[int, list[dict[str, Any]]] = {}
    for line in table:
        by_lot.setdefault(line["number"], []).append(line)
    lots = {row["number"]: row for row in BoxLots(box)}
    assert list(by_lot) == [row["number"] for row in BoxLots(box)]
    for number, lines in by_lot.items():
        assert sum(line["wins"] for line in lines) == box.samples
        assert sum(line["share"] for line in lines) == 1
        (recorded,) = (line for line in lines if line["recorded"] == "yes")
        assert recorded["wins"] == lots[number]["own"]
        assert recorded["supplier"] == lots[number]["before_supplier"]
        assert max(line["wins"] for line in lines if line["bid"]) == lots[number]["most_wins"]
    assert {(line["samples"], line["error"]) for line in table} == {(100, Decimal("0.1359"))}


def test_the_lots_have_the_same_figures_in_each_kind_of_file(office: Client, box: Box) -> None:
    table = pq.read_table(io.BytesIO(file_of(office, box, "parquet")))
    expected = list(zip(table["bid"].to_pylist(), table["wins"].to_pylist(), strict=True))
    titles, *rows = table_in(file_of(office, box, "csv"))
    bid, wins = titles.index("Bid"), titles.index("Samples won")
    assert [(row[bid], int(row[wins])) for row in rows] == expected
    document = json.loads(file_of(office, box, "json"))
    assert [(row["bid"], row["wins"]) for row in document["rows"]] == expected
    assert document["result"] == box.result
    assert [(line[bid], line[wins]) for line in sheets(file_of(office, box, "xlsx"))[1][2:]] == expected


def test_samples_that_nobody_wins_are_a_line_without_a_bid(box: Box) -> None:
    first, second = BoxLots(box)[:2]
    lost = {**first, "wins": [0 for _wins in first["wins"]], "nobody": box.samples}
    unawarded = {**second, "before_place": None}
    of_lost, of_unawarded = winners([lost, unawarded], box)
    assert [(each.bid is None, each.recorded, each.wins) for each in of_lost] == [(False, True, 0), (True, False, 100)]
    assert (of_unawarded[-1].bid, of_unawarded[-1].recorded, of_unawarded[-1].wins) == (None, True, 0)


def test_a_name_that_a_spreadsheet_would_run_is_a_text_in_the_files(
    office: Client, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = [{**row, "hospital": "=1+1"} for row in BoxLots(box)]
    monkeypatch.setattr(BoxLots, "__iter__", lambda lots: iter(hostile))
    titles, *rows = table_in(file_of(office, box, "csv"))
    assert {row[titles.index("Hospital")] for row in rows} == {"'=1+1"}
    with zipfile.ZipFile(io.BytesIO(file_of(office, box, "xlsx"))) as packed:
        assert "<f>" not in packed.read("xl/worksheets/sheet2.xml").decode()


def test_the_page_leads_to_the_files_and_taking_one_leaves_a_line_in_the_record(office: Client, box: Box) -> None:
    page = office.get(box.get_absolute_url()).content.decode()
    for extension in ("csv", "xlsx", "parquet", "json"):
        assert reverse("simulation:box_file", args=[box.pk, extension]) in page
    file_of(office, box, "csv")
    assert [line.object for line in Line.objects.filter(action="file.exported")] == [f"simulation.Box:{box.pk}"]
    assert office.get(reverse("simulation:box_file", args=[box.pk, "pdf"])).status_code == 404
