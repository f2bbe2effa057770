"""One person of each role, an administrator logged in; one row of everything."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from procurement.people.models import User
from procurement.people.roles import Role
from tests.factories import UserFactory
from tests.people.world import World, build
from tests.standing import standing

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


@pytest.fixture(scope="module")
def standing_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with standing(django_db_blocker):
        yield build()


@pytest.fixture
def world(standing_world: World, db: None) -> World:
    """One row of everything, for the tests of a module; each has the objects as they were written."""
    return deepcopy(standing_world)
