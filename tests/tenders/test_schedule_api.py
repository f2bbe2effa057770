"""A filled price schedule over the API: read, then entered as a bid by whoever sent it, once, within the hour."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.registry.models import Supplier
from procurement.tenders.models import Bid, Lot
from procurement.tenders.schedules import XLSX, waiting
from tests.factories import MembershipFactory
from tests.tenders.filled import ODS, as_ods, filled
from tests.tenders.test_api import of


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "FOLDER", tmp_path / "uploads")


@pytest.fixture
def api(buyer: User) -> APIClient:
    return of(buyer)


def read(api: APIClient, lot: Lot, content: bytes, kind: str = XLSX) -> dict[str, Any]:
    answer = api.post(f"/api/v1/lots/{lot.pk}/schedule/", content, content_type=kind)
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def enter(api: APIClient, lot: Lot, upload: str, **changes: Any) -> Any:
    body = {"upload": upload, "id": "offer-1", "tenderer": "MedTech Loire", **changes}
    return api.post(f"/api/v1/lots/{lot.pk}/enter-schedule/", body, format="json")


@pytest.mark.parametrize("kind", [XLSX, ODS])
def test_a_schedule_that_was_read_is_entered_with_the_hash_of_its_file(
    api: APIClient, lot: Lot, supplier: Supplier, kind: str
) -> None:
    content = filled(lot) if kind == XLSX else as_ods(filled(lot))
    said = read(api, lot, content, kind)
    assert not Bid.objects.exists()

    entered = enter(api, lot, said["upload"], submitted_at="2026-10-01T11:30:00+02:00")

    assert entered.status_code == 201
    assert (entered.json()["price"], entered.json()["supplier_name"]) == ("455.5", "MedTech Loire")
    assert entered.json()["submitted_at"].startswith("2026-10-01T")
    assert Bid.objects.get().submitted_at == datetime(2026, 10, 1, 9, 30, tzinfo=UTC)
    assert Line.objects.filter(action="bid.schedule_read").count() == 1


def test_a_file_is_entered_once(api: APIClient, lot: Lot, supplier: Supplier) -> None:
    upload = read(api, lot, filled(lot))["upload"]
    assert enter(api, lot, upload).status_code == 201

    again = enter(api, lot, upload, id="offer-2")

    assert (again.status_code, again.json()["detail"]) == (404, "This file is not here any more: send it again.")


def test_what_is_refused_can_be_corrected_without_sending_the_file_again(
    api: APIClient, lot: Lot, supplier: Supplier
) -> None:
    upload = read(api, lot, filled(lot))["upload"]

    refused = enter(api, lot, upload, tenderer="Nobody")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/supplier/name")
    assert enter(api, lot, upload, submitted_at="0001-01-01T00:00:00+14:00").status_code == 400
    assert enter(api, lot, upload, id="with a space").status_code == 400
    assert not Bid.objects.exists()
    assert enter(api, lot, upload).status_code == 201


def test_a_newcomer_is_registered_only_when_asked_for(api: APIClient, lot: Lot) -> None:
    upload = read(api, lot, filled(lot))["upload"]
    assert enter(api, lot, upload).status_code == 400

    entered = enter(api, lot, upload, register=True, basis="constitution")

    assert entered.status_code == 201
    assert Supplier.objects.get().operator_country == "FR"


@pytest.mark.parametrize("token", ["", "../../etc/passwd", "0" * 32, "0" * 41, "\x00"])
def test_a_token_that_names_no_file_enters_nothing(api: APIClient, lot: Lot, supplier: Supplier, token: str) -> None:
    assert enter(api, lot, token).status_code in (400, 404)
    assert not Bid.objects.exists()


def test_the_file_of_a_colleague_is_not_entered_by_another(
    api: APIClient, lot: Lot, supplier: Supplier, buyer: User
) -> None:
    upload = read(api, lot, filled(lot))["upload"]
    colleague = MembershipFactory(hospital=lot.tender.contracting_body).user

    assert enter(of(colleague), lot, upload).status_code == 404
    assert enter(api, lot, upload).status_code == 201


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_empty_schedule_is_taken_filled_in_and_read(api: APIClient, lot: Lot, language: str) -> None:
    answer = api.get(f"/api/v1/lots/{lot.pk}/empty-schedule/{language}/")

    assert (answer.status_code, answer["Content-Type"]) == (200, XLSX)
    assert answer["Content-Disposition"] == f'attachment; filename="2026-014-1-{language}.xlsx"'
    assert Line.objects.filter(action="file.exported", object=f"tenders.Lot:{lot.pk}").count() == 1
    refused = api.post(f"/api/v1/lots/{lot.pk}/schedule/", answer.content, content_type=XLSX)
    assert refused.status_code == 400, "it is read, and what is missing is told cell by cell"
    assert {problem["pointer"][-3:] for problem in refused.json()["errors"]} >= {"!F5", "!F6"}


def test_an_empty_schedule_in_no_language_of_the_portal_is_not_there(api: APIClient, lot: Lot) -> None:
    assert api.get(f"/api/v1/lots/{lot.pk}/empty-schedule/de/").status_code == 404
