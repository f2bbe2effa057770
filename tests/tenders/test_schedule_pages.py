"""The pages of a price schedule: the empty file; the filled one sent, looked at and entered; the same over the API."""

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from procurement import uploads
from procurement.people.models import User
from procurement.registry.models import Supplier
from procurement.tenders.models import Bid, Lot, Tender
from procurement.tenders.schedules import XLSX, container, waiting
from tests.tenders.filled import OFFER, as_ods, filled
from tests.tenders.test_schedules import opened_lot

Count = Callable[[Callable[[], object]], int]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of this test's own for the files that wait."""
    monkeypatch.setattr(waiting, "FOLDER", tmp_path / "uploads")
    return tmp_path / "uploads"


def client_of(person: User, **options: bool) -> Client:
    client = Client(**options)
    client.force_login(person)
    client.cookies["language"] = "en"
    return client


def send(client: Client, lot: Lot, content: bytes, name: str = "offre.xlsx") -> str:
    """The page that answers a file, after the redirect where it was read."""
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("tenders:schedule", args=[lot.pk]), {"file": file}, follow=True).content.decode()


def test_the_empty_schedule_is_downloaded_in_either_language(published: Tender, buyer: User) -> None:
    lot = published.lots.get()
    for language in ("fr", "en"):
        answer = client_of(buyer).get(reverse("tenders:empty_schedule", args=[lot.pk, language]))
        assert answer["Content-Type"] == XLSX
        assert answer["Content-Disposition"] == f'attachment; filename="2026-014-1-{language}.xlsx"'
        assert answer.content[:2] == b"PK"
    assert client_of(buyer).get(reverse("tenders:empty_schedule", args=[lot.pk, "de"])).status_code == 404


def test_a_draft_has_no_schedule_yet(draft: Tender, buyer: User) -> None:
    lot, client = draft.lots.get(), client_of(buyer)
    assert client.get(reverse("tenders:empty_schedule", args=[lot.pk, "fr"])).status_code == 404
    assert (
        "once the rules of the lot are published"
        in client.get(reverse("tenders:schedule", args=[lot.pk])).content.decode()
    )


def test_before_the_opening_no_file_is_read(published: Tender, buyer: User, folder: Path) -> None:
    lot = published.lots.get()
    page = send(client_of(buyer), lot, filled(lot))

    assert "The bids of this lot are not opened yet" in page
    assert '<input type="file"' not in page
    assert not folder.exists()


@pytest.mark.parametrize("form", [lambda content: content, as_ods], ids=["xlsx", "ods"])
def test_a_file_is_looked_at_then_entered(
    lot: Lot, supplier: Supplier, buyer: User, folder: Path, form: Callable[[bytes], bytes]
) -> None:
    client = client_of(buyer)
    page = send(client, lot, form(filled(lot, OFFER | {"Prices!G5": 999})))

    assert "Nothing is entered yet" in page
    assert not Bid.objects.exists()
    assert "Amounts in the file differ" in page
    assert re.search(r"999\s*<strong>\(differs\)</strong>", page)
    assert "France (FR) 70%, documented" in page
    [waits] = folder.iterdir()
    assert waits.stat().st_mode & 0o777 == 0o600
    address = reverse("tenders:offer", args=[lot.pk, token_of(waits)])
    client.post(address, {"tenderer": "MedTech Loire", "key": "offer-1", "submitted_at": "2026-10-01T11:30"})

    bid = Bid.objects.get()
    assert (str(bid.price), bid.key) == ("455.5", "offer-1")
    assert bid.submitted_at is not None
    assert bid.submitted_at.isoformat() == "2026-10-01T09:30:00+00:00"
    assert list(folder.iterdir()) == []


def test_a_tenderer_nobody_registered_is_offered_to_the_register(lot: Lot, buyer: User, folder: Path) -> None:
    client = client_of(buyer)
    assert "The register of suppliers does not have this tenderer." in send(client, lot, filled(lot))
    address = reverse("tenders:offer", args=[lot.pk, token_of(*folder.iterdir())])

    refused = client.post(address, {"tenderer": "MedTech Loire", "key": "offer-1"}).content.decode()
    assert "register it first" in refused
    assert refused.count("Nothing is entered yet: one thing is wrong, said beside its field.") == 1
    assert "/supplier/name" not in refused
    client.post(address, {"tenderer": "MedTech Loire", "key": "offer-1", "register": "on", "basis": "influence"})

    assert Bid.objects.get().operator_country == "FR"


def test_what_is_wrong_is_told_at_its_cell_and_nothing_is_kept(lot: Lot, buyer: User, folder: Path) -> None:
    page = send(client_of(buyer), lot, filled(lot, OFFER | {"Prices!F5": "12,50"}))

    assert "1 cell or sheet is to be corrected" in page
    assert "<code>Prices!F5</code> “12,50” is a text that looks like a number" in page
    assert not folder.exists()


def test_a_file_that_is_too_long_is_answered_in_words(lot: Lot, buyer: User) -> None:
    assert "The file is larger than 2.0" in send(client_of(buyer), lot, b"\x00" * (container.LONGEST * 2))


