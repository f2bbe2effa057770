"""The rooms: those the role may enter, in the order of the trade, the current one marked."""

import pytest
from django.test import Client

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
ROOMS = {
    "buyer": ["Procedures", "Decisions", "Exports", "Suppliers", "Budget", "Policies", "Law"],
    "evaluator": ["Panels", "Policies", "Law"],
    "policy_officer": ["Policies", "Archive", "Simulations", "Law"],
    "auditor": ["Procedures", "Decisions", "Exports", "Budget", "Policies", "Record", "Law"],
    "administrator": ["Policies", "Record", "People", "Law"],
}


@pytest.mark.parametrize("role", ROOMS)
def test_a_role_sees_its_own_rooms_and_can_enter_each(client: Client, role: str) -> None:
    client.force_login(UserFactory(role=role))
    rooms = client.get("/").context["rooms"]
    assert [str(room["title"]) for room in rooms] == ROOMS[role]
    assert [client.get(room["address"]).status_code for room in rooms] == [200] * len(rooms)


@pytest.mark.parametrize(
    ("path", "room"), [("/policies/", "Policies"), ("/policies/law/", "Law"), ("/record/", "Record")]
)
def test_exactly_the_room_one_stands_in_is_current(client: Client, path: str, room: str) -> None:
    client.force_login(UserFactory(role="auditor"))
    assert [str(r["title"]) for r in client.get(path).context["rooms"] if r["current"]] == [room]


def test_nobody_sees_rooms_before_logging_in(client: Client) -> None:
    assert client.get("/login/").context["rooms"] == []
