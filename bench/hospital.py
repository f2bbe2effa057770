"""A hospital with a procedure of 200 lots of 20 bids, another of 200 draft lots, and what others keep beside them.

What a lot goes through is done by the services. The bids and the marks of each kind of lot are written as rows, as the
services write them, with their lines in the record: entering 4,000 bids one by one is not what is measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from bench import simulated
from bench.examined import examine
from procurement.audit.requests import make, request_export
from procurement.cashback.services import estimate, request_estimate
from procurement.evaluation import services as evaluation
from procurement.evaluation.models import Decision, Mark
from procurement.evaluation.services.marks import digest
from procurement.interchange.demonstration.load import load
from procurement.jobs import services as jobs
from procurement.ledger import services as ledger
from procurement.people import services as people
from procurement.people.models import Hospital, User
from procurement.people.roles import Role
from procurement.policies.models import PolicyVersion
from procurement.registry.models import Supplier
from procurement.registry.services import register_supplier
from procurement.simulation.reading import ArchiveReading, PastContract
from procurement.simulation.scenarios import MOST_SCENARIOS, scenarios_of
from procurement.simulation.services import keep_archive
from procurement.tenders import services as tenders
from procurement.tenders.models import (
    Bid,
    BidLine,
    Criterion,
    EnvironmentalEvidence,
    Item,
    LineOrigin,
    Lot,
    Tender,
)
from procurement.tenders.profiles import proposed
from procurement.tenders.reference.reading import (
    Notice,
    PublishedCriterion,
    PublishedGrid,
    ReadNotice,
    ReferenceReading,
)

LOTS, BIDS, ITEMS, MEMBERS = 200, 20, 10, 5
DECIDED, SCORED, JUDGED = 80, 140, 180  # lots up to this number; the rest is marked and waits to be scored
FEW, MANY = 5, 10  # criteria of a lot: those a panel judges have many
GRIDS, CONTRACTS, EXPORTS = 4_000, 2_000, 50
PAST_LOTS, PAST_BIDS = 20_000, 100_000  # of the archive that is simulated on
SIMULATIONS = 30  # questions, two of them of as many scenarios as one takes
BODY, OTHERS = "990000011", ("990000022", "990000033")
POLICY = {"id": "rules-in-force-2026", "version": 1}
COUNTRIES = ("FR", "DE", "IT", "PL", "US", "CH", "JP", "FR", "ES", "GB")
QUANTITY = Decimal(150)  # of each item, over the hospitals


def build() -> None:
    """Fill an empty portal; some minutes."""
    load()
    buyer, auditor = User.objects.get(username="buyer"), User.objects.get(username="auditor")
    now = timezone.now()
    with transaction.atomic():
        suppliers = [_supplier(number, buyer) for number in range(1, BIDS + 1)]
        _draft(buyer, now)
        _published("BENCH-3", buyer, now, lots=FEW)
        opened = _published("BENCH-2", buyer, now)
        tenders.open_bids(tender=opened, by=buyer, at=now)
    lots = list(opened.lots.for_rules().order_by("number"))
    evaluators = [_evaluator(number) for number in range(1, MEMBERS + 1)]
    with transaction.atomic():
        for lot in lots:
            _enter(lot, suppliers, buyer, now)
    for lot in lots[SCORED:JUDGED]:
        _judge(lot, evaluators, buyer, now)
    for lot in lots[:SCORED]:
        _mark(lot, buyer, now)
        evaluation.score(lot=lot, by=buyer, at=now)
    for lot in lots[JUDGED:]:
        _mark(lot, buyer, now)
    for lot in lots[:DECIDED]:
        _award(lot, buyer, now)
    _examined(suppliers, buyer, now)
    _beside(buyer, auditor)
    _simulations(*User.objects.filter(username__in=("policy", "policy2")).order_by("username"))


def _supplier(number: int, by: User) -> Supplier:
    return register_supplier(
        name=f"Laboratoires Exemple {number:02d}",
        by=by,
        address_country="FR",
        operator_country=COUNTRIES[number % len(COUNTRIES)],
        operator_origin_basis="constitution",
    )


def _evaluator(number: int) -> User:
    administrator = User.objects.get(username="admin")
    person, _password = people.create_person(
        username=f"member{number}",
        first_name="Membre",
        last_name=f"Numéro {number}",
        role=Role.EVALUATOR,
        password="a long password of nobody",
        by=administrator,
    )
    people.join(person=person, hospital=Hospital.objects.get(finess=BODY), by=administrator)
    return person


def _document(reference: str, title: str, lots: int = LOTS, procedure: str = "open") -> dict[str, Any]:
    return {
        "reference": reference,
        "title": title,
        "contracting_body": BODY,
        "procedure": procedure,
        "launched_on": "2026-09-01",
        "cpv": "33690000",
        "estimated_value": "4900000",
        "ipi_announced": False,
        "lots": [_lot(number) for number in range(1, lots + 1)],
    }


def _lot(number: int) -> dict[str, Any]:
    return {
        "number": number,
        "title": f"Lot {number}: consommables et réactifs de laboratoire",
        "criteria": list(_criteria(MANY if SCORED < number <= JUDGED else FEW)),
        "items": [_item(place) for place in range(1, ITEMS + 1)],
        "policy": POLICY if number % 2 else None,
        "plausible_prices": {"low": "10000", "high": "20000"},
        "anonymous": number % 4 == 0,
        "two_envelopes": number % 3 == 0,
    }


def _criteria(count: int) -> Iterator[dict[str, Any]]:
    yield {"id": "price", "title": "Prix", "kind": "price", "weight": "40", "formula": "lowest_ratio"}
    share = Decimal(60) / (count - 1)
    weights = [share.quantize(Decimal("0.01"))] * (count - 2)
    weights.append(Decimal(60) - sum(weights))
    kinds = ["environment", "quality", "delivery", "quality"]
    for place, weight in enumerate(weights):
        yield (
            {
                "id": f"c{place + 1}",
                "title": f"Critère {place + 1}: qualité du service rendu aux soignants",
                "kind": kinds[place % len(kinds)],
                "weight": format(weight.normalize(), "f"),
                "formula": "proportional",
                "scale": "20",
                "parent": "Valeur technique" if place % 2 else "",
                "steps": [{"value": "0", "meaning": "Sans réponse"}, {"value": "20", "meaning": "Répond en tout"}],
            }
            if place % 2
            else {
                "id": f"c{place + 1}",
                "title": f"Critère {place + 1}: empreinte et emballages",
                "kind": kinds[place % len(kinds)],
                "weight": format(weight.normalize(), "f"),
                "formula": "proportional",
                "scale": "20",
            }
        )


def _item(place: int) -> dict[str, Any]:
    return {
        "id": f"article-{place}",
        "designation": f"Article {place}, conditionné par cent, stérile, à usage unique",
        "unit": "boîte de 100",
        "needs": {BODY: "100", OTHERS[0]: "30", OTHERS[1]: "20"},
        "vat_rate": "20",
    }


def _draft(buyer: User, now: datetime) -> None:
    """The procedure of draft lots, each with six invented bids; the check of every other one is recorded."""
    tender = tenders.draft_tender(document=_document("BENCH-1", "Consommables, en préparation"), by=buyer, at=now)
    for lot in tender.lots.for_rules():
        tenders.invent_profiles(lot=lot, profiles=proposed(lot), by=buyer, at=now)
        if lot.number % 2:
            tenders.check_method(lot=lot, by=buyer, at=now)


def _published(reference: str, buyer: User, now: datetime, lots: int = LOTS, procedure: str = "open") -> Tender:
    document = _document(reference, "Consommables de laboratoire", lots, procedure)
    tender = tenders.draft_tender(document=document, by=buyer, at=now)
    tenders.publish(tender=tender, by=buyer, at=now)
    return tender


@transaction.atomic
def _examined(suppliers: list[Supplier], buyer: User, now: datetime) -> None:
    """A procedure with negotiation, of one lot."""
    tender = _published("BENCH-4", buyer, now, lots=1, procedure="negotiated")
    tenders.open_bids(tender=tender, by=buyer, at=now)
    lot = tender.lots.for_rules().get()
    _enter(lot, suppliers, buyer, now)
    examine(lot, buyer, now)


def _enter(lot: Lot, suppliers: list[Supplier], by: User, now: datetime) -> None:
    """Twenty bids, each dearer by 0.7 %, with the origins of every line; the last one is irregular."""
    items = list(lot.items.all())
    bids = Bid.objects.bulk_create(
        Bid(
            lot=lot,
            key=f"offre-{place + 1}",
            supplier=supplier,
            operator_country=supplier.operator_country,
            submitted_at=now - timedelta(days=30),
            price=sum((_unit_price(item, place) for item in items), Decimal(0)) * QUANTITY,
            **_irregular(place),
        )
        for place, supplier in enumerate(suppliers)
    )
    lines = BidLine.objects.bulk_create(
        BidLine(bid=bid, item=item, unit_price=_unit_price(item, place))
        for place, bid in enumerate(bids)
        for item in items
    )
    LineOrigin.objects.bulk_create(
        LineOrigin(line=line, country=COUNTRIES[place % len(COUNTRIES)], share=Decimal("0.7"), assurance="documented")
        for place, line in enumerate(lines)
    )
    proof = {"indicator": "carbon-footprint-ratio", "assurance": "verified"}
    EnvironmentalEvidence.objects.bulk_create(
        EnvironmentalEvidence(bid=bid, value=f"0.{60 + place}", **proof) for place, bid in enumerate(bids)
    )
    for bid in bids:
        ledger.record("bid.entered", bid, by=by, at=now, after="a" * 64)


def _irregular(place: int) -> dict[str, Any]:
    if place < BIDS - 1:
        return {}
    return {"status": Bid.Status.EXCLUDED, "exclusion": Bid.Exclusion.IRREGULAR, "exclusion_reason": "Non signée."}


def _unit_price(item: Item, place: int) -> Decimal:
    return (Decimal(10) * (1 + Decimal("0.007") * place)).quantize(Decimal("0.01")) + item.pk % 3


def _marked(lot: Lot) -> list[tuple[Bid, Criterion, Decimal]]:
    criteria = [criterion for criterion in lot.criteria.all() if criterion.scale is not None]
    bids = lot.bids.filter(status=Bid.Status.ADMISSIBLE)
    return [(b, c, Decimal(8 + (b.pk * 7 + c.position * 5) % 12)) for b in bids for c in criteria]


@transaction.atomic
def _mark(lot: Lot, by: User, now: datetime) -> None:
    marks = Mark.objects.bulk_create(
        Mark(bid=bid, criterion=criterion, value=value, reason="Essai de deux semaines au bloc.", given_by=by)
        for bid, criterion, value in _marked(lot)
    )
    for mark in marks:
        ledger.record("bid.marked", mark.bid, by=by, at=now, after=digest(mark), reason=mark.reason)


@transaction.atomic
def _judge(lot: Lot, evaluators: list[User], by: User, now: datetime) -> None:
    """A panel that has declared its interests and marked every bid, each member twice; half is agreed on."""
    for member in evaluators:
        evaluation.seat(lot=lot, person=member, by=by, at=now)
        evaluation.declare_interests(lot=lot, conflict=False, text="", by=member, at=now)
        for changed in (0, 1):
            given = [
                evaluation.Given(bid, criterion, value - changed, "Essai au bloc, deux semaines.")
                for bid, criterion, value in _marked(lot)
            ]
            evaluation.give_marks(lot=lot, given=given, by=member, at=now)
    Mark.objects.bulk_create(
        Mark(bid=bid, criterion=criterion, value=value - 1, reason="D'accord.", given_by=by)
        for place, (bid, criterion, value) in enumerate(_marked(lot))
        if place % 2
    )


def _award(lot: Lot, by: User, now: datetime) -> None:
    sheet = lot.sheets.get()
    winner = lot.bids.get(key=sheet.sheet["winner"])
    evaluation.award(lot=lot, bid=winner, sheet=sheet, reason="Première au classement.", by=by, at=now)


def _beside(buyer: User, auditor: User) -> None:
    """An estimate, exports of bundles and their jobs, a token, the corpus of grids and an archive."""
    version = PolicyVersion.objects.get(policy__identifier="european-priority-2020", version=1)
    hospital = Hospital.objects.get(finess=BODY)
    asked = request_estimate(hospital=hospital, year=timezone.localdate().year, policy_version=version, by=buyer)
    estimate(job=_claimed(asked.job_id))
    few = Decision.objects.filter(lot__tender__reference="BENCH-2", lot__number__lte=3)
    for reader in (buyer, auditor):
        for _number in range(EXPORTS):
            export = request_export(decisions=few, kind="full", by=reader)
        make(job=_claimed(export.job_id))
    for reader in User.objects.filter(username__in=("buyer", "auditor", "policy", "member1", "admin")):
        people.create_token(name="tableur", by=reader)
    tenders.keep_reference(reading=ReferenceReading("boamp", "a" * 64, tuple(_notices())), by=None)
    contracts = tuple(_contract(number) for number in range(CONTRACTS))
    keep_archive(reading=ArchiveReading("worldbank", "a" * 64, (), contracts), by=None, at=timezone.now())


def _simulations(officer: User, second: User) -> None:
    """Answered questions to an archive: a table of two amounts, a step curve, each looked at; and short ones."""
    on, under = simulated.snapshot(PAST_LOTS, PAST_BIDS), simulated.policy(officer, second)
    european, green = simulated.EUROPEAN, simulated.GREEN
    for number in range(SIMULATIONS - 2):
        simulated.simulated(on, under, officer, simulated.axis(european, 1, first=number))
    table = simulated.simulated(on, under, officer, simulated.axis(european, 40), simulated.axis(green, 25))
    curve = simulated.simulated(on, under, officer, simulated.axis(green, MOST_SCENARIOS))
    for sweep in (table, curve):
        simulated.looked_at(sweep, len(scenarios_of(sweep.axes)) - 1, officer)


def _claimed(job: Any) -> Any:
    claimed = jobs.claim(str(job))
    assert claimed is not None
    return claimed


def _notices() -> Iterator[ReadNotice]:
    for number in range(GRIDS):
        price = 30 + number % 50
        criteria = (
            PublishedCriterion("Prix des prestations", price, "price"),
            PublishedCriterion("Valeur technique de l'offre", 90 - price, "quality"),
            PublishedCriterion("Performances environnementales", 10, "environment"),
        )
        buyer = f"Acheteur {number % 900}"
        notice = Notice(f"21-{number}", "2021-02", buyer, "44000", "Nantes", number % 9 == 0, "OUVERT")
        yield ReadNotice(notice, number, 3, 100, (PublishedGrid("", criteria, 3),))


def _contract(number: int) -> PastContract:
    bids = [
        {"id": "r1", "supplier": {"name": "Domestic", "country": "FR"}, "status": "admissible", "price": "105"},
        {"id": "r2", "supplier": {"name": "Foreign", "country": "IN"}, "status": "admissible", "price": "100"},
    ]
    document = {
        "schema": "bareme-case/1",
        "tender": {"id": f"c{number}", "currency": "EUR"},
        "criteria": [{"id": "price", "kind": "price", "weight": "100", "formula": "lowest_ratio"}],
        "bids": bids,
        "policy": None,
    }
    return PastContract(f"http://archive.example/c{number}", "FR", "bidders", number % 2 == 0, "r2", document)