def test_a_form_that_is_far_too_long_is_not_listened_to(lot: Lot, buyer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LONGEST_SENT", 1000)
    file = SimpleUploadedFile("offre.xlsx", b"\x00" * 2000)

    assert client_of(buyer).post(reverse("tenders:schedule", args=[lot.pk]), {"file": file}).status_code == 400


def test_two_files_at_once_are_refused(lot: Lot, buyer: User) -> None:
    files = [SimpleUploadedFile("a.xlsx", b"PK"), SimpleUploadedFile("b.xlsx", b"PK")]

    assert client_of(buyer).post(reverse("tenders:schedule", args=[lot.pk]), {"file": files}).status_code == 400


def test_no_file_is_told_beside_its_field(lot: Lot, buyer: User) -> None:
    page = client_of(buyer).post(reverse("tenders:schedule", args=[lot.pk])).content.decode()

    assert "This field is required." in page


def test_a_form_of_another_site_is_refused(lot: Lot, buyer: User, folder: Path) -> None:
    client = client_of(buyer, enforce_csrf_checks=True)
    address = reverse("tenders:schedule", args=[lot.pk])
    assert client.post(address, {"file": SimpleUploadedFile("a.xlsx", filled(lot))}).status_code == 403
    assert not folder.exists()

    token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', client.get(address).content.decode())
    assert token
    given = {"csrfmiddlewaretoken": token[1], "file": SimpleUploadedFile("a.xlsx", filled(lot))}
    assert client.post(address, given).status_code == 302


def test_a_waiting_file_is_its_senders_alone(lot: Lot, buyer: User, stranger: User) -> None:
    from tests.factories import MembershipFactory

    token = waiting.put(filled(lot), lot, buyer)
    colleague = MembershipFactory(hospital=lot.tender.contracting_body).user

    assert waiting.find(token, lot, buyer) is not None
    for other in (colleague, stranger):
        assert client_of(other).get(reverse("tenders:offer", args=[lot.pk, token])).status_code == 404
    assert client_of(buyer).get(reverse("tenders:offer", args=[lot.pk, "0" * 32])).status_code == 404


def test_a_file_waits_for_an_hour(lot: Lot, buyer: User, folder: Path) -> None:
    token = waiting.put(filled(lot), lot, buyer)
    [path] = folder.iterdir()
    waiting.clear()
    assert path.exists()

    os.utime(path, (time.time() - waiting.KEPT - 1,) * 2)

    assert waiting.find(token, lot, buyer) is None
    waiting.clear()
    assert not path.exists()


def test_one_person_does_not_pile_files_up(lot: Lot, buyer: User, stranger: User, folder: Path) -> None:
    other = waiting.put(b"theirs", lot, stranger)
    first = waiting.put(b"first", lot, buyer)
    [path] = folder.glob(f"{buyer.pk}-*")
    os.utime(path, (time.time() - 60,) * 2)
    for _number in range(waiting.MOST):
        waiting.put(b"next", lot, buyer)

    assert len(list(folder.glob(f"{buyer.pk}-*"))) == waiting.MOST
    assert waiting.find(first, lot, buyer) is None
    assert waiting.find(other, lot, stranger) == b"theirs"


def test_the_pages_cost_the_same_queries_for_two_items_and_for_ten(
    buyer: User, supplier: Supplier, queries: Count
) -> None:
    from tests.tenders import documents

    item = documents.lot()["items"][0]
    counts = []
    for reference, size in (("2026-101", 2), ("2026-102", 10)):
        lot = opened_lot(buyer, reference=reference, items=[{**item, "id": f"i{n}"} for n in range(size)])
        cells = {"Tenderer!B5": "MedTech Loire"} | {f"Prices!F{5 + n}": 1.5 for n in range(size)}
        address = reverse("tenders:offer", args=[lot.pk, waiting.put(filled(lot, cells), lot, buyer)])
        client = client_of(buyer)
        client.get(address)
        counts.append(queries(lambda client=client, address=address: client.get(address)))
    assert counts[0] == counts[1]


def token_of(path: Path) -> str:
    return path.stem.rpartition("-")[2]


# The API


def read(client: Client, lot: Lot, content: bytes) -> tuple[int, dict[str, object]]:
    answer = client.post(reverse("lot-schedule", args=[lot.pk]), content, content_type=XLSX)
    return answer.status_code, answer.json()


def test_the_api_reads_a_schedule_into_the_document_that_enters_the_bid(
    lot: Lot, supplier: Supplier, buyer: User
) -> None:
    client = client_of(buyer)
    status, said = read(client, lot, filled(lot, OFFER | {"Prices!G5": 999}))

    assert status == 200
    assert said["differences"] == [{"item": "gloves", "stated": "999", "computed": "255"}]
    assert not Bid.objects.exists()
    bid = {"id": "offer-1", "supplier": {"name": "MedTech Loire"}, **said["document"]}
    body = {"lot": lot.pk, "bid": bid}
    assert client.post(reverse("bid-list"), body, content_type="application/json").status_code == 201


@pytest.mark.parametrize("content", [b"", b"{}", b"\x00" * (container.LONGEST + 5)])
def test_the_api_answers_a_file_that_is_none_in_words(lot: Lot, buyer: User, content: bytes) -> None:
    status, said = read(client_of(buyer), lot, content)

    assert status == 400
    assert said["detail"]


def test_the_api_tells_every_cell(lot: Lot, buyer: User) -> None:
    status, said = read(client_of(buyer), lot, filled(lot, OFFER | {"Prices!F5": "x", "Prices!F6": -1}))

    assert status == 400
    assert [problem["pointer"] for problem in said["errors"]] == ["Prices!F5", "Prices!F6"]
