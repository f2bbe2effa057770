"""Simulations as files: the same figures in each kind, headed by what they rest on, and never run by a spreadsheet."""

import csv
import io
import json
import zipfile
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.policies.models import PolicyVersion
from procurement.simulation.exports import files
from procurement.simulation.models import ArchiveSnapshot, Look, Sweep
from procurement.simulation.present.result import Result, units
from procurement.simulation.worker_files import ChangedLots, Switches
from tests.factories import UserFactory
from tests.simulation import answered
from tests.simulation.invented import EUROPEAN

SCENARIO = 4


@pytest.fixture
def office(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


@pytest.fixture
def sweep(snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User) -> Sweep:
    return answered.sweep(snapshot=snapshot, policy=policy, by=officer)


@pytest.fixture
def look(sweep: Sweep, officer: User) -> Look:
    return answered.look(sweep, SCENARIO, by=officer)


def file_of(office: Client, sweep: Sweep, extension: str) -> bytes:
    return office.get(reverse("simulation:sweep_file", args=[sweep.pk, extension])).content


def lots_of(office: Client, look: Look, extension: str) -> bytes:
    return office.get(reverse("simulation:look_file", args=[look.sweep_id, look.scenario, extension])).content


def sheets(content: bytes) -> list[list[list[Any]]]:
    """The cells of each sheet of a workbook."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [book.get_sheet_by_index(place).to_python() for place in range(len(book.sheet_names))]


def table_in(content: bytes, separator: str = ",") -> list[list[str]]:
    """The lines after the empty one: titles first."""
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=separator))
    return lines[lines.index([]) + 1 :]


def test_every_kind_of_file_says_that_it_is_a_simulation_of_which_archive_on_which_hashes(
    office: Client, sweep: Sweep
) -> None:
    heads = {
        "csv": file_of(office, sweep, "csv").decode(),
        "xlsx": str(sheets(file_of(office, sweep, "xlsx"))[0]),
        "parquet": pq.read_schema(io.BytesIO(file_of(office, sweep, "parquet"))).metadata[b"bareme"].decode(),
        "json": json.dumps(json.loads(file_of(office, sweep, "json"))["about"]),
    }
    digests = (sweep.snapshot.sha256, sweep.policy_sha256, sweep.scenarios_sha256, sweep.code_sha256)
    for kind, head in heads.items():
        for said in ("Proposal: simulation only", "Origin is that of the goods", "Static: bids", *digests):
            assert said in head, (kind, said)


def test_a_file_names_the_indicator_its_co2e_is_read_from(
    office: Client, snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User
) -> None:
    told = answered.sweep(snapshot=snapshot, policy=policy, by=officer, carbon="co2e")
    assert "Indicator of the CO2e,co2e" in file_of(office, told, "csv").decode().splitlines()


def test_the_scenarios_have_the_same_figures_in_each_kind_of_file(office: Client, sweep: Sweep) -> None:
    result = Result(sweep)
    expected = [units(each.extra_cost) for each in (result.baseline, *result.scenarios)]
    titles, *rows = table_in(file_of(office, sweep, "csv"))
    assert [Decimal(row[titles.index("Extra cost")]) for row in rows] == expected
    table = pq.read_table(io.BytesIO(file_of(office, sweep, "parquet")))
    assert table["extra_cost"].to_pylist() == expected
    document = json.loads(file_of(office, sweep, "json"))
    assert [Decimal(row["extra_cost"]) for row in document["rows"]] == expected
    assert document["result"] == sweep.result
    _label, titles_of_sheet, *lines = sheets(file_of(office, sweep, "xlsx"))[1]
    at = titles_of_sheet.index("Extra cost")
    assert [round(line[at] * 100) for line in lines] == [int(cost * 100) for cost in expected]


def test_values_stand_in_a_column_of_their_own_under_their_path(office: Client, sweep: Sweep) -> None:
    table = pq.read_table(io.BytesIO(file_of(office, sweep, "parquet")))
    assert table[EUROPEAN].to_pylist() == [None, *(Decimal(value) for value in (0, 0, 5, 5, 10, 10))]


def test_a_french_reader_gets_commas_in_numbers_and_semicolons_between_them(client: Client, sweep: Sweep) -> None:
    client.force_login(UserFactory(role="policy_officer", language="fr"))
    titles, *rows = table_in(file_of(client, sweep, "csv"), ";")
    spend = rows[0][titles.index("Dépense")]
    assert Decimal(spend.replace(",", ".")) == units(Result(sweep).baseline.spend)


def test_the_changed_lots_are_all_in_each_kind_of_file(office: Client, look: Look) -> None:
    changed = list(ChangedLots(look))
    _titles, *rows = table_in(lots_of(office, look, "csv"))
    assert [row[1] for row in rows] == [row["lot"] for row in changed]
    table = pq.read_table(io.BytesIO(lots_of(office, look, "parquet")))
    assert table["rent"].to_pylist() == [None if row["rent"] is None else units(row["rent"]) for row in changed]
    document = json.loads(lots_of(office, look, "json"))
    assert [row["after_supplier"] for row in document["rows"]] == [row["after_supplier"] for row in changed]
    assert len(sheets(lots_of(office, look, "xlsx"))[1]) == len(changed) + 2


def test_a_name_that_a_spreadsheet_would_run_is_a_text_in_the_files(
    office: Client, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = [{**row, "hospital": "=1+1"} for row in ChangedLots(look)]
    monkeypatch.setattr(ChangedLots, "__iter__", lambda lots: iter(hostile))
    titles, *rows = table_in(lots_of(office, look, "csv"))
    assert {row[titles.index("Hospital")] for row in rows} == {"'=1+1"}
    with zipfile.ZipFile(io.BytesIO(lots_of(office, look, "xlsx"))) as packed:
        assert "<f>" not in packed.read("xl/worksheets/sheet2.xml").decode()


def test_every_switch_of_the_step_curve_is_in_its_file_at_its_exact_amount(
    office: Client, snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User
) -> None:
    curved = answered.sweep(snapshot=snapshot, policy=policy, by=officer, axes=answered.AXES[:1])
    switches = list(Switches(curved))
    assert len(switches) == curved.result["curve"]["switches"] > 0
    content = office.get(reverse("simulation:switches_file", args=[curved.pk, "csv"])).content
    titles, *rows = table_in(content)
    amounts = [Fraction(row[titles.index("From this amount on")]) for row in rows]
    assert amounts == [Fraction(int(row["top"]), int(row["bottom"])) for row in switches]
    assert [row[titles.index("Winner after")] for row in rows] == [row["after_supplier"] or "" for row in switches]
    assert "Proposal: simulation only" in content.decode()


def test_a_question_without_a_step_curve_has_no_list_of_switches(office: Client, sweep: Sweep) -> None:
    assert office.get(reverse("simulation:switches", args=[sweep.pk])).status_code == 404


def test_taking_a_file_leaves_a_line_in_the_record(office: Client, look: Look) -> None:
    lots_of(office, look, "csv")
    file_of(office, look.sweep, "json")
    taken = Line.objects.filter(action="file.exported").values_list("object", flat=True)
    assert list(taken) == [f"simulation.Look:{look.pk}", f"simulation.Sweep:{look.sweep_id}"]


def test_a_workbook_of_too_many_rows_is_refused_with_what_to_take_instead(
    office: Client, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_ROWS", 1)
    answer = office.get(reverse("simulation:look_file", args=[look.sweep_id, look.scenario, "xlsx"]))
    assert answer.status_code == 409
    assert "take the CSV or the Parquet file" in answer.content.decode()


@pytest.mark.parametrize("name", ["sweep_file", "look_file"])
def test_a_kind_of_file_that_is_not_made_is_not_found(office: Client, look: Look, name: str) -> None:
    place: list[Any] = [look.sweep_id] if name == "sweep_file" else [look.sweep_id, look.scenario]
    assert office.get(reverse(f"simulation:{name}", args=[*place, "pdf"])).status_code == 404


def test_a_question_without_an_answer_has_no_file(office: Client, snapshot: ArchiveSnapshot, sweep: Sweep) -> None:
    Sweep.objects.filter(pk=sweep.pk).update(result=None, result_sha256="", finished_at=None)
    assert office.get(reverse("simulation:sweep_file", args=[sweep.pk, "csv"])).status_code == 404
