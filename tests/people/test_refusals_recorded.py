"""Who was refused what, from the page or the endpoint to its line, and who reads that line."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone, translation

from procurement.cashback.services import request_estimate
from procurement.evaluation import services as evaluation
from procurement.ledger.models import Line
from procurement.people import services as people
from procurement.people.actions import deed, thing
from procurement.people.models import User
from procurement.people.readable import lines_visible_to
from procurement.people.refusals import Refused
from procurement.policies import services as policies
from procurement.policies.models import PolicyVersion
from procurement.tenders.models import Lot
from tests.cashback.conftest import policy_document
from tests.ledger.told import reason_of
from tests.people.world import World

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def browser(reader: User) -> Client:
    client = Client()
    client.force_login(reader)
    return client


def refusals() -> list[Line]:
    return [line for line in Line.objects.order_by("sequence") if line.action.endswith(".refused")]


def told() -> list[tuple[str, str]]:
    return [(line.action, line.object) for line in refusals()]


def test_a_page_refused_to_a_role_leaves_one_line_with_the_number_asked_for(world: World) -> None:
    officer, lot = world.readers["officer"], world.numbers["lot"]
    assert browser(officer).get(f"/lots/{lot}/").status_code == 403
    (line,) = refusals()
    assert (line.action, line.object, line.actor) == ("page.refused", "page:evaluation:lot", f"user:{officer.pk}")
    assert reason_of(line).startswith(f"{lot}: Your role does not allow this.")


def test_trying_one_number_after_the_other_does_not_fill_the_record(world: World) -> None:
    client = browser(world.readers["officer"])
    for number in range(1, 20):
        client.get(f"/lots/{number}/")
    assert told() == [("page.refused", "page:evaluation:lot")]


def test_an_endpoint_refused_to_a_role_leaves_its_line(world: World) -> None:
    answer = browser(world.readers["officer"]).post(f"/api/v1/lots/{world.numbers['lot']}/score/")
    assert answer.status_code == 403
    assert told() == [("page.refused", "page:lot-score")]


def test_a_caller_with_a_token_is_known_by_the_line(world: World) -> None:
    officer = world.readers["officer"]
    _token, text = people.create_token(name="curious", by=officer)
    answer = Client().get("/api/v1/suppliers/", headers={"authorization": f"Token {text}"})
    assert answer.status_code == 403
    assert [(line.action, line.actor) for line in refusals()] == [("page.refused", f"user:{officer.pk}")]


def test_a_row_of_another_hospital_does_not_exist_and_leaves_no_line(world: World) -> None:
    assert browser(world.readers["stranger"]).get(f"/lots/{world.numbers['lot']}/").status_code == 404
    assert told() == []


def test_nobody_without_a_login_leaves_a_line(world: World) -> None:
    assert Client().get("/people/").status_code == 302
    assert Client().get("/api/v1/lots/").status_code == 401
    assert told() == []


@pytest.mark.parametrize("endpoint", [False, True])
def test_what_a_service_refuses_is_recorded_once_by_the_service(world: World, endpoint: bool) -> None:
    decided = world.numbers["decided"]
    address = f"/api/v1/lots/{decided}/score/" if endpoint else f"/lots/{decided}/score/"
    assert browser(world.readers["buyer"]).post(address).status_code == 409
    (line,) = refusals()
    assert (line.action, line.object) == ("score.refused", f"tenders.Lot:{decided}")
    assert reason_of(line) == "This lot is decided: what led to the decision no longer changes."
    assert deed(line.action) == "was refused the scoring of the lot"


def test_a_refusal_a_view_shows_in_its_form_is_recorded_all_the_same(world: World) -> None:
    officer = world.readers["officer"]
    draft = policies.draft_version(
        identifier="local-carbon",
        title="Local carbon",
        kind="preference",
        document=policy_document(id="local-carbon", title="Local carbon"),
        note="",
        by=officer,
        at=NOW,
    )
    policies.submit(version=draft, by=officer, at=NOW)
    form = {"status": "proposed", "sha256": draft.sha256}
    assert browser(officer).post(f"/policies/versions/{draft.pk}/approve/", form).status_code == 200
    assert told() == [("approve.refused", f"policies.PolicyVersion:{draft.pk}")]


def test_a_login_refused_by_its_password_stands_after_the_request(world: World) -> None:
    buyer = world.readers["buyer"]
    Client().post("/login/", {"username": buyer.username, "password": "wrong"})
    line = Line.objects.latest("sequence")
    assert (line.action, line.object) == ("person.login_failed", f"people.User:{buyer.pk}")


def refused_stranger(world: World) -> Line:
    lot = Lot.objects.get(pk=world.numbers["lot"])
    with pytest.raises(PermissionDenied):
        evaluation.score(lot=lot, by=world.readers["stranger"], at=NOW)
    return refusals()[-1]


@pytest.mark.parametrize(
    ("reader", "reads"),
    [("auditor", True), ("outsider", False), ("administrator", False), ("officer", False)],
)
def test_who_tried_a_lot_of_another_hospital_is_read_by_its_auditors_alone(
    world: World, reader: str, reads: bool
) -> None:
    line = refused_stranger(world)
    assert lines_visible_to(world.readers[reader]).filter(pk=line.pk).exists() is reads


def test_a_refusal_stands_in_no_timeline_that_the_hospital_s_people_read(world: World) -> None:
    lot = Lot.objects.get(pk=world.numbers["decided"])
    stranger = world.readers["stranger"]
    with pytest.raises(PermissionDenied):
        evaluation.score(lot=lot, by=stranger, at=NOW)
    page = browser(world.readers["buyer"]).get(f"/decisions/{world.numbers['decision']}/").content.decode()
    assert str(stranger) not in page
    assert "refused" not in page


def test_administrators_do_not_read_why_a_hospital_was_refused_an_estimate(world: World) -> None:
    version = PolicyVersion.objects.get(pk=world.numbers["version"])
    version.state = PolicyVersion.State.RETIRED
    asked: dict[str, Any] = {"year": timezone.now().year, "policy_version": version, "by": world.readers["buyer"]}
    hospital = Lot.objects.get(pk=world.numbers["lot"]).tender.contracting_body
    with pytest.raises(Refused, match="not approved"):
        request_estimate(hospital=hospital, **asked)
    (line,) = refusals()
    assert line.object == "cashback.request_estimate"
    assert not lines_visible_to(world.readers["administrator"]).filter(pk=line.pk).exists()
    assert "not approved" not in browser(world.readers["administrator"]).get("/record/").content.decode()


def test_what_became_of_a_hospital_s_jobs_is_not_the_administrators_to_read(world: World) -> None:
    assert Line.objects.filter(object__startswith="jobs.").exists()
    assert not lines_visible_to(world.readers["administrator"]).filter(object__startswith="jobs.").exists()


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("page:tenders:tender", "a page about procedures and bids"),
        ("page:lot-score", "an address of the API"),
        ("page:elsewhere:page", "an address of the API"),
        ("jobs.Job:3f2a9c1e-0000-4000-8000-000000000000", "job 3f2a9c1e"),
        ("tenders.Lot:12", "lot 12"),
    ],
)
def test_the_record_says_in_words_what_a_line_is_about(named: str, words: str) -> None:
    with translation.override("en"):
        assert thing(named) == words
