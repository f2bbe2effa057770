"""A group of hospitals with awarded lots, a proposed policy with its cash-back, and who may estimate it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from procurement.evaluation.models import Decision, ScoreSheet
from procurement.people.models import Hospital, HospitalGroup, User
from procurement.people.roles import Role
from procurement.policies import services as policies
from procurement.policies.models import PolicyVersion
from procurement.registry.models import Supplier
from procurement.tenders.models import Bid, Item, Lot, Need, Stage, Tender
from scoring.canonical import sha256
from tests.factories import HospitalFactory, HospitalGroupFactory, MembershipFactory, UserFactory
from tests.jobs.conftest import installation, room

__all__ = ["installation", "room"]  # the fixtures of a real worker

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
TIERS = [["0.5", "0.01"], ["0.75", "0.02"]]


def scheme(**changed: Any) -> dict[str, Any]:
    return {"id": "c", "base": "european_value", "tiers": TIERS, "environment_multiplier": "0.25", **changed}


def policy_document(**changed: Any) -> dict[str, Any]:
    return {
        "schema": "bareme-policy/1",
        "id": "priority",
        "version": 1,
        "title": "Priority",
        "status": "proposed",
        "content_basis": "ucc_origin",
        "areas": {"EEA": ["DE", "FR"], "CN": ["CN"]},
        "european_area": "EEA",
        "indicators": [{"id": "carbon", "kind": "number", "weight": "1", "curve": [["0", "1"], ["10", "0"]]}],
        "measures": [],
        "cashback": scheme(),
        **changed,
    }


def approved(document: dict[str, Any], *, kind: str = "preference") -> PolicyVersion:
    """The next version of the policy or scheme of this document, approved as a proposal."""
    drafter, approver = UserFactory.create_batch(2, role=Role.POLICY_OFFICER)
    version = policies.draft_version(
        identifier=document["id"],
        title=document.get("title", document["id"]),
        kind=kind,
        document=document,
        note="",
        by=drafter,
        at=NOW,
    )
    policies.submit(version=version, by=drafter, at=NOW)
    policies.approve(version=version, status="proposed", by=approver, at=NOW)
    return version


@pytest.fixture
def group(db: None) -> HospitalGroup:
    return HospitalGroupFactory(name="GHT Loire")


@pytest.fixture
def hospital(group: HospitalGroup) -> Hospital:
    return HospitalFactory(name="CHU Nantes", finess="000000001", group=group)


@pytest.fixture
def neighbour(group: HospitalGroup) -> Hospital:
    return HospitalFactory(name="CH Ancenis", finess="000000002", group=group)


@pytest.fixture
def buyer(hospital: Hospital) -> User:
    """A buyer of the hospital, not of its neighbour."""
    return MembershipFactory(hospital=hospital).user


@pytest.fixture
def stranger(db: None) -> User:
    return MembershipFactory(hospital=HospitalFactory(name="CHU Lille")).user


@pytest.fixture
def policy(db: None) -> PolicyVersion:
    return approved(policy_document())


def award(
    needs: dict[str, dict[Hospital, str]],
    *,
    unit_prices: dict[str, str],
    by: User,
    origins: tuple[tuple[str, str], ...] = (("FR", "0.8"),),
    carbon: str = "5",
    day: datetime = NOW,
    training: bool = False,
    outcome: str = "awarded",
    currency: str = "EUR",
    price: str | None = None,
) -> Lot:
    """An awarded lot written row by row, its sheet holding the decided case; ``needs`` by item key and hospital."""
    body = next(iter(next(iter(needs.values()))))
    number = Tender.objects.count() + 1
    tender = Tender.objects.create(
        reference=f"2026-{number:03d}",
        title="Procedure",
        contracting_body=body,
        procedure=Tender.Procedure.OPEN,
        launched_on=day.date(),
        cpv="33140000",
        stage=Stage.AWARDED,
        training=training,
        drafted_by=by,
    )
    lot = Lot.objects.create(
        tender=tender, number=1, title=f"Lot {number}", stage=Stage.AWARDED, rules={}, rules_sha256=sha256({})
    )
    for key, by_hospital in needs.items():
        item = Item.objects.create(lot=lot, key=key, designation=key, unit="piece")
        for each, quantity in by_hospital.items():
            Need.objects.create(item=item, hospital=each, quantity=Decimal(quantity))
    supplier = Supplier.objects.create(name=f"Supplier {number}")
    bid = Bid.objects.create(lot=lot, key="B1", supplier=supplier)
    case = case_document(needs, unit_prices, origins, carbon, currency, price)
    sheet = ScoreSheet.objects.create(
        lot=lot,
        number=1,
        purpose=ScoreSheet.Purpose.PUBLISHED_RULES,
        case=case,
        case_sha256=sha256(case),
        sheet={},
        sheet_sha256=sha256({}),
        software="test",
        scored_by=by,
        scored_at=day,
    )
    awarded = outcome == Decision.Outcome.AWARDED
    Decision.objects.create(
        lot=lot,
        outcome=outcome,
        bid=bid if awarded else None,
        sheet=sheet,
        reason="The best bid.",
        decided_by=by,
        decided_at=day,
    )
    return lot


def case_document(
    needs: dict[str, dict[Hospital, str]],
    unit_prices: dict[str, str],
    origins: tuple[tuple[str, str], ...],
    carbon: str,
    currency: str,
    price: str | None,
) -> dict[str, Any]:
    lines = [
        {
            "id": key,
            "quantity": str(sum(Decimal(quantity) for quantity in by_hospital.values())),
            "unit_price": unit_prices[key],
            "origins": [{"country": country, "share": share} for country, share in origins],
        }
        for key, by_hospital in needs.items()
    ]
    bid: dict[str, Any] = {
        "id": "B1",
        "supplier": {"name": "MedTech Loire", "country": "FR"},
        "status": "admissible",
        "environment": {"carbon": {"value": carbon}},
    }
    return {
        "schema": "bareme-case/1",
        "tender": {"id": "T", "launched_on": "2026-09-01", "cpv": "33140000", "currency": currency},
        "criteria": [{"id": "price", "title": "Price", "kind": "price", "weight": "100", "formula": "lowest_ratio"}],
        "bids": [{**bid, "price": price} if price else {**bid, "lines": lines}],
        "policy": None,
    }
