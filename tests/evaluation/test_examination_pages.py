"""The pages on which a buyer has a bid mended and enters another version of it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from procurement.evaluation import services
from procurement.evaluation.models import BidVersion, Regularisation
from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.people.refusals import Invalid, Refused
from procurement.registry.services import register_supplier
from procurement.tenders import services as tenders
from procurement.tenders.models import Bid, Lot
from procurement.tenders.stated import compared
from tests.evaluation.conftest import LATER, NOW, published_lot
from tests.evaluation.examination import answer, ask, lot_of, negotiate, offer
from tests.evaluation.test_bid_pages import Count
from tests.evaluation.test_pages import as_, page
from tests.tenders import documents
from tests.tenders.filled import OFFER, filled

WHEN = {"sent_at_0": "2026-11-02", "sent_at_1": "10:00", "due_at_0": "2099-11-05", "due_at_1": "12:00"}
REQUEST = {"irregularity": "The total is wrong.", "asked": "Say which counts.", **WHEN}


@pytest.fixture
def negotiated(buyer: User) -> Lot:
    return lot_of("negotiated", buyer)


def at(name: str, lot: Lot, *more: Any) -> str:
    return reverse(f"evaluation:{name}", args=[lot.pk, "beta", *more])


def fields(client: Client, url: str) -> dict[str, str]:
    """The form of a page as a browser would send it, unchanged."""
    html = client.get(url).content.decode()
    found = dict(re.findall(r'<input type="(?:text|number)" name="([^"]+)"(?: value="([^"]*)")?', html))
    found |= dict.fromkeys(re.findall(r'<select name="([^"]*assurance[^"]*)"', html), "declared")
    return {name: value for name, value in found.items() if value}


# amounts as stated


def test_what_is_stated_stands_beside_what_is_computed_with_every_difference(lot: Lot, buyer: User) -> None:
    told = {"lines": {documents.MASKS: "191.00", documents.GLOVES: "260.00"}, "total_excl_vat": "450.00"}
    document = documents.bid(id="delta", supplier={"name": newcomer(buyer)}, stated=told)
    # 100 × 2.005 = 200.50; 50 × 5.10 = 255.00; 455.50 in all
    tenders.enter_bid(lot=lot, document=document, by=buyer, at=NOW)

    shown = page(buyer, "bid", lot.pk, "delta")

    assert "the price of the bid is €455.50" in shown
    assert "−9.50" in shown
    assert "+5.00" in shown
    assert "−5.50" in shown
    assert reverse("evaluation:regularise", args=[lot.pk, "delta"]) in shown
    assert lot.bids.get(key="delta").price == 455.5
    assert Line.objects.filter(action="bid.amounts_stated").count() == 1


def test_amounts_rounded_to_the_cent_differ_from_nothing(lot: Lot, buyer: User) -> None:
    # 190.49 and 260.245: the tenderer writes 260.25, and the sum of what it wrote
    told = {"lines": {documents.MASKS: "190.49", documents.GLOVES: "260.25"}, "total_excl_vat": "450.74"}
    document = {**offer("1.9049", "5.2049", stated=told), "supplier": {"name": newcomer(buyer)}}
    bid = tenders.enter_bid(lot=lot, document=document, by=buyer, at=NOW)

    assert not any(amount.differs for amount in compared(lot.bids.with_lines().get(pk=bid.pk)))
    assert "They are those that quantity × unit price make." in page(buyer, "bid", lot.pk, bid.key)


def newcomer(by: User) -> str:
    """A tenderer that has no bid yet."""
    return register_supplier(name="Delta Care", by=by, operator_country="FR", operator_origin_basis="constitution").name


@pytest.mark.parametrize(
    ("basis", "expected"),
    [("excl_vat", ("120.00", "24.00", "144.00")), ("incl_vat", ("100.00", "20.00", "120.00"))],
)
def test_vat_is_computed_on_the_basis_of_the_prices(buyer: User, basis: str, expected: tuple[str, ...]) -> None:
    items = [{"id": "beds", "designation": "Bed", "unit": "bed", "needs": {"000000001": "1"}, "vat_rate": "20"}]
    lot = published_lot(buyer, price_basis=basis, lots=[documents.lot(items=items)])
    document = {
        "supplier": {"name": newcomer(buyer)},
        "lines": [{"id": "beds", "unit_price": "120"}],
        "stated": {"total_excl_vat": "120", "vat": "20", "total_incl_vat": "140"},
    }
    bid = tenders.enter_bid(lot=lot, document=document, by=buyer, at=NOW)

    found = [each.computed_shown for each in compared(lot.bids.with_lines().get(pk=bid.pk))]

    assert tuple(found) == expected


def test_what_cannot_be_computed_says_so(lot: Lot, buyer: User) -> None:
    document = {**offer(stated={"vat": "86.00"}), "id": "delta", "supplier": {"name": newcomer(buyer)}}
    tenders.enter_bid(lot=lot, document=document, by=buyer, at=NOW)

    assert "an item has no price or no VAT rate" in page(buyer, "bid", lot.pk, "delta")


def test_an_amount_of_an_unknown_item_or_below_zero_is_refused(lot: Lot, buyer: User) -> None:
    supplier = {"name": newcomer(buyer)}
    for told in ({"lines": {"gowns": "1"}}, {"vat": "-1"}, {"vat": 1}, {"sum": "1"}):
        with pytest.raises(Invalid):
            tenders.enter_bid(lot=lot, document={**offer(stated=told), "supplier": supplier}, by=buyer, at=NOW)


# regularisation


def test_a_request_is_recorded_from_the_page_of_the_bid_and_stands_on_the_lot(lot: Lot, buyer: User) -> None:
    assert at("regularise", lot) in page(buyer, "bid", lot.pk, "beta")
    client = as_(buyer)

    shown = client.post(at("regularise", lot), {**REQUEST, "sent_at_0": "2026-11-01"}, follow=True).content.decode()

    assert "5 November 2099, 12:00 (Paris time)" in shown
    assert "Waits for the tenderer" in shown
    assert "Waits for the answer" in page(buyer, "lot", lot.pk)


def test_what_is_wrong_with_a_request_stands_beside_it_and_keeps_what_was_typed(lot: Lot, buyer: User) -> None:
    client = as_(buyer)

    shown = client.post(at("regularise", lot), {**REQUEST, "due_at_0": "2020-01-01"}).content.decode()
    assert "ends before the request was sent" in shown
    assert "Say which counts." in shown
    shown = client.post(at("regularise", lot), {**REQUEST, "sent_at_1": ""}).content.decode()
    assert "Give both the day and the hour" in shown or "An hour is due here" in shown
    assert not Regularisation.objects.exists()


def test_an_answer_and_a_conclusion_follow_from_the_page_of_the_bid(lot: Lot, buyer: User) -> None:
    client, request = as_(buyer), ask(lot.bids.get(key="beta"), buyer)
    came = {"text": "The unit price counts.", "received_at_0": "2026-11-02", "received_at_1": "11:00"}

    shown = client.post(at("answer_regularisation", lot, request.pk), came, follow=True).content.decode()
    assert "The unit price counts." in shown
    given = {"regularised": "yes", "reason": "It says which figure counts."}
    shown = client.post(at("conclude_regularisation", lot, request.pk), given).content.decode()
    assert "This cannot be undone." in shown
    assert not Regularisation.objects.exclude(conclusion=None).exists()
    client.post(at("conclude_regularisation", lot, request.pk), {**given, "confirmed": "yes"})

    assert "The bid is regularised." in page(buyer, "bid", lot.pk, "beta")
    assert "Regularised" in page(buyer, "lot", lot.pk)


def test_a_conclusion_that_excludes_says_so_before_and_the_bid_stays_visible_with_its_reason(
    lot: Lot, buyer: User
) -> None:
    bid = lot.bids.get(key="beta")
    client, request = as_(buyer), ask(bid, buyer)
    answer(request, buyer)
    given = {"regularised": "no", "reason": "The sample is still missing."}

    assert (
        "excluded as irregular" in client.post(at("conclude_regularisation", lot, request.pk), given).content.decode()
    )
    client.post(at("conclude_regularisation", lot, request.pk), {**given, "confirmed": "yes"})

    bid.refresh_from_db()
    assert bid.exclusion == "irregular"
    for shown in (page(buyer, "bid", lot.pk, "beta"), page(buyer, "lot", lot.pk)):
        assert "The sample is still missing." in shown


def test_an_excluded_bid_offers_no_request(lot: Lot, buyer: User) -> None:
    tenders.exclude_bid(bid=lot.bids.get(key="beta"), ground="late", reason="Late.", by=buyer, at=NOW)

    assert at("regularise", lot) not in page(buyer, "bid", lot.pk, "beta")
    assert "is excluded" in as_(buyer).post(at("regularise", lot), REQUEST).content.decode()


def test_a_request_of_another_bid_is_nothing_here(lot: Lot, buyer: User) -> None:
    other = ask(lot.bids.get(key="alpha"), buyer)

    assert as_(buyer).get(at("answer_regularisation", lot, other.pk)).status_code == 404


# versions


def test_another_version_is_typed_looked_at_and_entered(negotiated: Lot, buyer: User) -> None:
    client, url = as_(buyer), at("enter_version", negotiated)
    typed = {**fields(client, url), "why-reason": "negotiation", "why-negotiation_round": "1"}
    assert typed["line-2-unit_price"] == "1.9", "the fields hold what the bid offers now"
    typed["line-2-unit_price"] = "1.80"

    shown = client.post(url, typed).content.decode()
    assert "What changes of the bid of Nordmed" in shown
    assert "Unit price: Surgical mask, type IIR" in shown
    assert not BidVersion.objects.exists(), "nothing is entered yet"
    shown = client.post(url, {**typed, "enter": "1"}, follow=True).content.decode()

    assert "Version 2, which stands" in shown
    assert "Round 1 of the negotiation." in shown
    assert negotiated.bids.get(key="beta").price == 440


def test_a_version_that_changes_nothing_offers_nothing_to_enter(negotiated: Lot, buyer: User) -> None:
    client, url = as_(buyer), at("enter_version", negotiated)
    typed = {**fields(client, url), "why-reason": "negotiation", "why-negotiation_round": "1"}

    shown = client.post(url, typed).content.decode()
    assert 'name="enter"' not in shown
    assert "Nothing changed" in client.post(url, {**typed, "enter": "1"}).content.decode()


def test_a_version_that_only_came_at_another_time_says_so(negotiated: Lot, buyer: User) -> None:
    client, url = as_(buyer), at("enter_version", negotiated)
    typed = {**fields(client, url), "why-reason": "negotiation", "why-negotiation_round": "1"}
    typed |= {"why-received_at_0": "2026-11-02", "why-received_at_1": "09:30"}

    shown = client.post(url, typed).content.decode()
    assert "2 November 2026, 09:30" in shown
    shown = client.post(url, {**typed, "enter": "1"}, follow=True).content.decode()

    assert "Version 2, which stands" in shown
    assert "2 November 2026, 09:30" in shown


def test_what_is_wrong_with_a_version_stands_beside_its_field(negotiated: Lot, buyer: User) -> None:
    client, url = as_(buyer), at("enter_version", negotiated)
    typed = {**fields(client, url), "why-reason": "negotiation"}

    shown = client.post(url, {**typed, "why-negotiation_round": "", "line-2-unit_price": "cheap"}).content.decode()

    assert "Give the round of the negotiation" in shown
    assert "This is not a number" in shown
    assert "2 things are wrong" in shown


def test_where_nothing_is_negotiated_the_page_says_how_to_proceed(lot: Lot, buyer: User) -> None:
    shown = as_(buyer).get(at("enter_version", lot)).content.decode()

    assert "Record that request first" in shown
    assert "<form method=" not in shown.split("<main")[1]
    assert at("enter_version", lot) not in page(buyer, "bid", lot.pk, "beta")


def test_a_former_version_stays_readable_with_its_hash_and_what_changed(negotiated: Lot, buyer: User) -> None:
    version = negotiate(negotiated.bids.get(key="beta"), buyer)

    shown = page(buyer, "version", negotiated.pk, "beta", 1)

    assert version.sha256 in shown
    assert "€450.00" in shown
    assert "What version 2 changed" in shown
    assert as_(buyer).get(at("version", negotiated, 2)).status_code == 404, "what stands is the page of the bid"


def test_a_filled_schedule_is_looked_at_and_entered_as_another_version(negotiated: Lot, buyer: User) -> None:
    client = as_(buyer)
    content = filled(negotiated, {**OFFER, "Prices!F5": 5.0})
    sent = client.post(at("version_schedule", negotiated), {"file": SimpleUploadedFile("s.xlsx", content)})
    assert sent.status_code == 302
    shown = client.get(sent["Location"]).content.decode()
    assert "The schedule says it is from MedTech Loire; this is the bid of Nordmed." in shown
    assert "Unit price: Nitrile glove" in shown

    why = {"why-reason": "negotiation", "why-negotiation_round": "1"}
    asked = client.post(sent["Location"], why).content.decode()
    assert "Confirm whose schedule this is" in asked
    assert not BidVersion.objects.exists()
    client.post(sent["Location"], {**why, "why-same_tenderer": "on"})

    assert BidVersion.objects.get().number == 1
    assert Line.objects.filter(action="bid.schedule_read").count() == 1
    assert client.get(sent["Location"]).status_code == 404, "the file is gone"


def test_a_schedule_in_the_name_of_the_tenderer_needs_no_confirmation(negotiated: Lot, buyer: User) -> None:
    client = as_(buyer)
    content = filled(negotiated, {**OFFER, "Tenderer!B5": "NORDMED", "Prices!F5": 5.0})
    sent = client.post(at("version_schedule", negotiated), {"file": SimpleUploadedFile("s.xlsx", content)})
    assert "same_tenderer" not in client.get(sent["Location"]).content.decode()

    client.post(sent["Location"], {"why-reason": "negotiation", "why-negotiation_round": "1"})

    assert BidVersion.objects.get().number == 1


def test_the_service_takes_no_schedule_of_another_tenderer_unconfirmed(negotiated: Lot, buyer: User) -> None:
    bid, content = negotiated.bids.get(key="beta"), filled(negotiated)

    with pytest.raises(Refused, match="it is from MedTech Loire; this is the bid of Nordmed"):
        services.enter_version_of_schedule(
            bid=bid, content=content, reason="negotiation", negotiation_round=1, by=buyer, at=LATER
        )
    assert not BidVersion.objects.exists()


def test_a_file_that_is_no_schedule_is_refused_in_one_sentence(negotiated: Lot, buyer: User) -> None:
    sent = {"file": SimpleUploadedFile("s.xlsx", b"nothing of the kind")}

    shown = as_(buyer).post(at("version_schedule", negotiated), sent).content.decode()

    assert 'class="notice notice-error"' in shown
    assert not BidVersion.objects.exists()


def test_the_page_of_a_bid_costs_the_same_with_more_requests_and_versions(
    negotiated: Lot, buyer: User, queries: Count
) -> None:
    client, url, bid = as_(buyer), at("bid", negotiated), negotiated.bids.get(key="beta")
    negotiate(bid, buyer)
    answer(ask(bid, buyer), buyer)
    client.get(url)
    few = queries(lambda: client.get(url))

    for number in range(2, 6):
        negotiate(bid, buyer, number, document=offer(f"1.{number}0"), at=NOW + timedelta(hours=number))
        services.conclude_regularisation(
            regularisation=Regularisation.objects.last(), regularised=True, reason="Seen.", by=buyer, at=NOW
        )
        answer(ask(bid, buyer), buyer)

    assert queries(lambda: client.get(url)) == few


def test_an_auditor_reads_versions_and_requests_and_changes_nothing(
    negotiated: Lot, buyer: User, auditor: User
) -> None:
    bid: Bid = negotiated.bids.get(key="beta")
    negotiate(bid, buyer)
    request = ask(bid, buyer)
    shown = page(auditor, "bid", negotiated.pk, "beta")

    assert "Round 1 of the negotiation." in shown
    assert "Say which of the two counts." in shown
    for name in ("enter_version", "regularise", "version_schedule"):
        assert at(name, negotiated) not in shown
        assert as_(auditor).get(at(name, negotiated)).status_code == 403
    assert as_(auditor).get(at("conclude_regularisation", negotiated, request.pk)).status_code == 403
