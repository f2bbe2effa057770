"""Two policy officers, a buyer, and a policy document to start from."""

from datetime import UTC, datetime
from typing import Any

import pytest

from procurement.people.models import User
from procurement.people.roles import Role
from procurement.policies import services
from procurement.policies.models import PolicyVersion
from tests.factories import UserFactory

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


@pytest.fixture
def drafter(db: None) -> User:
    return UserFactory(username="drafter", role=Role.POLICY_OFFICER)


@pytest.fixture
def approver(db: None) -> User:
    return UserFactory(username="approver", role=Role.POLICY_OFFICER)


@pytest.fixture
def buyer(db: None) -> User:
    return UserFactory(username="buyer", role=Role.BUYER)


@pytest.fixture
def document() -> dict[str, Any]:
    return policy_document()


def policy_document(**changed: Any) -> dict[str, Any]:
    return {
        "schema": "bareme-policy/1",
        "id": "content",
        "version": 1,
        "title": "Covered content",
        "status": "proposed",
        "content_basis": "ucc_origin",
        "areas": {"EEA": ["DE", "FR"], "CN": ["CN"]},
        "european_area": "EEA",
        "indicators": [],
        "measures": [
            {
                "id": "covered",
                "kind": "add_points",
                "driver": "share:EEA",
                "amount": "3",
                "reference": "origin.equal_treatment",
            }
        ],
        **changed,
    }


def draft(by: User, **changed: Any) -> PolicyVersion:
    document = policy_document(**changed)
    return services.draft_version(
        identifier="content",
        title="Covered content",
        kind="preference",
        document=document,
        note="First figures.",
        by=by,
        at=NOW,
    )


def approved(drafter: User, approver: User, *, status: str = "proposed", **changed: Any) -> PolicyVersion:
    version = draft(drafter, **changed)
    services.submit(version=version, by=drafter, at=NOW)
    services.approve(version=version, status=status, by=approver, at=NOW)
    return version
