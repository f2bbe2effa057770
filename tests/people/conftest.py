"""One person of each role, an administrator logged in."""

import pytest
from django.test import Client

from procurement.people.models import User
from procurement.people.roles import Role
from tests.factories import UserFactory

PASSWORD = "une phrase assez longue"


@pytest.fixture
def administrator(db: None) -> User:
    return UserFactory(username="roy", first_name="Luc", last_name="Roy", role=Role.ADMINISTRATOR)


@pytest.fixture
def buyer(db: None) -> User:
    person = UserFactory(username="morel", first_name="Claire", last_name="Morel")
    person.set_password(PASSWORD)
    person.save()
    return person


@pytest.fixture
def auditor(db: None) -> User:
    return UserFactory(username="petit", role=Role.AUDITOR)


@pytest.fixture
def office(client: Client, administrator: User) -> Client:
    """The browser of the administrator."""
    client.force_login(administrator)
    return client
