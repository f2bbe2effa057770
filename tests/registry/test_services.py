"""The register of suppliers: who they are, and where an operator originates."""

import pytest
from django.core.exceptions import PermissionDenied

from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.people.refusals import Invalid, Stale
from procurement.people.roles import Role
from procurement.registry.models import Supplier
from procurement.registry.services import record_operator_origin, register_supplier
from tests.factories import UserFactory


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
