"""Boxes over the API: the question of the form, and the figures of the pages."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from procurement.ledger.models import Line
from procurement.people import services as people
from procurement.people.models import User
from procurement.people.roles import Role
from procurement.policies.models import PolicyVersion
from procurement.simulation import tasks
from procurement.simulation.models import ArchiveSnapshot, Box
from procurement.simulation.worker_files import BoxLots
from tests.factories import UserFactory
from tests.simulation import answered
from tests.simulation.invented import EUROPEAN, GREEN
from tests.tenders.test_api import of

BOXES = "/api/v1/simulation-boxes/"
Question = dict[str, Any]


@pytest.fixture
def api(officer: User) -> APIClient:
    return of(officer)


@pytest.fixture
def question(snapshot: ArchiveSnapshot, policy: PolicyVersion) -> Question:
    whole = {"snapshot": snapshot.pk, "policy_version": policy.pk}
    return {**whole, "ranges": answered.RANGES, "samples": 100, "seed": 1}


@pytest.fixture
def box(snapshot: ArchiveSnapshot, policy: PolicyVersion, officer: User) -> Box:
    return answered.box(snapshot=snapshot, policy=policy, by=officer)


def asked(api: APIClient, question: Question, **changed: Any) -> Any:
    return api.post(BOXES, {**question, **changed}, format="json")


def test_a_question_is_asked_answered_and_read_lot_by_lot(api: APIClient, question: Question) -> None:
    answer = asked(api, question)
    assert answer.status_code == 202
    found = answer.json()
    address = f"{BOXES}{found['id']}/"
    assert (found["ranges"], found["samples"], found["seed"]) == (answered.RANGES, 100, 1)
    assert (found["job"]["state"], found["answer"], found["stale"], found["files"]) == ("queued", None, None, {})
    assert api.get(f"{address}lots/").status_code == 409

    tasks.box(found["job"]["id"])
    read, box = api.get(address).json(), Box.objects.get()
    assert (read["job"]["state"], read["stale"], read["result_sha256"]) == ("done", [], box.result_sha256)
    assert read["meaning"].startswith("Proposal: simulation only. Origin is that of the goods.")
    assert read["error"] == "0.1359"
    assert read["answer"]["certificate"]["unverified"] == 0
    assert "0 unverified" in read["answer"]["certificate_in_words"]
    known = read["answer"]
    assert known["steady"] + known["contested"] + known["overturned"] == known["lots"] == box.snapshot.lots

    page = api.get(f"{address}lots/?page_size=5").json()
    assert (page["count"], len(page["results"])) == (box.snapshot.lots, 5)
    for line, row in zip(page["results"], BoxLots(box), strict=False):
        assert (line["lot"], line["own"]) == (row["lot"], row["own"])
        assert sum(each["wins"] for each in line["winners"]) == box.samples
        assert sum(each["recorded"] for each in line["winners"]) == 1
        assert all(Decimal(each["share"]) * box.samples == each["wins"] for each in line["winners"])
        wins = [each["wins"] for each in line["winners"] if each["bid"]]
        assert wins == sorted(wins, reverse=True)


def test_the_lots_are_narrowed_to_one(api: APIClient, box: Box) -> None:
    wanted = BoxLots(box)[3]["lot"]
    found = api.get(f"{BOXES}{box.pk}/lots/", {"lot": wanted}).json()
    assert wanted in [line["lot"] for line in found["results"]]
    assert found["count"] == len(BoxLots(box, lot=wanted)) < box.snapshot.lots
    assert api.get(f"{BOXES}{box.pk}/lots/", {"hospital": "nowhere at all"}).json()["count"] == 0


def test_the_same_question_is_the_one_of_the_form_and_is_answered_once(
    api: APIClient, question: Question, box: Box
) -> None:
    assert asked(api, question).json()["id"] == str(box.pk)
    ends = [{**each, "low": "0.0"} for each in answered.RANGES]
    assert asked(api, question, ranges=ends).json()["id"] == str(box.pk)
    assert asked(api, question, seed=2).json()["id"] != str(box.pk)


def test_samples_and_seed_are_those_of_the_form_where_none_are_said(api: APIClient, question: Question) -> None:
    found = asked(api, {name: said for name, said in question.items() if name not in ("samples", "seed")}).json()
    assert (found["samples"], found["seed"]) == (1000, 1)


@pytest.mark.parametrize(
    ("ranges", "where", "sentence"),
    [
        ([{"path": EUROPEAN, "low": "6", "high": "5"}], "/ranges/0", "write the lowest value first"),
        ([{"path": "measures.lunar.amount", "low": "0", "high": "1"}], "/ranges/0/path", "measures.lunar.amount"),
        ([{"path": GREEN, "low": "0", "high": "1"}] * 2, "/ranges", "each one once"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_a_sentence_with_its_place(
    api: APIClient, question: Question, ranges: list[Question], where: str, sentence: str
) -> None:
    answer = asked(api, question, ranges=ranges)
    assert answer.status_code == 400
    assert sentence in answer.json()["detail"]
    assert [problem["pointer"] for problem in answer.json()["errors"]] == [where]
    assert not Box.objects.exists()


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"snapshot": 0}, ["snapshot"]),
        ({"policy_version": "best"}, ["policy_version"]),
        ({"ranges": []}, ["ranges"]),
        ({"ranges": [{"path": EUROPEAN, "low": "few", "high": "1"}]}, ["ranges", "0", "low"]),
        ({"ranges": [{"path": EUROPEAN, "low": "0"}]}, ["ranges", "0", "high"]),
        ({"samples": 0}, ["samples"]),
        ({"samples": 10_001}, ["samples"]),
        ({"seed": -1}, ["seed"]),
        ({"seed": 2**32}, ["seed"]),
    ],
)
def test_a_field_that_is_wrong_is_named(
    api: APIClient, question: Question, changed: Question, place: list[str]
) -> None:
    answer = asked(api, question, **changed)
    assert answer.status_code == 400
    told = answer.json()
    for step in place:
        told = told[step]
    assert told
    assert not Box.objects.exists()


def test_boxes_are_narrowed_and_take_as_many_queries_for_ten_as_for_one(
    api: APIClient, box: Box, question: Question
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert api.get(BOXES).status_code == 200
        return len(counted)

    assert "answer" not in api.get(BOXES).json()["results"][0]
    with_one = queries()
    for seed in range(2, 11):
        asked(api, question, seed=seed)
    assert queries() == with_one
    count = {ask: api.get(f"{BOXES}?{ask}").json()["count"] for ask in ("state=done", "state=queued", "mine=true")}
    assert count == {"state=done": 1, "state=queued": 9, "mine=true": 10}
    other = of(UserFactory(role=Role.POLICY_OFFICER))
    assert other.get(f"{BOXES}?mine=true").json()["count"] == 0
    assert other.get(f"{BOXES}?snapshot={box.snapshot_id}&mine=false").json()["count"] == 10


def test_whoever_asked_stops_the_work_and_nobody_else(api: APIClient, question: Question) -> None:
    address = f"{BOXES}{asked(api, question).json()['id']}/cancel/"
    refused = of(UserFactory(role=Role.POLICY_OFFICER, language="en")).post(address)
    assert (refused.status_code, refused.json()["detail"]) == (403, "A simulation is stopped by whoever asked for it.")
    assert api.post(address).json()["job"]["state"] == "cancelled"
    assert api.post(address).json()["job"]["state"] == "cancelled"
    assert Line.objects.filter(action="job.cancelled").count() == 1


def test_the_files_are_fetched_with_a_token_and_are_in_english(box: Box, officer: User) -> None:
    _token, text = people.create_token(name="script", by=officer)
    api = APIClient(headers={"authorization": f"Token {text}", "accept": "text/csv", "accept-language": "fr"})
    files = api.get(f"{BOXES}{box.pk}/", headers={"accept": "application/json"}).json()["files"]
    answers = {extension: api.get(address) for extension, address in files.items()}
    assert {extension: answer.status_code for extension, answer in answers.items()} == dict.fromkeys(
        ("csv", "xlsx", "parquet", "json"), 200
    )
    assert "Proposal: simulation only" in answers["csv"].content.decode()
    assert answers["json"].json()["result"] == box.result
    assert Line.objects.filter(actor=f"user:{officer.pk}", action="file.exported").count() == 4


def test_what_is_not_there_is_said_so(api: APIClient, box: Box) -> None:
    answer = api.get(f"{BOXES}{box.pk}/lots.docx")
    assert (answer.status_code, bool(answer.json()["detail"])) == (404, True)


def test_a_box_whose_archive_is_away_says_so_and_shows_no_lot(api: APIClient, box: Box) -> None:
    box.snapshot.path.rename(box.snapshot.path.with_suffix(".away"))
    assert api.get(f"{BOXES}{box.pk}/").json()["stale"] == ["data"]
    answer = api.get(f"{BOXES}{box.pk}/lots/")
    assert (answer.status_code, "not on this machine" in answer.json()["detail"]) == (409, True)
