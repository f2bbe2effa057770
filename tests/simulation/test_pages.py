"""The archive room."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from procurement.simulation.models import ArchiveCase, ArchiveImport
from procurement.simulation.reading import ArchiveReading, PastContract
from procurement.simulation.services import keep_archive
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def contract(number: int, *, mixed: bool = True) -> PastContract:
    bids = [
        {"id": "r1", "supplier": {"name": "Domestic", "country": "FR"}, "status": "admissible", "price": "105"},
        {"id": "r2", "supplier": {"name": "=Foreign", "country": "IN"}, "status": "admissible", "price": "100"},
        {"id": "r3", "supplier": {"name": "Rejected", "country": None}, "status": "excluded"},
    ]
    document = {
        "schema": "bareme-case/1",
        "tender": {"id": f"c{number}", "currency": "EUR"},
        "criteria": [{"id": "price", "kind": "price", "weight": "100", "formula": "lowest_ratio"}],
        "bids": bids,
        "policy": None,
    }
    return PastContract(f"http://archive.example/c{number}", "FR", "bidders", mixed, "r2", document)


def keep(contracts: int, sha256: str = "a" * 64) -> ArchiveImport:
    reading = ArchiveReading("worldbank", sha256, (), tuple(contract(n, mixed=n % 2 == 0) for n in range(contracts)))
    return keep_archive(reading=reading, by=None, at=timezone.now()).archive_import


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(UserFactory(role="policy_officer"))
    return client


def test_an_empty_archive_says_what_it_will_hold(officer: Client) -> None:
    assert "The archive is empty" in officer.get(reverse("simulation:archive")).content.decode()


def test_the_archive_takes_as_many_queries_for_ten_cases_as_for_one(officer: Client) -> None:
    counted = []
    for contracts, digest in ((1, "a" * 64), (10, "b" * 64)):
        keep(contracts, digest)
        with CaptureQueriesContext(connection) as queries:
            assert officer.get(reverse("simulation:archive")).status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_contracts_are_narrowed_by_who_bid(officer: Client) -> None:
    keep(5)
    page = officer.get(reverse("simulation:archive"), {"bidders": "mixed"}).context["page"]
    assert [case.name for case in page.object_list] == ["c0", "c2", "c4"]


def test_a_case_shows_both_rankings_and_the_rejected_bidders(officer: Client) -> None:
    keep(1)
    case = ArchiveCase.objects.get()
    page = officer.get(reverse("simulation:case", args=[case.pk])).content.decode()
    assert "Rejected bidders" in page
    assert "110.00" in page  # the foreign price raised by 10 %


def test_a_contract_read_again_from_longer_files_is_replaced_not_doubled(officer: Client) -> None:
    keep(2)
    keep(3, "c" * 64)
    assert ArchiveCase.objects.count() == 3
    assert ArchiveImport.objects.count() == 2


@pytest.mark.parametrize("role", ["buyer", "auditor", "administrator"])
def test_the_archive_is_for_policy_staff(client: Client, role: str) -> None:
    client.force_login(UserFactory(role=role))
    assert client.get(reverse("simulation:archive")).status_code == 403
