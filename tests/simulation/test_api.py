"""Archives and simulations over the API: the question of the form, and the figures of the pages."""

import io
from typing import Any
from uuid import uuid4

import pyarrow.parquet as pq
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from procurement.fields import plain
from procurement.ledger.models import Line
from procurement.people import services as people
from procurement.people.models import User
from procurement.people.roles import Role
from procurement.policies.models import PolicyVersion
from procurement.simulation import tasks
from procurement.simulation.models import ArchiveSnapshot, Look, Sweep
from procurement.simulation.present.result import Result, units
from procurement.simulation.services import request_sweep
from tests.factories import UserFactory
from tests.simulation import answered
from tests.simulation.invented import EUROPEAN, GREEN, axis
from tests.tenders.test_api import of

SIMULATIONS = "/api/v1/simulations/"
Question = dict[str, Any]


@pytest.fixture
def api(officer: User) -> APIClient:
    return of(officer)


@pytest.fixture
def question(snapshot: ArchiveSnapshot, policy: PolicyVersion) -> Question:
    return {"snapshot": snapshot.pk, "policy_version": policy.pk, "axes": [axis(EUROPEAN, "0", "5")]}


@pytest.fixture
def sweep(snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User) -> Sweep:
    return answered.sweep(snapshot=snapshot, policy=policy, by=officer, carbon="co2e")


def asked(api: APIClient, question: Question, **changed: Any) -> Any:
    return api.post(SIMULATIONS, {**question, **changed}, format="json")


def test_an_archive_says_what_its_figures_mean(api: APIClient, snapshot: ArchiveSnapshot) -> None:
    (found,) = api.get("/api/v1/archive-snapshots/?source=portal").json()["results"]
    assert (found["sha256"], found["lots"], found["provenance"]["origin_of"]) == (snapshot.sha256, 200, "goods")
    assert "Marks are simulated." in found["meanings"]
    assert api.get(f"/api/v1/archive-snapshots/{snapshot.pk}/").json() == found
    assert api.get("/api/v1/archive-snapshots/?source=worldbank").json()["count"] == 0
    assert api.get(f"/api/v1/archive-snapshots/?sha256={'0' * 64}").json()["count"] == 0


def test_a_question_is_asked_answered_and_read_to_the_cent(api: APIClient, question: Question) -> None:
    axes = [{"path": EUROPEAN, "range": {"first": "0", "last": "10", "step": "2.50"}}, axis(GREEN, "0", "5.0")]
    answer = asked(api, question, axes=axes, carbon="co2e")
    assert answer.status_code == 202
    found = answer.json()
    assert found["axes"] == [axis(EUROPEAN, "0", "2.5", "5", "7.5", "10"), axis(GREEN, "0", "5")]
    assert (found["scenario_count"], found["job"]["state"], found["answer"], found["stale"]) == (
        10,
        "queued",
        None,
        None,
    )
    assert api.get(f"{SIMULATIONS}{found['id']}/scenarios/").status_code == 409

    tasks.sweep(found["job"]["id"])
    read = api.get(f"{SIMULATIONS}{found['id']}/").json()
    sweep = Sweep.objects.get(pk=found["id"])
    assert (read["job"]["state"], read["stale"], read["result_sha256"]) == ("done", [], sweep.result_sha256)
    assert read["meaning"].startswith("Proposal: simulation only. Origin is that of the goods.")
    assert read["answer"]["certificate"]["unverified"] == 0
    assert "0 unverified" in read["answer"]["certificate_in_words"][0]

    page = api.get(f"{SIMULATIONS}{found['id']}/scenarios/?page_size=3&ordering=-changed").json()
    assert (page["count"], len(page["results"])) == (10, 3)
    result = Result(sweep)
    for line in page["results"]:
        known = result.scenarios[line["number"]]
        assert line["changes"] == known.changes
        assert (line["changed"], line["currency"]) == (known.changed, "EUR")
        for name in ("spend", "extra_cost", "european_value", "cashback", "cashback_granted", "deadweight"):
            assert line[name] == plain(units(getattr(known, name)))
        assert (line["co2e_change_grams"], line["co2e_unknown"]) == (known.grams, known.untold)
        assert float(line["european_share"]) == pytest.approx(float(known.share), abs=1e-6)
    changed = [line["changed"] for line in page["results"]]
    assert changed == sorted(changed, reverse=True)


