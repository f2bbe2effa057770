"""A group of two hospitals, its buyer, a stranger, and a tender at each stage of its life."""

from datetime import UTC, datetime
from typing import Any

import pytest

from procurement.people.models import Hospital, Mandate, User
from procurement.people.roles import Role
from procurement.policies.models import Policy, PolicyVersion
from procurement.registry.models import Supplier
from procurement.registry.services import register_supplier
from procurement.tenders import services
from procurement.tenders.models import Bid, Lot, Tender
from scoring.canonical import sha256
from tests.factories import HospitalFactory, HospitalGroupFactory, MembershipFactory, UserFactory
from tests.tenders import documents

NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def hospital(db: None) -> Hospital:
    """The contracting body, in a group with one other hospital."""
    group = HospitalGroupFactory(name="GHT Loire")
    HospitalFactory(name="CH Ancenis", finess="000000002", group=group)
    return HospitalFactory(name="CHU Nantes", finess="000000001", group=group)


@pytest.fixture
def buyer(hospital: Hospital) -> User:
    return MembershipFactory(hospital=hospital).user


@pytest.fixture
def stranger(db: None) -> User:
    """A buyer of another hospital."""
    return MembershipFactory(hospital=HospitalFactory(name="CHU Lille", finess="000000009")).user


@pytest.fixture
def policy(db: None) -> PolicyVersion:
    """An approved policy in force: up to 5 points for documented environmental quality."""
    return approved("environment-2026", "in_force")


@pytest.fixture
def proposal(db: None) -> PolicyVersion:
    return approved("proposal-2020", "proposed")


def approved(identifier: str, status: str, *, driver: str = "environment") -> PolicyVersion:
    """An approved version 1 of a preference policy that adds up to 5 points by ``driver``, capped at 4."""
    drafter, approver = UserFactory.create_batch(2, role=Role.POLICY_OFFICER)
    version = submitted(identifier, status, driver=driver, by=drafter)
    PolicyVersion.objects.filter(pk=version.pk).update(
        state=PolicyVersion.State.APPROVED, status=status, approved_by=approver, approved_at=NOW
    )
    version.refresh_from_db()
    return version


def submitted(identifier: str, status: str, *, driver: str = "environment", by: User | None = None) -> PolicyVersion:
    """The same before its approval."""
    drafter = by or UserFactory(role=Role.POLICY_OFFICER)
    document = {
        "schema": "bareme-policy/1",
        "id": identifier,
        "version": 1,
        "title": identifier,
        "status": status,
        "content_basis": "ucc_origin",
        "areas": {"EU": ["FR", "DE"]},
        "european_area": "EU",
        "assurance_factors": {},
        "indicators": [{"id": "carbon", "kind": "number", "weight": "1", "curve": [["0", "1"], ["10", "0"]]}],
        "measures": [{"id": "bonus", "kind": "add_points", "driver": driver, "amount": "5"}],
        "bonus_cap": "4",
    }
    return PolicyVersion.objects.create(
        policy=Policy.objects.create(kind=Policy.Kind.PREFERENCE, identifier=identifier, title=identifier),
        version=1,
        state=PolicyVersion.State.SUBMITTED,
        document=document,
        sha256=sha256(document),
        drafted_by=drafter,
        drafted_at=NOW,
        submitted_by=drafter,
        submitted_at=NOW,
    )


@pytest.fixture
def draft(buyer: User) -> Tender:
    return services.draft_tender(document=documents.tender(), by=buyer, at=NOW)


@pytest.fixture
def published(draft: Tender, buyer: User) -> Tender:
    services.publish(tender=draft, by=buyer, at=NOW)
    return draft


@pytest.fixture
def opened(published: Tender, buyer: User) -> Tender:
    services.open_bids(tender=published, by=buyer, at=NOW)
    return published


@pytest.fixture
def lot(opened: Tender) -> Lot:
    """The lot of the opened tender."""
    return opened.lots.get()


@pytest.fixture
def supplier(buyer: User) -> Supplier:
    return register_supplier(
        name="MedTech Loire",
        by=buyer,
        address_country="FR",
        operator_country="FR",
        operator_origin_basis="constitution",
    )


@pytest.fixture
def bid(lot: Lot, supplier: Supplier, buyer: User) -> Bid:
    return services.enter_bid(lot=lot, document=documents.bid(), by=buyer, at=NOW)


def problems(refusal: Any) -> dict[str, str]:
    """The sentences of a refusal by JSON pointer."""
    return {problem["pointer"]: problem["message"] for problem in refusal.value.details}


def auditor_of(hospital: Hospital) -> User:
    """An auditor whose mandate is the procedures of ``hospital`` launched in 2026."""
    auditor = UserFactory(role=Role.AUDITOR)
    mandate = Mandate.objects.create(
        auditor=auditor, starts_on="2026-01-01", ends_on="2026-12-31", reference="Mandate 2026"
    )
    mandate.hospitals.add(hospital)
    return auditor
