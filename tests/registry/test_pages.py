"""The register on its pages and in the API: shared by all buyers, with the bids of one's own hospitals alone."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from procurement.people.models import User
from procurement.people.roles import Role
from procurement.registry.models import Supplier
from procurement.tenders.models import Bid
from procurement.tenders.services import enter_bid
from tests.factories import UserFactory
from tests.tenders import documents
from tests.tenders.conftest import NOW

LIST = reverse("registry:suppliers")


def test_suppliers_are_listed_with_their_origin_and_the_readers_bids(client: Client, bid: Bid, buyer: User) -> None:
    client.force_login(buyer)

    page = client.get(LIST)

    assert [(supplier.name, supplier.own_bids) for supplier in page.context["page"]] == [("MedTech Loire", 1)]
    assert "law of constitution" in page.content.decode()


def test_another_hospital_sees_the_supplier_and_none_of_its_bids(client: Client, bid: Bid, stranger: User) -> None:
    client.force_login(stranger)

    assert [supplier.own_bids for supplier in client.get(LIST).context["page"]] == [0]
    page = client.get(reverse("registry:supplier", args=[bid.supplier_id])).content.decode()
    assert "2026-014" not in page
    assert "455" not in page
    assert "will be listed here" in page


def test_ones_own_bids_are_on_the_page_of_their_supplier(client: Client, bid: Bid, buyer: User) -> None:
    client.force_login(buyer)

    page = client.get(reverse("registry:supplier", args=[bid.supplier_id])).content.decode()

    assert "2026-014" in page
    assert "€455.50" in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"search": "NORD"}, ["Nordmed"]),
        ({"origin": "fr"}, ["Loire"]),
        ({"ordering": "-name"}, ["Nordmed", "Loire"]),
        ({"ordering": "own_bids"}, ["Loire", "Nordmed"]),
        ({"ordering": "password", "page": "x"}, ["Loire", "Nordmed"]),
        ({"search": "\x00"}, ["Loire", "Nordmed"]),
        ({"search": "nobody"}, []),
    ],
)
def test_the_register_is_filtered_and_ordered_by_its_address(
    client: Client, buyer: User, query: dict[str, str], names: list[str]
) -> None:
    Supplier.objects.create(name="Nordmed", operator_country="DE", operator_origin_basis="constitution")
    Supplier.objects.create(name="Loire", operator_country="FR", operator_origin_basis="constitution")
    client.force_login(buyer)

    assert [supplier.name for supplier in client.get(LIST, query).context["page"]] == names


def test_the_register_takes_the_same_queries_for_one_and_for_ten(
    client: Client, bid: Bid, lot: Any, buyer: User, queries: Any
) -> None:
    client.force_login(buyer)
    addresses = (LIST, reverse("registry:supplier", args=[bid.supplier_id]))
    before = [queries(lambda address=address: client.get(address)) for address in addresses]
    for number in range(2, 11):
        Supplier.objects.create(name=f"Supplier {number}")
        document = documents.bid(id=f"B{number}", supplier={"name": f"Supplier {number}"})
        enter_bid(lot=lot, document=document, by=buyer, at=NOW)

    assert [queries(lambda address=address: client.get(address)) for address in addresses] == before


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.POLICY_OFFICER, Role.ADMINISTRATOR])
def test_the_register_is_the_buyers(client: Client, db: None, role: Role) -> None:
    client.force_login(UserFactory(role=role))

    assert client.get(LIST).status_code == 403
    assert client.get("/api/v1/suppliers/").status_code == 403


def test_a_supplier_is_registered_and_its_origin_recorded_over_the_api(buyer: User) -> None:
    api = APIClient(headers={"accept-language": "en"})
    api.force_authenticate(buyer)

    registered = api.post("/api/v1/suppliers/", {"name": "Nordmed", "address_country": "DE"}, format="json")
    assert registered.status_code == 201
    address = f"/api/v1/suppliers/{registered.json()['id']}/operator-origin/"
    recorded = api.post(address, {"country": "CN", "basis": "influence"}, format="json")
    assert recorded.json()["operator_country"] == "CN"
    assert api.post(address, {"country": "CN", "basis": ""}, format="json").status_code == 400
    twice = api.post("/api/v1/suppliers/", {"name": "NORDMED"}, format="json")
    assert (twice.status_code, "already registered" in twice.json()["detail"]) == (400, True)


def test_a_supplier_is_registered_on_its_page_with_the_evidence_of_its_origin(client: Client, buyer: User) -> None:
    client.force_login(buyer)
    form = {"name": "Nordmed", "address_country": "FR", "country": "CN", "basis": "influence", "found_on": "2026-03-03"}

    page = client.post(reverse("registry:register"), form | {"evidence": "Held by <b>Ningbo</b>."}, follow=True)

    text = page.content.decode()
    assert "Held by &lt;b&gt;Ningbo&lt;/b&gt;." in text
    assert "dominant influence" in text
    assert "3 March 2026" in text


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"name": ""}, "name", "required"),
        ({"name": "medtech LOIRE"}, None, "already registered"),
        ({"country": "Atlantis"}, "country", "not a country"),
        ({"basis": ""}, "basis", "what the origin was found on"),
        ({"country": ""}, "country", "Give the country"),
        ({"found_on": "2999-01-01"}, None, "in the future"),
        ({"found_on": "yesterday"}, "found_on", "valid date"),
        ({"evidence": "x" * 2001}, "evidence", "2000"),
    ],
)
def test_what_is_wrong_with_a_registration_is_said_beside_its_field(
    client: Client, buyer: User, supplier: Supplier, changes: dict[str, str], field: str | None, said: str
) -> None:
    client.force_login(buyer)
    form = {"name": "Nordmed", "country": "CN", "basis": "influence"} | changes

    answer = client.post(reverse("registry:register"), form)

    errors = answer.context["form"].errors
    assert said in " ".join(errors[field or "__all__"])
    assert Supplier.objects.count() == 1


def test_a_finding_is_recorded_on_the_page_of_its_supplier_and_the_earlier_one_stays(
    client: Client, buyer: User, supplier: Supplier
) -> None:
    client.force_login(buyer)
    address = reverse("registry:origin", args=[supplier.pk])
    assert "earlier findings stay readable" in client.get(address).content.decode()

    page = client.post(address, {"country": "China", "basis": "influence"}, follow=True)

    assert [finding.country for finding in page.context["findings"]] == ["CN", "FR"]
    refused = client.post(address, {"country": "CN", "basis": "", "evidence": "x"})
    assert "basis" in refused.context["form"].errors


def test_an_empty_form_takes_no_origin_away(client: Client, buyer: User, supplier: Supplier) -> None:
    client.force_login(buyer)
    address = reverse("registry:origin", args=[supplier.pk])
    assert 'value="FR"' in client.get(address).content.decode(), "what stands is there to be changed"

    answer = client.post(address, {})

    assert "why it stays unknown" in " ".join(answer.context["form"].errors["evidence"])
    client.post(address, {"evidence": "Struck off in May; nobody answers."})
    supplier.refresh_from_db()
    assert supplier.operator_country == ""


def test_the_evidence_of_an_origin_is_read_and_recorded_over_the_api(buyer: User) -> None:
    api = APIClient(headers={"accept-language": "en"})
    api.force_authenticate(buyer)
    address = f"/api/v1/suppliers/{Supplier.objects.create(name='Nordmed').pk}/"
    finding = {"country": "DE", "basis": "constitution", "evidence": "HRB 1234", "found_on": "2026-03-03"}

    recorded = api.post(f"{address}operator-origin/", finding, format="json").json()

    assert recorded == api.get(address).json()
    assert [{name: found[name] for name in finding} for found in recorded["origin_findings"]] == [finding]
    late = api.post(f"{address}operator-origin/", finding | {"found_on": "2999-01-01"}, format="json")
    assert (late.status_code, "in the future" in late.json()["detail"]) == (400, True)
