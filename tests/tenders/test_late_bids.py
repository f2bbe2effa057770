"""The deadline is said at the opening; a bid that came after it is entered as late, and stays visible."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from procurement.people.models import User
from procurement.people.refusals import Invalid, Refused
from procurement.registry.models import Supplier
from procurement.tenders import services
from procurement.tenders.models import Bid, Lot, Tender
from procurement.tenders.schedules import XLSX, read_schedule, waiting
from procurement.tenders.schedules.forms import OfferForm
from procurement.tenders.services import enter_bid, open_bids
from tests.tenders import documents
from tests.tenders.conftest import NOW, problems
from tests.tenders.filled import filled
from tests.tenders.proofs.conftest import GIVEN

DUE = NOW - timedelta(days=31, hours=-1)  # 1 October 2026, 10:00 UTC: noon in Paris
LATE = {"status": "excluded", "exclusion": "late", "exclusion_reason": "Two hours after the deadline."}
ARRIVED = {"supplier": {"name": "MedTech Loire"}, "submitted_at": "2026-10-01T12:00:00Z", **LATE}
TYPED = {
    "tenderer": "MedTech Loire",
    "received_on": "2026-10-01",
    "line-1-unit_price": "5.10",
    "line-2-unit_price": "2",
}


@pytest.fixture
def due(published: Tender, supplier: Supplier, buyer: User) -> Lot:
    """The lot of a tender opened with its deadline."""
    open_bids(tender=published, by=buyer, at=NOW, bids_due_at=DUE)
    return published.lots.get()


def test_bids_are_not_opened_before_their_deadline(published: Tender, buyer: User) -> None:
    with pytest.raises(Invalid, match="is not over yet"):
        open_bids(tender=published, by=buyer, at=NOW, bids_due_at=NOW + timedelta(seconds=1))
    published.refresh_from_db()
    assert published.stage == "published"

    open_bids(tender=published, by=buyer, at=NOW, bids_due_at=NOW)
    assert published.bids_due_at == NOW


def test_the_page_of_the_opening_asks_for_the_deadline(client: Client, published: Tender, buyer: User) -> None:
    client.force_login(buyer)
    url = reverse("tenders:open", args=[published.pk])
    shown = client.post(url, {"bids_due_at_0": "2026-10-01"}).content.decode()
    assert "Give both the day and the hour." in shown
    client.post(url, {"bids_due_at_0": "2026-10-01", "bids_due_at_1": "12:00"})

    published.refresh_from_db()
    assert published.bids_due_at == DUE


def test_nothing_is_opened_without_its_deadline(client: Client, published: Tender, buyer: User) -> None:
    client.force_login(buyer)
    shown = client.post(reverse("tenders:open", args=[published.pk]))
    answer = client.post(f"/api/v1/tenders/{published.pk}/open/", {}, content_type="application/json")

    assert "Give both the day and the hour." in shown.content.decode()
    assert answer.status_code == 400
    published.refresh_from_db()
    assert (published.stage, published.bids_due_at) == ("published", None)


def test_a_deadline_is_not_before_the_launch(client: Client, published: Tender, buyer: User) -> None:
    """The year of another procedure, typed by mistake: nothing could be corrected once the bids are opened."""
    client.force_login(buyer)
    typed = {"bids_due_at_0": "2025-10-01", "bids_due_at_1": "12:00"}
    refused = client.post(reverse("tenders:open", args=[published.pk]), typed, follow=True)

    assert "is before the launch of the procedure, 1 September 2026." in unescape(refused.content.decode())
    published.refresh_from_db()
    assert published.stage == "published"


def test_the_api_opens_with_the_deadline(client: Client, published: Tender, buyer: User) -> None:
    client.force_login(buyer)
    url = f"/api/v1/tenders/{published.pk}/open/"
    for wrong in ({"bids_due_at": "yesterday"}, {"bids_due_at": 7}, []):
        assert client.post(url, wrong, content_type="application/json").status_code == 400
    answer = client.post(url, {"bids_due_at": "2026-10-01T10:00:00Z"}, content_type="application/json")

    assert answer.json()["bids_due_at"].startswith("2026-10-01T")


@pytest.mark.parametrize(("seconds", "late"), [(-1, False), (0, False), (1, True)])
def test_a_bid_is_late_from_the_second_after_the_deadline(due: Lot, buyer: User, seconds: int, late: bool) -> None:
    received = (DUE + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    if late:
        with pytest.raises(Invalid) as refusal:
            enter_bid(lot=due, document=documents.bid(submitted_at=received), by=buyer, at=NOW)
        assert "1 October 2026, 12:00: such a bid is eliminated" in problems(refusal)["/submitted_at"]
    else:
        assert enter_bid(lot=due, document=documents.bid(submitted_at=received), by=buyer, at=NOW).pk


def test_a_late_bid_is_entered_as_excluded_without_its_price(due: Lot, buyer: User) -> None:
    bid = enter_bid(lot=due, document=ARRIVED, by=buyer, at=NOW)

    assert (bid.exclusion, bid.price) == ("late", None)


@pytest.mark.parametrize("name", ["price", "lines", "stated", "environment"])
def test_a_late_bid_is_not_opened_so_that_nothing_it_offers_is_entered(due: Lot, buyer: User, name: str) -> None:
    whole = documents.bid(price="460", stated={"vat": "2"})
    with pytest.raises(Invalid) as refusal:
        enter_bid(lot=due, document={**ARRIVED, name: whole[name]}, by=buyer, at=NOW)

    assert problems(refusal) == {f"/{name}": "A bid that came late is not opened: leave out what it offers."}
    assert not Bid.objects.exists()


def test_a_bid_that_came_in_time_is_not_excluded_as_late_afterwards(client: Client, due: Lot, buyer: User) -> None:
    bid = enter_bid(lot=due, document=documents.bid(), by=buyer, at=NOW)
    client.force_login(buyer)

    answer = client.post(
        f"/api/v1/bids/{bid.pk}/exclude/", {"exclusion": "late", "reason": "Late."}, content_type="application/json"
    )

    assert answer.status_code == 409
    assert "before the deadline for bids, 1 October 2026, 12:00: this bid is not late." in answer.json()["detail"]
    bid.refresh_from_db()
    assert bid.status == "admissible"


def test_the_page_of_a_late_bid_says_that_it_was_not_opened_and_takes_no_document(
    client: Client, due: Lot, buyer: User
) -> None:
    bid = enter_bid(lot=due, document=ARRIVED, by=buyer, at=NOW)
    client.force_login(buyer)

    shown = unescape(client.get(reverse("evaluation:bid", args=[due.pk, bid.key])).content.decode())

    assert "it is eliminated without being opened (CCP R2151-5)" in shown
    assert "Two hours after the deadline." in shown
    assert reverse("tenders:add_proof", args=[bid.pk]) not in shown
    with pytest.raises(Refused, match="came late and is not opened"):
        services.add_proof(bid=bid, **GIVEN, by=buyer, at=NOW)


def test_what_had_been_opened_before_it_was_found_late_stays_and_is_said_to_count_for_nothing(
    client: Client, published: Tender, supplier: Supplier, buyer: User
) -> None:
    """Only where no deadline was noted at the opening can a bid with prices be excluded as late."""
    open_bids(tender=published, by=buyer, at=NOW)
    lot = published.lots.get()
    bid = enter_bid(lot=lot, document=documents.bid(), by=buyer, at=NOW)
    services.exclude_bid(bid=bid, ground="late", reason="Two hours late.", by=buyer, at=NOW)
    client.force_login(buyer)

    shown = client.get(reverse("evaluation:bid", args=[lot.pk, bid.key])).content.decode()

    assert "found to be late after it had been opened" in shown
    assert bid.lines.count() == 2


def test_a_bid_that_came_in_time_is_not_called_late(due: Lot, buyer: User) -> None:
    with pytest.raises(Invalid) as refusal:
        enter_bid(lot=due, document=documents.bid(**LATE), by=buyer, at=NOW)

    assert "is not late" in problems(refusal)["/exclusion"]


@pytest.mark.parametrize("document", [documents.bid(), ARRIVED], ids=["judged", "late"])
def test_where_a_deadline_stands_every_way_in_asks_when_the_bid_came(
    client: Client, due: Lot, buyer: User, document: dict[str, Any]
) -> None:
    document = {name: said for name, said in document.items() if name != "submitted_at"}
    client.force_login(buyer)

    answer = client.post("/api/v1/bids/", {"lot": due.pk, "bid": document}, content_type="application/json")

    assert answer.status_code == 400
    [error] = answer.json()["errors"]
    assert (error["pointer"], "Say when the bid was received" in error["message"]) == ("/submitted_at", True)


def test_without_a_deadline_no_time_is_asked(published: Tender, supplier: Supplier, buyer: User) -> None:
    open_bids(tender=published, by=buyer, at=NOW)
    document = documents.bid()
    del document["submitted_at"]

    assert enter_bid(lot=published.lots.get(), document=document, by=buyer, at=NOW).status == "admissible"


def test_the_page_proposes_that_a_bid_is_late_and_enters_it_so(client: Client, due: Lot, buyer: User) -> None:
    client.force_login(buyer)
    url = reverse("tenders:enter_bid", args=[due.pk])

    shown = unescape(client.post(url, {**TYPED, "received_at": "14:00"}).content.decode())

    assert '<option value="late" selected>' in shown
    assert "Received 1 October 2026, 14:00, after the deadline of 1 October 2026, 12:00." in shown
    assert "such a bid is eliminated" in shown
    assert not Bid.objects.exists()
    proposed = {**TYPED, "received_at": "14:00", "exclusion-ground": "late", "exclusion-reason": "Two hours late."}
    read = unescape(client.post(url, proposed).content.decode())
    assert "Late: Two hours late." in read
    assert "nothing that it offers is entered" in read
    assert "5.10" not in re.sub('<input type="hidden"[^>]*>', "", read), "the price that was typed is shown no more"
    sent = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', read)) | {"enter": "1"}
    client.post(url, sent)

    bid = Bid.objects.get()
    assert (bid.exclusion, bid.price, bid.lines.count(), bid.evidence.count()) == ("late", None, 0, 0)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"exclusion-ground": "irregular"}, "Write the reason for the exclusion"),
        ({"exclusion-reason": "Because."}, "Choose the ground"),
        ({"exclusion-ground": "abnormally_low", "exclusion-reason": "Cheap."}, "Select a valid choice"),
    ],
)
def test_an_exclusion_has_ground_and_reason(
    client: Client, due: Lot, buyer: User, changes: dict[str, Any], said: str
) -> None:
    client.force_login(buyer)

    shown = client.post(reverse("tenders:enter_bid", args=[due.pk]), {**TYPED, "received_at": "11:00", **changes})

    assert said in shown.content.decode()
    assert not Bid.objects.exists()


def test_an_excluded_bid_needs_nothing_but_its_tenderer(client: Client, due: Lot, buyer: User) -> None:
    client.force_login(buyer)
    bare = {"tenderer": "MedTech Loire", "exclusion-ground": "inappropriate", "exclusion-reason": "Another product."}

    client.post(reverse("tenders:enter_bid", args=[due.pk]), {**bare, "enter": "1"})

    assert Bid.objects.get().exclusion == "inappropriate"


def test_what_is_stated_is_typed_beside_the_prices_and_kept(client: Client, due: Lot, buyer: User) -> None:
    client.force_login(buyer)
    url = reverse("tenders:enter_bid", args=[due.pk])
    told = {"stated-lines/gloves": "255.00", "stated-total_excl_vat": "460.00", "received_at": "11:00"}
    assert "460.00" in client.post(url, {**TYPED, **told}).content.decode(), "it is read again"

    client.post(url, {**TYPED, **told, "enter": "1"})

    rows = Bid.objects.get().stated.values_list("what", "item__key", "value")
    assert {(what, key, str(value)) for what, key, value in rows} == {
        ("line", "gloves", "255"),
        ("total_excl_vat", None, "460"),
    }


def test_a_stated_amount_below_zero_is_said_beside_its_field(client: Client, due: Lot, buyer: User) -> None:
    client.force_login(buyer)

    answer = client.post(
        reverse("tenders:enter_bid", args=[due.pk]), {**TYPED, "received_at": "11:00", "stated-vat": "-1"}
    )

    assert answer.context["typed"].stated.errors["vat"]
    assert not Bid.objects.exists()


def test_a_training_copy_keeps_what_was_stated(due: Lot, buyer: User) -> None:
    enter_bid(lot=due, document=documents.bid(stated={"lines": {"gloves": "1"}, "vat": "2"}), by=buyer, at=NOW)
    Lot.objects.update(stage="awarded")
    Tender.objects.update(stage="awarded")

    copy = services.copy_for_training(tender=due.tender, by=buyer, at=NOW)

    kept = copy.lots.get().bids.get().stated.select_related("item__lot__tender")
    assert {(each.what, each.item and each.item.lot.tender_id) for each in kept} == {("line", copy.pk), ("vat", None)}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(waiting, "FOLDER", tmp_path / "uploads")
    return tmp_path / "uploads"


def test_a_late_schedule_is_told_so_on_its_page_and_entered_as_late(
    client: Client, due: Lot, buyer: User, folder: Path
) -> None:
    client.force_login(buyer)
    client.post(reverse("tenders:schedule", args=[due.pk]), {"file": SimpleUploadedFile("s.xlsx", filled(due))})
    [waits] = folder.iterdir()
    address = reverse("tenders:offer", args=[due.pk, waits.stem.rpartition("-")[2]])
    typed = {"tenderer": "MedTech Loire", "key": "offer-1", "submitted_at": "2026-10-01T14:00"}

    assert "Enter it as excluded, late, or correct the time." in client.post(address, typed).content.decode()
    assert not Bid.objects.exists()
    client.post(address, {**typed, "exclusion": "late", "exclusion_reason": "Two hours late."})

    bid = Bid.objects.get()
    assert (bid.exclusion, bid.price, bid.lines.count(), bid.stated.count()) == ("late", None, 0, 0)


def test_a_late_schedule_is_entered_over_the_api_with_ground_and_reason(
    client: Client, due: Lot, buyer: User, folder: Path
) -> None:
    client.force_login(buyer)
    lot = f"/api/v1/lots/{due.pk}"
    upload = client.post(f"{lot}/schedule/", filled(due), content_type=XLSX).json()["upload"]
    late = {"upload": upload, "id": "a", "tenderer": "MedTech Loire", "submitted_at": "2026-10-01T12:00:00Z"}
    reason = {"exclusion_reason": "Two hours late."}
    for wrong in ({}, {"exclusion": "late"}, reason, {**reason, "exclusion": "abnormally_low"}):
        answer = client.post(f"{lot}/enter-schedule/", {**late, **wrong}, content_type="application/json")
        assert (answer.status_code, Bid.objects.count()) == (400, 0)
    answer = client.post(
        f"{lot}/enter-schedule/", {**late, **reason, "exclusion": "late"}, content_type="application/json"
    )

    assert answer.status_code == 201
    assert (answer.json()["exclusion"], answer.json()["exclusion_reason"]) == ("late", "Two hours late.")
    assert (answer.json()["price"], answer.json()["lines"], answer.json()["evidence"]) == (None, [], [])


def test_where_a_deadline_stands_the_time_of_receipt_is_asked(client: Client, due: Lot, buyer: User) -> None:
    client.force_login(buyer)
    untold = {name: text for name, text in TYPED.items() if name != "received_on"}

    shown = client.post(reverse("tenders:enter_bid", args=[due.pk]), {**untold, "enter": "1"}).content.decode()

    assert "Say when the bid was received" in unescape(shown)
    assert not Bid.objects.exists()


def test_where_a_deadline_stands_the_time_of_receipt_of_a_schedule_is_asked(due: Lot) -> None:
    offered = read_schedule(filled(due), due)

    assert OfferForm(lot=due, offered=offered).fields["submitted_at"].required
