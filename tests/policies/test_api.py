"""The API of policies: read by everybody, written by policy officers, refusals with their pointers."""

import json
from typing import Any

import pytest
from django.test import Client

from procurement.people.models import User
from procurement.policies.models import PolicyVersion
from tests.policies.conftest import approved, draft, policy_document

POLICIES, VERSIONS = "/api/v1/policies/", "/api/v1/policy-versions/"


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(client: Client, address: str, body: Any = None) -> Any:
    content = body if isinstance(body, str) else json.dumps(body or {})
    return client.post(address, content, content_type="application/json")


def body(**changed: Any) -> dict[str, Any]:
    document = policy_document(**changed)
    return {"identifier": "content", "title": "Covered content", "kind": "preference", "document": document}


def test_a_version_lives_its_whole_life_over_the_api(drafter: User, approver: User) -> None:
    created = post(as_(drafter), VERSIONS, body())
    assert created.status_code == 201
    address = f"{VERSIONS}{created.json()['id']}/"
    assert post(as_(drafter), f"{address}submit/").json()["state"] == "submitted"
    assert post(as_(drafter), f"{address}approve/", {"status": "proposed"}).status_code == 409
    answer = post(as_(approver), f"{address}approve/", {"status": "in_force"}).json()
    assert (answer["state"], answer["status"], answer["document"]["status"]) == ("approved", "in_force", "in_force")
    assert post(as_(approver), f"{address}retire/").json()["state"] == "retired"


def test_a_wrong_document_is_answered_with_each_pointer(drafter: User) -> None:
    answer = post(as_(drafter), VERSIONS, body(bonus_cap="ten", european_area="EUROPE"))
    assert answer.status_code == 400
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/bonus_cap", "/european_area"}
    assert all(error["message"] for error in answer.json()["errors"])


def test_a_key_written_twice_is_refused_and_not_silently_dropped(drafter: User) -> None:
    answer = post(as_(drafter), VERSIONS, '{"identifier": "a", "identifier": "b"}')
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/identifier"


def test_a_buyer_reads_what_was_approved_and_writes_nothing(drafter: User, approver: User, buyer: User) -> None:
    first = approved(drafter, approver)
    hidden = draft(drafter, version=2)
    client = as_(buyer)
    listed = client.get(POLICIES).json()["results"]
    assert [[v["version"] for v in policy["versions"]] for policy in listed] == [[1]]
    assert client.get(f"{VERSIONS}{first.pk}/").json()["document"]["id"] == "content"
    assert client.get(f"{VERSIONS}{hidden.pk}/").status_code == 404
    assert post(client, VERSIONS, body(version=3)).status_code == 403
    assert post(client, f"{VERSIONS}{first.pk}/retire/").status_code == 403


def test_nobody_reads_without_a_name() -> None:
    assert Client().get(POLICIES).status_code == 401


@pytest.mark.parametrize(("query", "found"), [("state=approved", 1), ("state=draft", 1), ("status=in_force", 0)])
def test_versions_are_filtered(query: str, found: int, drafter: User, approver: User) -> None:
    approved(drafter, approver)
    draft(drafter, version=2)
    assert as_(approver).get(f"{VERSIONS}?{query}").json()["count"] == found


def test_the_lists_take_as_many_queries_for_ten_versions_as_for_one(
    drafter: User, approver: User, django_assert_num_queries: Any
) -> None:
    client = as_(drafter)
    approved(drafter, approver)
    for address, queries in ((POLICIES, 5), (VERSIONS, 4)):
        with django_assert_num_queries(queries):
            client.get(address)
    for number in range(2, 11):
        approved(drafter, approver, version=number)
    assert PolicyVersion.objects.count() == 10
    for address, queries in ((POLICIES, 5), (VERSIONS, 4)):
        with django_assert_num_queries(queries):
            client.get(address)
