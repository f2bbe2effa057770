"""Who asks, what is asked about, and rooms for real workers."""

from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest

from procurement.people.models import User
from procurement.people.roles import Role
from procurement.policies.models import PolicyVersion
from procurement.simulation import studies
from procurement.simulation.models import ArchiveSnapshot
from tests.factories import UserFactory
from tests.jobs.conftest import installation, room
from tests.simulation import invented

__all__ = ["installation", "room"]  # the fixtures of a real worker


@pytest.fixture
def archives(settings: Any, tmp_path: Path) -> Path:
    """The folder of archives of this test alone."""
    settings.ARCHIVES = tmp_path / "archives"
    return tmp_path / "archives"


@pytest.fixture(autouse=True)
def cold(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test finds an archive that another one made ready."""
    monkeypatch.setattr(studies, "_places", OrderedDict())


@pytest.fixture
def officer(db: None) -> User:
    return UserFactory(role=Role.POLICY_OFFICER, language="en")


@pytest.fixture
def snapshot(db: None, archives: Path) -> ArchiveSnapshot:
    return invented.snapshot()


@pytest.fixture
def policy(db: None) -> PolicyVersion:
    return invented.policy()
