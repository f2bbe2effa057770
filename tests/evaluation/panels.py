"""A panel of three on an opened lot with three bids that nobody has marked yet."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from procurement.evaluation import services
from procurement.evaluation.models import IndividualMark, Mark, MarkLock
from procurement.people.models import Hospital, User
from procurement.people.roles import Role
from procurement.registry.models import Supplier
from procurement.registry.services import register_supplier
from procurement.tenders import services as tenders
from procurement.tenders.models import Lot
from tests.evaluation.conftest import NOW, OFFERS, published_lot
from tests.factories import MembershipFactory
from tests.tenders import documents

# Prices that stand nowhere else: whoever finds one of these digits was shown a price.
PRICES = {"alpha": "31415.92", "beta": "27182.81", "gamma": "16180.33"}
CRITERIA = ("quality", "carbon")


@dataclass
class Judged:
    """The lot, who buys and who sits on its panel."""

    lot: Lot
    buyer: User
    members: list[User]


def evaluator(hospital: Hospital, name: str) -> User:
    return MembershipFactory(
        hospital=hospital, user__role=Role.EVALUATOR, user__first_name=name, user__last_name="Jury"
    ).user


def registered(name: str, by: User, country: str = "FR") -> str:
    """The name of a tenderer the register has."""
    if not Supplier.objects.filter(name=name).exists():
        register_supplier(
            name=name, by=by, address_country=country, operator_country=country, operator_origin_basis="constitution"
        )
    return name


def judged(
    buyer: User, hospital: Hospital, *, reference: str = "2026-014", procedure: str = "open", **rules: Any
) -> Judged:
    """``rules`` are of the lot's document: `anonymous`, `two_envelopes`."""
    lot = published_lot(buyer, reference=reference, procedure=procedure, lots=[documents.lot(**rules)])
    for key, name, country, *_offer in OFFERS:
        registered(name, buyer, country)
        lines = [
            {"id": documents.MASKS, "unit_price": PRICES[key], "origins": []},
            {"id": documents.GLOVES, "unit_price": "5", "origins": []},
        ]
        document = documents.bid(id=key, supplier={"name": name}, lines=lines, environment={"carbon": {"value": "4"}})
        tenders.enter_bid(lot=lot, document=document, by=buyer, at=NOW)
    members = [evaluator(hospital, name) for name in ("Ana", "Ben", "Cleo")]
    for member in members:
        services.seat(lot=lot, person=member, by=buyer, at=NOW)
    return Judged(lot, buyer, members)


def declare(case: Judged, member: User, text: str = "") -> None:
    services.declare_interests(lot=case.lot, conflict=bool(text), text=text, by=member, at=NOW)


def give(
    case: Judged, member: User, value: Any, *, bid: str = "alpha", criterion: str = "quality", reason: str = "Tried."
) -> IndividualMark:
    given = services.Given(case.lot.bids.get(key=bid), case.lot.criteria.get(key=criterion), Decimal(value), reason)
    return services.give_marks(lot=case.lot, given=[given], by=member, at=NOW)[0]


def give_all(case: Judged, member: User, value: str) -> None:
    given = [
        services.Given(bid, case.lot.criteria.get(key=criterion), Decimal(value), "Tried by the ward.")
        for bid in case.lot.bids.all()
        for criterion in CRITERIA
    ]
    services.give_marks(lot=case.lot, given=given, by=member, at=NOW)


def agree(case: Judged, value: Any, *, bid: str = "alpha", criterion: str = "quality", reason: str = "Agreed.") -> Mark:
    return services.mark(
        bid=case.lot.bids.get(key=bid),
        criterion=case.lot.criteria.get(key=criterion),
        value=Decimal(value),
        reason=reason,
        by=case.buyer,
        at=NOW,
    )


def agree_all(case: Judged, value: str = "3") -> None:
    for bid in case.lot.bids.filter(status="admissible"):
        for criterion in CRITERIA:
            agree(case, value, bid=bid.key, criterion=criterion)


def lock(case: Judged) -> MarkLock:
    return services.lock_marks(lot=case.lot, by=case.buyer, at=NOW)


def locked(case: Judged) -> MarkLock:
    """Three who declared and marked, agreed marks, and the lock."""
    for number, member in enumerate(case.members, start=2):
        declare(case, member)
        give_all(case, member, str(number))
    agree_all(case)
    return lock(case)
