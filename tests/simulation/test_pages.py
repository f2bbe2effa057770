"""The archive room."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from procurement.jobs.models import Job
from procurement.simulation.models import ArchiveCase, ArchiveImport, ArchiveSnapshot
from procurement.simulation.reading import ArchiveReading, PastContract
from procurement.simulation.services import keep_archive
from procurement.simulation.tasks import make_snapshot
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


def auction(number: int) -> PastContract:
    """An auction with two equal lowest bids, one of which was drawn, and a bid that was disqualified."""
    bids = [
        {"id": "r1", "supplier": {"name": "Azuma", "country": None}, "status": "admissible", "price": "900"},
        {"id": "r2", "supplier": {"name": "Haze", "country": None}, "status": "admissible", "price": "900"},
        {"id": "r3", "supplier": {"name": "Ikki", "country": None}, "status": "excluded", "price": "700",
         "exclusion_reason": "below the minimum price of the auction, 800 JPY"},
    ]  # fmt: skip
    document = {**contract(number).document, "bids": bids}
    return PastContract(str(number), "JP", "unknown", False, "r2", document, date(2010, 1, 19))


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
    assert "Excluded bids" in page
    assert "110.00" in page  # the foreign price raised by 10 %


def test_a_tied_auction_says_that_nothing_decides_and_why_a_bid_is_out(officer: Client) -> None:
    keep_archive(reading=ArchiveReading("tsuchiura", "a" * 64, (), (auction(16),)), by=None)
    page = officer.get(reverse("simulation:case", args=[ArchiveCase.objects.get().pk])).content.decode()
    assert "Several bids share the first rank" in page
    assert "below the minimum price of the auction, 800 JPY" in page
    assert "awarded on 19 January 2010" in page
    assert "no preference is tried on it" in page
    assert "sylvaingchassang/missing_bids" in page


def test_a_contract_read_again_from_longer_files_is_replaced_not_doubled(officer: Client) -> None:
    keep(2)
    keep(3, "c" * 64)
    assert ArchiveCase.objects.count() == 3
    assert ArchiveImport.objects.count() == 2


def test_a_snapshot_is_asked_for_with_a_button_and_shown_with_its_hash(
    officer: Client, settings: Any, tmp_path: Path
) -> None:
    settings.ARCHIVES = tmp_path
    keep(2)
    page = officer.get(reverse("simulation:archive")).content.decode()
    assert "There is no snapshot yet." in page
    assert "CC BY 4.0" in page  # of the import
    assert 'name="source" value="worldbank"' in page
    assert 'value="tsuchiura"' not in page  # nothing of it was imported
    answer = officer.post(reverse("simulation:make_snapshot"), {"source": "worldbank"})
    job = Job.objects.get()
    assert answer.url == job.get_absolute_url()
    make_snapshot(str(job.pk))
    snapshot = ArchiveSnapshot.objects.get()
    page = officer.get(reverse("simulation:archive")).content.decode()
    assert snapshot.sha256 in page
    assert "Origin is the nationality of the bidders" in page
    assert "CC BY 4.0" in page
    assert reverse("simulation:archive") + "#snapshots" in officer.get(answer.url).content.decode()


@pytest.mark.parametrize("role", ["buyer", "auditor", "administrator"])
def test_the_archive_is_for_policy_staff(client: Client, role: str) -> None:
    client.force_login(UserFactory(role=role))
    assert client.get(reverse("simulation:archive")).status_code == 403
