"""One row of everything the portal shows, belonging to one hospital, and a reader of each kind."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from procurement.audit.models import Export
from procurement.audit.requests import make, request_export
from procurement.cashback.services import estimate, request_estimate
from procurement.evaluation import services as evaluation
from procurement.evaluation.models import Decision
from procurement.jobs import services as jobs
from procurement.people import services as people
from procurement.people.models import User
from procurement.people.roles import Role
from procurement.simulation.worker_files import ChangedLots
from procurement.tenders import services as tenders
from procurement.tenders.schedules import waiting
from tests.cashback.conftest import approved as approved_scheme
from tests.cashback.conftest import policy_document
from tests.evaluation.conftest import OFFERS, enter, published_lot
from tests.factories import HospitalFactory, HospitalGroupFactory, MandateFactory, MembershipFactory, UserFactory
from tests.people.examined import examined
from tests.simulation import answered, invented
from tests.simulation.test_pages import keep
from tests.tenders import documents
from tests.tenders.conftest import approved
from tests.tenders.corpus import grid
from tests.tenders.filled import OFFER, filled
from tests.tenders.proofs.conftest import GIVEN

READERS = ("buyer", "stranger", "officer", "auditor", "outsider", "administrator", "evaluator")


@dataclass
class World:
    """`readers` by kind; `numbers`: the row an argument of an address stands for, by its noun."""

    readers: dict[str, User]
    numbers: dict[str, Any]


def build() -> World:
    group = HospitalGroupFactory()
    hospital = HospitalFactory(finess="000000001", group=group)
    HospitalFactory(finess="000000002", group=group)
    membership = MembershipFactory(hospital=hospital)
    mandate = MandateFactory()
    mandate.hospitals.add(hospital)
    readers = {
        "buyer": membership.user,
        "stranger": MembershipFactory().user,
        "officer": UserFactory(role=Role.POLICY_OFFICER),
        "auditor": mandate.auditor,
        "outsider": UserFactory(role=Role.AUDITOR),
        "administrator": UserFactory(role=Role.ADMINISTRATOR),
        "evaluator": MembershipFactory(hospital=hospital, user__role=Role.EVALUATOR).user,
    }
    rows = _rows(readers["buyer"], hospital) | _panels(readers["buyer"], readers["evaluator"])
    rows |= examined(readers["buyer"], rows["bid_key"]) | _simulated(readers["officer"])
    numbers = rows | {"membership": membership.pk, "mandate": mandate.pk, "person": readers["buyer"].pk}
    numbers |= {"hospital": hospital.pk}
    return World(readers, numbers)


def _panels(buyer: User, evaluator: User) -> dict[str, Any]:
    """A lot on whose panel the evaluator sits, and one on whose panel only a colleague does."""
    now = timezone.now()
    hospital = evaluator.memberships.get().hospital
    colleague = MembershipFactory(hospital=hospital, user__role=Role.EVALUATOR).user
    judged, other = (published_lot(buyer, reference=f"2026-0{n}", lots=[documents.lot()]) for n in (16, 17))
    seat = evaluation.seat(lot=judged, person=evaluator, by=buyer, at=now)
    elsewhere = evaluation.seat(lot=other, person=colleague, by=buyer, at=now)
    return {"judged": judged.pk, "seat": seat.pk, "panel": seat.panel_id, "other_panel": elsewhere.panel_id}


def _simulated(officer: User) -> dict[str, Any]:
    """Two answered questions to an archive: one has a lot that a scenario changes, the other a step curve."""
    asked = {"snapshot": invented.snapshot(40), "policy": invented.policy(), "by": officer}
    sweep, curve = answered.sweep(**asked), answered.sweep(**asked, axes=answered.AXES[:1])
    look = answered.look(sweep, 4, by=officer)
    box = answered.box(**asked)
    changed = ChangedLots(look)[0]["number"]
    named = {"scenario": look.scenario, "changed": changed, "extension": "csv"}
    return {"snapshot": sweep.snapshot_id, "sweep": sweep.pk, "curve": curve.pk, "box": box.pk, **named}


def make_bundle(export: Export) -> None:
    """Do the work of the worker."""
    job = jobs.claim(str(export.job_id))
    assert job is not None
    make(job=job)


def _rows(buyer: User, hospital: Any) -> dict[str, Any]:
    approved("environment-2026", "in_force")
    rules = {"policy": {"id": "environment-2026", "version": 1}}
    now = timezone.now()
    decided = published_lot(buyer, lots=[documents.lot(**rules)])
    enter(decided, OFFERS, buyer)
    sheet = evaluation.score(lot=decided, by=buyer, at=now)
    winner = decided.bids.get(key=sheet.sheet["winner"])
    proof = tenders.add_proof(bid=winner, **{**GIVEN, "about": "origin"}, by=buyer, at=now)
    decision = evaluation.award(lot=decided, bid=winner, sheet=sheet, reason="First.", by=buyer, at=now)
    opened = published_lot(buyer, reference="2026-015", lots=[documents.lot(**rules)])
    version = approved_scheme(policy_document())
    asked = request_estimate(hospital=hospital, year=decision.decided_at.year, policy_version=version, by=buyer)
    job = jobs.claim(str(asked.job_id))
    assert job is not None
    estimate(job=job)
    several = request_export(decisions=Decision.objects.all(), kind="full", by=buyer)
    make_bundle(several)
    token, _text = people.create_token(name="spreadsheet", by=buyer)
    return {
        "lot": opened.pk,
        "tender": opened.tender_id,
        "decided": decided.pk,
        "bid": winner.pk,
        "bid_key": winner.key,
        "proof": proof.pk,
        "supplier": winner.supplier_id,
        "sheet": sheet.pk,
        "sheet_number": sheet.number,
        "decision": decision.pk,
        "policy": version.policy_id,
        "identifier": version.policy.identifier,
        "version": version.pk,
        "estimate": asked.pk,
        "job": asked.job_id,
        "export": several.pk,
        "token": token.pk,
        "case": keep(1).cases.get().pk,
        "grid": grid().pk,
        "template": "cleaning",
        "code": "price-only",
        "parameter": "origin.equal_treatment",
        "line": 1,
        "language": "fr",
        "upload": waiting.put(filled(opened, OFFER), opened, buyer),
    }
