"""The register of suppliers: who they are, and where an operator originates."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.people.refusals import Invalid, Stale
from procurement.people.roles import Role
from procurement.registry.models import Supplier
from procurement.registry.services import record_operator_origin, register_supplier
from tests.factories import UserFactory
from tests.tenders.conftest import NOW


def test_a_supplier_is_registered_and_recorded(buyer: User) -> None:
    supplier = register_supplier(
        name="  Nordmed   GmbH ",
        registration_number="HRB 1234",
        address_country="DE",
        operator_country="CN",
        operator_origin_basis="influence",
        by=buyer,
    )

    assert supplier.name == "Nordmed GmbH"
    line = Line.objects.get(action="supplier.registered")
    assert (line.object, len(line.after)) == (f"registry.Supplier:{supplier.pk}", 64)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": " "}, "1 to 300"),
        ({"name": "x" * 301}, "1 to 300"),
        ({"name": "nordmed"}, "already registered"),
        ({"address_country": "EL"}, "not a country"),
        ({"operator_country": "fr", "operator_origin_basis": "constitution"}, "not a country"),
        ({"operator_country": "FR"}, "both or neither"),
        ({"operator_country": "FR", "operator_origin_basis": "feeling"}, "one of"),
        ({"registration_number": "1" * 41}, "40 characters"),
    ],
)
def test_what_cannot_be_registered_is_said_in_one_sentence(buyer: User, values: dict[str, str], said: str) -> None:
    register_supplier(name="Nordmed", by=buyer)

    with pytest.raises(Invalid, match=said):
        register_supplier(**{"name": "Other", **values}, by=buyer)

    assert Supplier.objects.count() == 1


def test_an_origin_is_recorded_with_what_it_was_before(buyer: User) -> None:
    supplier = register_supplier(name="Nordmed", by=buyer)

    record_operator_origin(supplier=supplier, country="DE", basis="constitution", by=buyer)

    supplier.refresh_from_db()
    assert (supplier.operator_country, supplier.operator_origin_basis) == ("DE", "constitution")
    registered, recorded = Line.objects.order_by("sequence")
    assert recorded.before == registered.after != recorded.after


def test_an_origin_recorded_by_somebody_else_meanwhile_is_not_overwritten(buyer: User) -> None:
    supplier = register_supplier(name="Nordmed", by=buyer)
    seen_earlier = Supplier.objects.get()
    record_operator_origin(supplier=supplier, country="DE", basis="constitution", by=buyer)

    with pytest.raises(Stale):
        record_operator_origin(supplier=seen_earlier, country="CN", basis="influence", by=buyer)

    assert Supplier.objects.get().operator_country == "DE"


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.POLICY_OFFICER, Role.ADMINISTRATOR])
def test_only_buyers_register(db: None, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        register_supplier(name="Nordmed", by=UserFactory(role=role))


def test_a_finding_stays_beside_the_later_one_with_its_evidence(buyer: User) -> None:
    supplier = register_supplier(
        name="Nordmed",
        operator_country="DE",
        operator_origin_basis="constitution",
        evidence="Entered in Hamburg; 40 employees there.",
        reference="HRB 1234, 3 March 2026",
        found_on=date(2026, 3, 3),
        by=buyer,
        at=NOW,
    )

    record_operator_origin(
        supplier=supplier, country="CN", basis="influence", evidence="The plant in Hamburg closed.", by=buyer, at=NOW
    )

    findings = list(supplier.origin_findings.order_by("pk"))
    assert [(f.country, f.basis, f.evidence) for f in findings] == [
        ("DE", "constitution", "Entered in Hamburg; 40 employees there."),
        ("CN", "influence", "The plant in Hamburg closed."),
    ]
    assert (findings[0].reference, findings[0].found_on) == ("HRB 1234, 3 March 2026", date(2026, 3, 3))


def test_the_record_vouches_for_the_evidence_too(buyer: User) -> None:
    supplier = register_supplier(name="Nordmed", by=buyer)
    for evidence in ("An extract.", "Another extract."):
        record_operator_origin(
            supplier=supplier, country="DE", basis="constitution", evidence=evidence, by=buyer, at=NOW
        )

    first, second = Line.objects.filter(action="supplier.origin_recorded").order_by("sequence")
    assert first.after == second.before != second.after


def test_nobody_looked_into_a_supplier_without_origin(buyer: User) -> None:
    assert not register_supplier(name="Nordmed", by=buyer).origin_findings.exists()


def test_an_origin_looked_for_in_vain_is_a_finding(buyer: User) -> None:
    supplier = register_supplier(name="Nordmed", evidence="Asked twice, no answer.", by=buyer)

    assert [str(finding) for finding in supplier.origin_findings.all()] == ["Nordmed: unknown"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"evidence": "x" * 2001}, "2000 characters"),
        ({"evidence": "\x00"}, "2000 characters"),
        ({"reference": "x" * 201}, "200 characters"),
        ({"found_on": date(2026, 11, 2)}, "in the future"),
    ],
)
def test_evidence_that_cannot_be_kept_is_told(buyer: User, values: dict[str, Any], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        register_supplier(name="Nordmed", **values, by=buyer, at=NOW)

    assert not Supplier.objects.exists()


def test_the_database_itself_keeps_every_finding(buyer: User) -> None:
    supplier = register_supplier(name="Nordmed", operator_country="DE", operator_origin_basis="constitution", by=buyer)

    for change in (lambda rows: rows.update(country="FR"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change(supplier.origin_findings.all())
