"""Decisions made by the real services, one for each way a lot can end: what bundles are exported from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from procurement.evaluation import services
from procurement.evaluation.models import Decision
from procurement.people.models import Hospital, Mandate, User
from procurement.people.roles import Role
from procurement.policies import services as policies
from procurement.policies.models import PolicyVersion
from procurement.tenders import services as tenders
from procurement.tenders.models import Lot
from tests.evaluation.conftest import OFFERS, Offer, enter, published_lot
from tests.factories import HospitalFactory, HospitalGroupFactory, MembershipFactory, UserFactory
from tests.tenders import documents

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
EXPORTED = datetime(2026, 11, 4, 9, 0, tzinfo=UTC)
REASON = "First in the ranking under the published criteria."
IPI = "ipi-2025-1197"
FROM_CHINA: Offer = ("delta", "Jiangnan Devices", "CN", "1.80", "4.90", "CN", "3", "9", "4")
LARGE = {"estimated_value": "6000000", "cpv": "33140000", "ipi_announced": True}


@dataclass(frozen=True)
class World:
    """A group of hospitals, who works there, and two policies that were approved."""

    hospital: Hospital
    buyer: User
    second: User
    stranger: User
    auditor: User
    in_force: PolicyVersion
    proposal: PolicyVersion


def world() -> World:
    group = HospitalGroupFactory(name="GHT Loire")
    HospitalFactory(name="CH Ancenis", finess="000000002", group=group)
    hospital = HospitalFactory(name="CHU Nantes", finess="000000001", group=group)
    auditor = UserFactory(role=Role.AUDITOR)
    mandate = Mandate.objects.create(auditor=auditor, starts_on="2026-01-01", ends_on="2026-12-31", reference="CRC 3")
    mandate.hospitals.add(hospital)
    officers = UserFactory.create_batch(2, role=Role.POLICY_OFFICER)
    return World(
        hospital=hospital,
        buyer=MembershipFactory(hospital=hospital).user,
        second=MembershipFactory(hospital=hospital).user,
        stranger=MembershipFactory(hospital=HospitalFactory(finess="000000009")).user,
        auditor=auditor,
        in_force=approved(*officers, identifier="environment-2026", status="in_force", driver="environment"),
        proposal=approved(*officers, identifier="proposal-2020", status="proposed", driver="european_share"),
    )


def approved(drafter: User, approver: User, *, identifier: str, status: str, driver: str) -> PolicyVersion:
    """A policy that went through draft, submission and approval."""
    bonus = {
        "id": "bonus",
        "kind": "add_points",
        "driver": driver,
        "amount": "5",
        "reference": "origin.equal_treatment",
    }
    document = {
        "schema": "bareme-policy/1",
        "id": identifier,
        "version": 1,
        "title": identifier,
        "status": "proposed",
        "content_basis": "ucc_origin",
        "areas": {"EU": ["FR", "DE"]},
        "european_area": "EU",
        "assurance_factors": {},
        "indicators": [{"id": "carbon", "kind": "number", "weight": "1", "curve": [["0", "1"], ["10", "0"]]}],
        "measures": [{**bonus, "reference": "origin.equal_treatment"}],
        "bonus_cap": "4",
    }
    version = policies.draft_version(
        identifier=identifier, title=identifier, kind="preference", document=document, note="", by=drafter, at=NOW
    )
    policies.submit(version=version, by=drafter, at=NOW)
    policies.approve(version=version, status=status, by=approver, at=NOW)
    return version


def opened(the: World, reference: str, offers: list[Offer] = OFFERS, *, policy: bool = True, **changes: Any) -> Lot:
    """A published lot with these bids, entered and marked."""
    rules = documents.lot(policy={"id": "environment-2026", "version": 1} if policy else None)
    lot = published_lot(the.buyer, reference=reference, **{"lots": [rules], **changes})
    enter(lot, offers, the.buyer)
    return lot


def award(the: World, lot: Lot, **changes: Any) -> Decision:
    """Award a lot to the first bid of its last sheet."""
    sheet = lot.sheets.published().latest("number")
    winner = lot.bids.get(key=sheet.sheet["ranking"][0]["bid"])
    given = {"lot": lot, "bid": winner, "sheet": sheet, "reason": REASON, "by": the.buyer, "at": LATER}
    return services.award(**{**given, **changes})


def scored(the: World, lot: Lot) -> Lot:
    services.score(lot=lot, by=the.buyer, at=NOW)
    return lot


def awarded(the: World, reference: str) -> Decision:
    return award(the, scored(the, opened(the, reference)))


def without_a_policy(the: World, reference: str) -> Decision:
    return award(the, scored(the, opened(the, reference, policy=False)))


def ended_before_the_opening(the: World, reference: str) -> Decision:
    tender = tenders.draft_tender(document=documents.tender(reference=reference), by=the.buyer, at=NOW)
    tenders.publish(tender=tender, by=the.buyer, at=NOW)
    return ended(the, tender.lots.get(), "without_follow_up")


def ended_after_a_sheet(the: World, reference: str) -> Decision:
    return ended(the, scored(the, opened(the, reference)), "without_follow_up")


def unsuccessful(the: World, reference: str) -> Decision:
    lot = opened(the, reference, OFFERS[:1])
    tenders.exclude_bid(bid=lot.bids.get(), ground="irregular", reason="No price schedule.", by=the.buyer, at=NOW)
    return ended(the, scored(the, lot), "unsuccessful")


def ended(the: World, lot: Lot, outcome: str) -> Decision:
    return services.end(lot=lot, outcome=outcome, reason="The need is gone.", by=the.buyer, at=LATER)


def scored_twice(the: World, reference: str) -> Decision:
    lot = scored(the, opened(the, reference))
    bid, criterion = lot.bids.get(key="gamma"), lot.criteria.get(key="quality")
    services.mark(bid=bid, criterion=criterion, value=Decimal(9), reason="Tried again.", by=the.buyer, at=NOW)
    return award(the, scored(the, lot))


def simulated_afterwards(the: World, reference: str) -> Decision:
    decision = awarded(the, reference)
    for version in (the.proposal, None):
        services.simulate(lot=decision.lot, policy_version=version, by=the.buyer, at=LATER)
    return decision


def simulated_after_an_end_without_a_sheet(the: World, reference: str) -> Decision:
    lot = opened(the, reference)
    decision = ended(the, lot, "without_follow_up")
    services.simulate(lot=lot, policy_version=the.proposal, by=the.buyer, at=LATER)
    return decision


def drawn(the: World, reference: str) -> Decision:
    key, _name, *same = OFFERS[0]
    lot = scored(the, opened(the, reference, [(key, "MedTech Loire", *same), ("twin", "Twin Care", *same)]))
    return award(the, lot, bid=lot.bids.get(key="twin"), draw="By lot, in public.")


def with_a_lifted_block(the: World, reference: str) -> Decision:
    lot = scored(the, opened(the, reference, [*OFFERS, FROM_CHINA], **LARGE))
    services.lift_block(lot=lot, code=IPI, reason="The operator is not covered.", by=the.second, at=NOW)
    return award(the, lot)


def with_an_ipi_exception(the: World, reference: str) -> Decision:
    lot = opened(the, reference, [*OFFERS, FROM_CHINA], **LARGE)
    tenders.record_ipi_exception(
        lot=lot, exception="overriding_public_interest", reason="Sole source.", by=the.buyer, at=NOW
    )
    return award(the, scored(the, lot))


def with_excluded_bids(the: World, reference: str) -> Decision:
    """One excluded as irregular, another by its mark."""
    lot = opened(the, reference, [*OFFERS, ("low", "Low Marks", "IT", "1.50", "4.00", "IT", "5", "1", "4")])
    tenders.exclude_bid(bid=lot.bids.get(key="beta"), ground="late", reason="Came at noon.", by=the.buyer, at=NOW)
    return award(the, scored(the, lot))


def of_unknown_origins(the: World, reference: str) -> Decision:
    offers: list[Offer] = [(k, n, c, m, g, None, e, q, f) for k, n, c, m, g, _origin, e, q, f in OFFERS]
    decision = award(the, scored(the, opened(the, reference, offers)))
    services.simulate(lot=decision.lot, policy_version=the.proposal, by=the.buyer, at=LATER)
    return decision


def with_an_explained_price(the: World, reference: str) -> Decision:
    low: Offer = ("low", "Low Care", "IT", "1.20", "2.00", "IT", "5", "9", "4")
    lot = scored(the, opened(the, reference, [*OFFERS, low]))
    services.explain_abnormally_low(
        bid=lot.bids.get(key="low"), request="Why?", answer="Stock.", conclusion="accepted", by=the.buyer, at=NOW
    )
    return award(the, scored(the, lot))


STORIES: list[Callable[[World, str], Decision]] = [
    awarded,
    without_a_policy,
    ended_before_the_opening,
    ended_after_a_sheet,
    unsuccessful,
    scored_twice,
    simulated_afterwards,
    simulated_after_an_end_without_a_sheet,
    drawn,
    with_a_lifted_block,
    with_an_ipi_exception,
    with_excluded_bids,
    of_unknown_origins,
    with_an_explained_price,
]
