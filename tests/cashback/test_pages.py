"""The budget room and the API of estimates, as each role sees them."""

import csv
import html
import io
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from procurement.cashback import services
from procurement.cashback.computation import Nothing, Reason
from procurement.cashback.models import Estimate
from procurement.cashback.presentation import LEFT_OUT, NOTHING_BECAUSE, RISKS
from procurement.jobs import services as jobs
from procurement.ledger.models import Line
from procurement.people.models import Hospital, Mandate, User
from procurement.people.roles import Role
from procurement.policies.models import PolicyVersion
from tests.cashback.conftest import approved, award, policy_document, scheme
from tests.factories import UserFactory

API = "/api/v1/cashback-estimates/"


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def request_one(hospital: Hospital, policy: PolicyVersion, by: User) -> Estimate:
    return services.request_estimate(hospital=hospital, year=2026, policy_version=policy, by=by)


def compute(estimate: Estimate) -> Estimate:
    job = jobs.claim(str(estimate.job_id))
    assert job is not None
    services.estimate(job=job)
    return Estimate.objects.get(pk=estimate.pk)


@pytest.fixture
def estimate(hospital: Hospital, neighbour: Hospital, buyer: User, policy: PolicyVersion) -> Estimate:
    award({"pump": {hospital: "100", neighbour: "50"}}, unit_prices={"pump": "300"}, by=buyer)
    return compute(request_one(hospital, policy, buyer))


@pytest.fixture
def auditor(hospital: Hospital) -> User:
    person = UserFactory(role=Role.AUDITOR)
    mandate = Mandate.objects.create(
        auditor=person, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31), reference="2026-1"
    )
    mandate.hospitals.add(hospital)
    return person


def test_an_estimate_prints_its_figures_its_risks_and_that_it_is_a_simulation(estimate: Estimate, buyer: User) -> None:
    shown = text(as_(buyer), estimate.get_absolute_url())
    assert str(RISKS) in shown
    assert "Proposal: simulation only" in shown
    assert "€540.00 on 1 awarded lot, of which the hospital buys €30,000.00" in shown
    assert "30,000.00 (66.67%)" in shown
    for digest in (estimate.rules_sha256, estimate.data_sha256, estimate.result_sha256):
        assert digest in shown
    assert "Stale" not in shown


def test_the_list_of_estimates_prints_the_risks_beside_their_amounts(estimate: Estimate, buyer: User) -> None:
    shown = text(as_(buyer), reverse("cashback:estimates"))
    assert str(RISKS) in shown
    assert "540.00" in shown


def test_the_figure_is_said_to_be_the_one_before_the_national_envelope(hospital: Hospital, buyer: User) -> None:
    policy = approved(policy_document(cashback=scheme(envelope_year="20000000")))
    found = compute(request_one(hospital, policy, buyer))
    shown = text(as_(buyer), found.get_absolute_url())
    assert "before the national envelope of €20,000,000.00 a year" in shown
    assert "No lot with a need of this hospital was awarded in this year" in shown


def test_a_stale_estimate_says_what_changed_and_is_computed_again(
    estimate: Estimate, hospital: Hospital, buyer: User
) -> None:
    award({"pump": {hospital: "1"}}, unit_prices={"pump": "300"}, by=buyer)
    client = as_(buyer)
    shown = text(client, estimate.get_absolute_url())
    assert "Stale: an award of the year" in shown
    assert "Compute again" in shown
    assert "stale" in text(client, reverse("cashback:estimates"))
    answer = client.post(reverse("cashback:again", args=[estimate.pk]))
    newest = Estimate.objects.latest("pk")
    assert (answer["Location"], Estimate.objects.count()) == (newest.get_absolute_url(), 2)


def test_an_estimate_is_asked_for_through_the_form_and_followed(
    hospital: Hospital, neighbour: Hospital, buyer: User, policy: PolicyVersion
) -> None:
    client = as_(buyer)
    form = client.get(reverse("cashback:new")).context["form"]
    assert list(form.fields["hospital"].queryset) == [hospital]
    sent = {"hospital": hospital.pk, "year": "2026", "policy_version": policy.pk}
    answer = client.post(reverse("cashback:new"), sent)
    asked = Estimate.objects.get()
    assert answer["Location"] == asked.get_absolute_url()
    shown = text(client, asked.get_absolute_url())
    assert "waits for a free worker" in shown
    assert "Refresh" in shown
    refused = client.post(reverse("cashback:new"), {**sent, "hospital": neighbour.pk})
    assert refused.context["form"].errors["hospital"]


def test_what_does_not_go_together_is_told_on_the_form(hospital: Hospital, buyer: User) -> None:
    plain = approved(policy_document(cashback=None))
    sent = {"hospital": hospital.pk, "year": "2026", "policy_version": plain.pk}
    answer = as_(buyer).post(reverse("cashback:new"), sent)
    assert "pays no cash-back" in answer.content.decode()
    assert answer.context["form"]["year"].value() == "2026"


def test_an_auditor_reads_within_the_mandate_and_the_reading_is_recorded(estimate: Estimate, auditor: User) -> None:
    client = as_(auditor)
    shown = text(client, estimate.get_absolute_url())
    assert "€540.00" in shown
    assert "Compute again" not in shown
    assert Line.objects.filter(object=f"cashback.Estimate:{estimate.pk}", action="estimate.read").exists()
    assert client.get(reverse("cashback:new")).status_code == 403
    assert client.post(reverse("cashback:again", args=[estimate.pk])).status_code == 403


def test_another_reader_sees_how_far_the_work_is_without_being_able_to_stop_it(
    hospital: Hospital, buyer: User, policy: PolicyVersion, auditor: User
) -> None:
    asked = request_one(hospital, policy, buyer)
    shown = text(as_(auditor), asked.get_absolute_url())
    assert "Waiting: 0 of 0 lots read" in shown
    assert "Stop the work" not in shown


