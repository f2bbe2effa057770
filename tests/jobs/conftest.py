"""A requester, somebody else, and rooms for a real worker in both shapes of broker."""

import os
import uuid
from collections.abc import Iterator

import pytest

from procurement.people.models import User
from tests.jobs.room import Room
from tests.migrated import copied


@pytest.fixture
def requester(db: None) -> User:
    return User.objects.create_user("requester", language="en")


@pytest.fixture
def somebody_else(db: None) -> User:
    return User.objects.create_user("somebody-else", language="en")


@pytest.fixture(scope="module", params=["embedded", "redis"])
def installation(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    broker = os.environ.get("REDIS_URL", "")
    if request.param == "redis" and not broker:
        pytest.skip("REDIS_URL is not set: no worker on Redis")
    folder = tmp_path_factory.mktemp("room")
    own = {
        "BAREME_VAR": str(folder / "var"),
        "REDIS_URL": broker if request.param == "redis" else "",
        "REDIS_PREFIX": f"room-{uuid.uuid4().hex}:",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DEBUG": "1",
    }
    inherited = {name: value for name, value in os.environ.items() if name != "PYTEST_VERSION"}
    with copied(os.environ.get("DATABASE_URL", ""), f"room_{uuid.uuid4().hex}", folder / "var") as address:
        room = Room(folder, inherited | own | {"DATABASE_URL": address})
        try:
            yield room
        finally:
            room.close()


@pytest.fixture
def room(installation: Room) -> Iterator[Room]:
    """The installation without a worker; whatever worker the test starts is stopped after it."""
    try:
        yield installation
    finally:
        installation.stop_workers()
