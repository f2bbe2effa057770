"""A lot under a policy in force: three bids with marks, a second buyer, and the steps up to the decision."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

from procurement.evaluation import services
from procurement.evaluation.models import Decision, ScoreSheet
from procurement.people.models import Hospital, Mandate, User
from procurement.people.roles import Role
from procurement.policies.models import PolicyVersion
from procurement.registry.models import Supplier
from procurement.registry.services import register_supplier
from procurement.tenders import services as tenders
from procurement.tenders.models import Lot
from scoring.canonical import sha256
from tests.factories import HospitalFactory, HospitalGroupFactory, MembershipFactory, UserFactory
from tests.standing import standing
from tests.tenders import documents
from tests.tenders.conftest import approved

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
REASON = "First in the ranking under the published criteria."

# key, tenderer, country, price of a box of masks and of gloves, origin, carbon, marks for quality and carbon
Offer = tuple[str, str, str, str, str, str | None, str, str, str]
OFFERS: list[Offer] = [
    ("alpha", "MedTech Loire", "FR", "2.00", "5.00", "FR", "2", "8", "4"),
    ("beta", "Nordmed", "DE", "1.90", "5.20", "DE", "6", "7", "3"),
    ("gamma", "Pacific Care", "US", "1.95", "5.10", None, "9", "6", "2"),
]


def in_nantes() -> Hospital:
    """The hospital, in a group with another one: that of the rows that stand, where some do."""
    if known := Hospital.objects.filter(finess="000000001").first():
        return known
    group = HospitalGroupFactory(name="GHT Loire")
    HospitalFactory(name="CH Ancenis", finess="000000002", group=group)
    return HospitalFactory(name="CHU Nantes", finess="000000001", group=group)


def camille() -> User:
    """The buyer of that hospital."""
    if known := User.objects.filter(first_name="Camille", last_name="Achat").first():
        return known
    return MembershipFactory(hospital=in_nantes(), user__first_name="Camille", user__last_name="Achat").user


def environment() -> PolicyVersion:
    """The policy in force."""
    known = PolicyVersion.objects.filter(policy__identifier="environment-2026", version=1).first()
    return known or approved("environment-2026", "in_force")


@pytest.fixture
def hospital(db: None) -> Hospital:
    return in_nantes()


@pytest.fixture
def buyer(hospital: Hospital) -> User:
    return camille()


@pytest.fixture
def second(hospital: Hospital) -> User:
    """A second buyer of the same hospital."""
    return MembershipFactory(hospital=hospital, user__first_name="Sacha", user__last_name="Second").user


@pytest.fixture
def stranger(db: None) -> User:
    return MembershipFactory(hospital=HospitalFactory(name="CHU Lille", finess="000000009")).user


@pytest.fixture
def auditor(hospital: Hospital) -> User:
    """An auditor whose mandate covers the hospital in 2026."""
    user = UserFactory(role=Role.AUDITOR)
    mandate = Mandate.objects.create(auditor=user, starts_on="2026-01-01", ends_on="2026-12-31", reference="CRC 2026-3")
    mandate.hospitals.add(hospital)
    return user


@pytest.fixture
def policy(db: None) -> PolicyVersion:
    return environment()


@pytest.fixture
def proposal(db: None) -> PolicyVersion:
    """A proposal that rewards the European share, with a cash-back scheme."""
    return approved("proposal-2020", "proposed", driver="european_share")


def published_lot(by: User, **changes: Any) -> Lot:
    """The lot of a tender with its bids opened; ``changes`` are of the tender's document."""
    tender = tenders.draft_tender(document=documents.tender(**changes), by=by, at=NOW)
    tenders.publish(tender=tender, by=by, at=NOW)
    tenders.open_bids(tender=tender, by=by, at=NOW)
    return tender.lots.get()


def enter(lot: Lot, offers: list[Offer], by: User) -> None:
    """Enter the offers and their marks; a tenderer who is not in the register yet is registered."""
    for key, name, country, masks, gloves, origin, carbon, quality, footprint in offers:
        if not Supplier.objects.filter(name=name).exists():
            origin_of = {"operator_country": country, "operator_origin_basis": "constitution"}
            register_supplier(name=name, by=by, address_country=country, **origin_of)
        origins = [{"country": origin, "share": "0.8"}] if origin else []
        lines = [
            {"id": documents.MASKS, "unit_price": masks, "origins": origins},
            {"id": documents.GLOVES, "unit_price": gloves, "origins": origins},
        ]
        document = documents.bid(
            id=key, supplier={"name": name}, lines=lines, environment={"carbon": {"value": carbon}}
        )
        bid = tenders.enter_bid(lot=lot, document=document, by=by, at=NOW)
        for criterion, value in (("quality", quality), ("carbon", footprint)):
            services.mark(
                bid=bid, criterion=lot.criteria.get(key=criterion), value=Decimal(value), reason="Tried.", by=by, at=NOW
            )


def marked_lot(by: User) -> Lot:
    """A lot under the policy in force, its three bids marked, not scored."""
    environment()
    lot = published_lot(by, lots=[documents.lot(policy={"id": "environment-2026", "version": 1})])
    enter(lot, OFFERS, by)
    return lot


@pytest.fixture(scope="module")
def standing_lot(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    with standing(django_db_blocker):
        yield marked_lot(camille()).pk


@pytest.fixture
def lot(standing_lot: int, buyer: User, policy: PolicyVersion) -> Lot:
    """The lot under the policy in force, its three bids marked, not scored."""
    return Lot.objects.get(pk=standing_lot)


@pytest.fixture
def sheet(lot: Lot, buyer: User) -> ScoreSheet:
    return services.score(lot=lot, by=buyer, at=NOW)


@pytest.fixture
def award(lot: Lot, sheet: ScoreSheet, buyer: User) -> Callable[..., Decision]:
    """Award the lot to the winner of its sheet; any argument may be changed."""

    def decide(**changes: Any) -> Decision:
        winner = lot.bids.get(key=sheet.sheet["winner"])
        given = {"lot": lot, "bid": winner, "sheet": sheet, "reason": REASON, "by": buyer, "at": LATER}
        return services.award(**{**given, **changes})

    return decide


@pytest.fixture
def decision(award: Callable[..., Decision]) -> Decision:
    return award()


def with_findings(sheet: ScoreSheet, *codes: str, policy: PolicyVersion | None = None) -> ScoreSheet:
    """The sheet as if its guards had found these blocks; stored anew, because a stored sheet never changes."""
    document = {
        **sheet.sheet,
        "findings": [
            {
                "code": code,
                "severity": "block",
                "article": "Reg. (EU) 2022/1031 art. 6",
                "values": {"bids": ["alpha"], "countries": ["CN"], "policy": "p", "version": 1},
                "source": "text",
                "mark": "S",
            }
            for code in codes
        ],
    }
    return ScoreSheet.objects.create(
        lot=sheet.lot,
        number=sheet.number + 1,
        purpose=sheet.purpose,
        policy_version=policy or sheet.policy_version,
        case=sheet.case,
        case_sha256=sheet.case_sha256,
        sheet=document,
        sheet_sha256=sha256(document),
        software=sheet.software,
        scored_by=sheet.scored_by,
        scored_at=sheet.scored_at,
    )