def test_another_hospital_s_estimate_does_not_exist(estimate: Estimate, stranger: User) -> None:
    client = as_(stranger)
    for name in ("estimate", "export"):
        assert client.get(reverse(f"cashback:{name}", args=[estimate.pk])).status_code == 404
    assert client.post(reverse("cashback:again", args=[estimate.pk])).status_code == 404
    assert client.get(f"{API}{estimate.pk}/").status_code == 404
    assert client.get(API).json()["count"] == 0
    assert "No estimate yet" in text(client, reverse("cashback:estimates"))


@pytest.mark.parametrize("role", [Role.POLICY_OFFICER, Role.ADMINISTRATOR])
def test_policy_staff_and_administrators_have_no_budget_room(role: str, estimate: Estimate) -> None:
    client = as_(UserFactory(role=role))
    for address in (reverse("cashback:estimates"), reverse("cashback:new"), estimate.get_absolute_url(), API):
        assert client.get(address).status_code == 403


def test_the_export_carries_status_risks_hashes_and_neutral_cells(
    estimate: Estimate, hospital: Hospital, buyer: User
) -> None:
    lot = award({"pump": {hospital: "1"}}, unit_prices={"pump": "300"}, by=buyer)
    lot.title = "=HYPERLINK(1)"
    lot.save()
    found = compute(services.recompute(estimate=estimate, by=buyer))
    answer = as_(buyer).get(reverse("cashback:export", args=[found.pk]))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    head = {row[0]: row[1] for row in rows[: rows.index([])]}
    assert (head["Status"], head["Risks"]) == ("Proposal: simulation only", str(RISKS))
    assert (head["SHA-256 of the result"], head["Stale"]) == (found.result_sha256, "no")
    assert "'=HYPERLINK(1)" in [row[1] for row in rows if len(row) > 1]
    first = next(row for row in rows if "45000.00" in row)
    assert first[4:10] == ["30000.00", "0.8000", "0.5000", "0.02", "540.00", "540.00"]
    total = next(row for row in rows if row and row[0] == "Total")
    assert (total[4], total[8], total[9]) == ("30300.00", "545.40", "545.40")


def test_an_estimate_without_result_has_no_export(hospital: Hospital, buyer: User, policy: PolicyVersion) -> None:
    asked = request_one(hospital, policy, buyer)
    assert as_(buyer).get(reverse("cashback:export", args=[asked.pk])).status_code == 404


def test_every_code_of_the_computation_has_its_sentence() -> None:
    assert set(LEFT_OUT) == set(Reason)
    assert set(NOTHING_BECAUSE) == set(Nothing)


def test_the_list_takes_as_many_queries_for_ten_estimates_as_for_one(
    estimate: Estimate, hospital: Hospital, buyer: User, policy: PolicyVersion, django_assert_num_queries: Any
) -> None:
    client = as_(buyer)
    for address, queries in ((reverse("cashback:estimates"), 8), (API, 7)):
        with django_assert_num_queries(queries):
            client.get(address)
    for _ in range(9):
        compute(request_one(hospital, policy, buyer))
    for address, queries in ((reverse("cashback:estimates"), 8), (API, 7)):
        with django_assert_num_queries(queries):
            client.get(address)


def test_the_page_takes_as_many_queries_for_ten_lots_as_for_one(
    estimate: Estimate, hospital: Hospital, buyer: User, django_assert_num_queries: Any
) -> None:
    client = as_(buyer)
    with django_assert_num_queries(7):
        client.get(estimate.get_absolute_url())
    for _ in range(9):
        award({"pump": {hospital: "1"}}, unit_prices={"pump": "300"}, by=buyer)
    again = compute(services.recompute(estimate=estimate, by=buyer))
    with django_assert_num_queries(7):
        client.get(again.get_absolute_url())


def test_the_api_starts_an_estimate_and_names_its_job(hospital: Hospital, buyer: User, policy: PolicyVersion) -> None:
    award({"pump": {hospital: "100"}}, unit_prices={"pump": "300"}, by=buyer)
    client = as_(buyer)
    body = {"hospital": hospital.pk, "year": 2026, "policy_version": policy.pk}
    answer = client.post(API, body, content_type="application/json")
    assert answer.status_code == 202
    started = answer.json()
    assert (started["job"]["state"], started["result"], started["stale"]) == ("queued", None, None)
    assert client.get(f"/api/v1/jobs/{started['job']['id']}/").json()["title"] == "Cash-back estimate"
    compute(Estimate.objects.get())
    found = client.get(f"{API}{started['id']}/").json()
    assert (found["result"]["totals"]["amount"], found["stale"], found["risks"]) == ("540.00", False, str(RISKS))


def test_the_api_refuses_another_s_hospital_and_what_is_not_approved(
    hospital: Hospital, neighbour: Hospital, buyer: User, policy: PolicyVersion
) -> None:
    client = as_(buyer)
    body = {"hospital": neighbour.pk, "year": 2026, "policy_version": policy.pk}
    assert client.post(API, body, content_type="application/json").status_code == 400
    wrong = client.post(API, {**body, "hospital": hospital.pk, "policy_version": 0}, content_type="application/json")
    assert wrong.status_code == 400
    assert not Estimate.objects.exists()


def test_the_api_filters_by_hospital_and_year(estimate: Estimate, buyer: User) -> None:
    client = as_(buyer)
    assert client.get(f"{API}?year=2026&hospital={estimate.hospital_id}").json()["count"] == 1
    assert client.get(f"{API}?year=2025").json()["count"] == 0