def test_the_same_question_is_the_one_of_the_form_and_is_answered_once(
    api: APIClient, question: Question, snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User
) -> None:
    known = request_sweep(snapshot=snapshot, policy_version=policy, axes=[axis(EUROPEAN, "0", "5")], by=officer)
    assert asked(api, question).json()["id"] == str(known.pk)
    assert asked(api, question, axes=[axis(EUROPEAN, "0.0", "5.00")]).json()["id"] == str(known.pk)


@pytest.mark.parametrize(
    ("changed", "where", "sentence"),
    [
        ({"axes": [axis("measures.lunar.amount", "1")]}, "/axes/0/path", "choose one of measures.european.amount"),
        ({"axes": [axis(GREEN, "1"), axis(EUROPEAN, "5", "3")]}, "/axes/1/values", "from the lowest to the highest"),
        ({"axes": [axis(EUROPEAN)]}, "/axes/0/values", "at least one value"),
        ({"axes": [axis("cashback.envelope_year", "-1")]}, "/axes", "makes no policy"),
        ({"local_area": "HOME"}, "/local_area", "no area HOME: it has EU"),
        ({"carbon": "smell"}, "/carbon", "it has co2e"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_a_sentence_with_its_place(
    api: APIClient, question: Question, changed: Question, where: str, sentence: str
) -> None:
    answer = asked(api, question, **changed)
    assert answer.status_code == 400
    assert sentence in answer.json()["detail"]
    assert [problem["pointer"] for problem in answer.json()["errors"]] == [where]
    assert not Sweep.objects.exists()


def spread(**changed: str) -> Question:
    return {"path": EUROPEAN, "range": {"first": "0", "last": "10", "step": "1", **changed}}


@pytest.mark.parametrize(
    ("changed", "place", "sentence"),
    [
        ({"snapshot": 0}, ["snapshot"], "Invalid pk"),
        ({"policy_version": "best"}, ["policy_version"], "Incorrect type"),
        ({"axes": []}, ["axes"], "at least 1"),
        ({"axes": [axis(EUROPEAN, "1")] * 3}, ["axes"], "no more than 2"),
        ({"axes": [axis(EUROPEAN, "1", "a lot")]}, ["axes", "0", "values", "1"], "“a lot” is not a plain decimal"),
        ({"axes": [axis(EUROPEAN, "1e3")]}, ["axes", "0", "values", "0"], "write a text such as 3 or 2.5"),
        ({"axes": [{"path": EUROPEAN}]}, ["axes", "0", "values"], "Write its values, or a range"),
        ({"axes": [{**spread(), "values": ["1"]}]}, ["axes", "0", "values"], "not both"),
        (
            {"axes": [spread(step="0")]},
            ["axes", "0", "range", "step"],
            "more than 0",
        ),
        ({"axes": [spread(last="-1")]}, ["axes", "0", "range", "last"], "rises"),
        ({"axes": [spread(step="0.001")]}, ["axes", "0", "range", "step"], "larger"),
    ],
)
def test_a_field_that_is_wrong_is_named(
    api: APIClient, question: Question, changed: Question, place: list[Any], sentence: str
) -> None:
    answer = asked(api, question, **changed)
    assert answer.status_code == 400
    told = answer.json()
    for step in place:
        told = told[step]
    assert sentence in str(told)
    assert not Sweep.objects.exists()


def test_simulations_are_narrowed_and_take_as_many_queries_for_ten_as_for_one(
    api: APIClient, sweep: Sweep, question: Question, officer: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert api.get(SIMULATIONS).status_code == 200
        return len(counted)

    assert "answer" not in api.get(SIMULATIONS).json()["results"][0]
    with_one = queries()
    for value in range(9):
        asked(api, question, axes=[axis(EUROPEAN, str(value))])
    assert queries() == with_one
    count = {
        ask: api.get(f"{SIMULATIONS}?{ask}").json()["count"] for ask in ("state=done", "state=queued", "mine=true")
    }
    assert count == {"state=done": 1, "state=queued": 9, "mine=true": 10}
    other = of(UserFactory(role=Role.POLICY_OFFICER))
    assert other.get(f"{SIMULATIONS}?mine=true").json()["count"] == 0
    assert other.get(f"{SIMULATIONS}?snapshot={sweep.snapshot_id}&mine=false").json()["count"] == 10
    assert api.get(f"{SIMULATIONS}?snapshot=0").status_code == 400


def test_whoever_asked_stops_the_work_and_nobody_else(api: APIClient, question: Question) -> None:
    address = f"{SIMULATIONS}{asked(api, question).json()['id']}/cancel/"
    refused = of(UserFactory(role=Role.POLICY_OFFICER, language="en")).post(address)
    assert (refused.status_code, refused.json()["detail"]) == (403, "A simulation is stopped by whoever asked for it.")
    assert api.post(address).json()["job"]["state"] == "cancelled"
    assert Line.objects.filter(action="job.cancelled").count() == 1
    assert api.post(address).json()["job"]["state"] == "cancelled"


def test_a_scenario_is_looked_at_and_its_files_are_fetched_with_a_token(sweep: Sweep, officer: User) -> None:
    _token, text = people.create_token(name="script", by=officer)
    api = APIClient(headers={"authorization": f"Token {text}", "accept": "text/csv", "accept-language": "fr"})
    json = {"headers": {"accept": "application/json"}}
    line = api.get(f"{SIMULATIONS}{sweep.pk}/scenarios/", **json).json()["results"][4]
    assert api.get(line["look"], **json).status_code == 404
    assert api.post(line["look"], **json).status_code == 202
    look = Look.objects.get()
    assert api.get(line["look"], **json).json()["files"] == {}
    tasks.look(str(look.job_id))
    seen = api.get(line["look"], **json).json()
    assert seen["result"]["changed"] == line["changed"]

    files = {extension: api.get(address) for extension, address in seen["files"].items()}
    assert {extension: answer.status_code for extension, answer in files.items()} == dict.fromkeys(files, 200)
    assert set(files) == {"csv", "xlsx", "parquet", "json"}
    assert pq.read_table(io.BytesIO(files["parquet"].content)).num_rows == line["changed"]
    assert "Proposal: simulation only" in files["csv"].content.decode(), "in English, whatever the reader's language"
    whole = api.get(f"{SIMULATIONS}{sweep.pk}/", **json).json()["files"]
    assert api.get(whole["json"]).json()["result"] == Sweep.objects.get(pk=sweep.pk).result
    assert Line.objects.filter(actor=f"user:{officer.pk}", action__startswith="file.").count() == 5


def test_a_step_curve_is_taken_along_where_there_is_one(
    api: APIClient, sweep: Sweep, snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User
) -> None:
    assert api.get(f"{SIMULATIONS}{sweep.pk}/").json()["switches_files"] == {}
    curve = answered.sweep(snapshot=snapshot, policy=policy, by=officer, axes=answered.AXES[:1])
    files = api.get(f"{SIMULATIONS}{curve.pk}/").json()["switches_files"]
    assert api.get(files["csv"]).status_code == 200


@pytest.mark.parametrize(
    ("end", "status"),
    [
        ("scenarios/?currency=XXX", 400),
        ("scenarios/999/look/", 404),
        ("scenarios.docx", 404),
        ("switches.csv", 404),
        ("scenarios/0/lots.csv", 404),
    ],
)
def test_what_is_not_there_is_said_so(api: APIClient, sweep: Sweep, end: str, status: int) -> None:
    answer = api.get(f"{SIMULATIONS}{sweep.pk}/{end}")
    assert answer.status_code == status
    assert answer.json()["detail"]
    assert api.get(f"{SIMULATIONS}{uuid4()}/").status_code == 404


def test_a_scenario_that_is_none_is_not_looked_at(api: APIClient, sweep: Sweep) -> None:
    answer = api.post(f"{SIMULATIONS}{sweep.pk}/scenarios/999/look/")
    assert (answer.status_code, answer.json()["detail"]) == (400, "The simulation has no scenario 999.")


def test_a_simulation_that_is_stale_says_what_changed(api: APIClient, sweep: Sweep) -> None:
    Sweep.objects.update(code_sha256="0" * 64)
    sweep.snapshot.path.rename(sweep.snapshot.path.with_suffix(".away"))
    assert api.get(f"{SIMULATIONS}{sweep.pk}/").json()["stale"] == ["data", "code"]
