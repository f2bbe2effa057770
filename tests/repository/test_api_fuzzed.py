"""Requests made up from the description of the API: none ends in a server error, whatever is handed in.

The same few requests of each operation on every run. What ends the caller's own token, and what starts work in the
background, is left out.
"""

from typing import Any

import pytest
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case, SerializationContext, openapi, serializer

from procurement.people.models import User
from procurement.people.roles import Role
from procurement.people.services import create_token
from tests.factories import HospitalFactory, MembershipFactory, UserFactory

LEFT_OUT = ("/api/v1/tokens/", "/api/v1/cashback-estimates/")
OF_OFFICERS = ("/api/v1/archive-snapshots/", "/api/v1/simulations/")
REQUESTS = 5  # of each operation
SPREADSHEETS = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.spreadsheet",
)
ANSWERS = {200, 201, 204, 400, 403, 404, 405, 406, 409, 413, 415}


@serializer(*SPREADSHEETS)
def as_a_file(_context: SerializationContext, value: Any) -> bytes:
    """What was made up, as the bytes of a file."""
    return value if isinstance(value, bytes) else str(value).encode()


Headers = dict[str, str]


@pytest.fixture
def buyer(transactional_db: None) -> Headers:
    """The token of a buyer, who may use more than anybody else; committed, since a server closes its connections."""
    return token_of(MembershipFactory(hospital=HospitalFactory(finess="000000001")).user)


@pytest.fixture
def officer(transactional_db: None) -> Headers:
    """The token of a policy officer."""
    return token_of(UserFactory(role=Role.POLICY_OFFICER))


def token_of(person: User) -> Headers:
    _token, text = create_token(name="made up", by=person)
    return {"Authorization": f"Token {text}"}


def test_no_request_made_up_from_the_description_ends_in_a_server_error(buyer: Headers, officer: Headers) -> None:
    api = openapi.from_wsgi("/api/v1/schema/?format=json", get_wsgi_application(), headers=buyer)
    answered = {}
    for found in api.get_all_operations():
        operation = found.ok()
        if not operation.path.startswith(LEFT_OUT):
            asking = officer if operation.path.startswith(OF_OFFICERS) else buyer
            answered[operation.label] = answers(operation, asking)
    assert len(answered) > 30
    assert {200, 400, 404} <= set().union(*answered.values()), "requests came through to the services"
    assert {name: wrong for name, got in answered.items() if (wrong := got - ANSWERS)} == {}


def answers(operation: Any, headers: Headers) -> set[int]:
    """The status codes of the answers to `REQUESTS` requests of one operation."""
    met = set()

    @seed(20261122)
    @settings(
        max_examples=REQUESTS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(headers=headers))
    def send(case: Case) -> None:
        cache.clear()  # the bound on the number of requests has its own test
        met.add(case.call().status_code)

    send()
    return met
