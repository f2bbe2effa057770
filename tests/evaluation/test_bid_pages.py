"""The page of a bid, its exclusion, and the exceptions recorded for a lot."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from procurement.evaluation import services
from procurement.evaluation.models import ScoreSheet
from procurement.people.models import User
from procurement.tenders.models import Bid, Lot
from tests.evaluation.conftest import LATER, NOW, with_findings
from tests.evaluation.test_pages import as_, page

Count = Callable[[Callable[[], object]], int]
GROUND = {"ground": "irregular", "reason": "No sample was handed in."}


def exclude(client: Client, lot: Lot, **given: str) -> str:
    address = reverse("evaluation:exclude", args=[lot.pk, "beta"])
    return client.post(address, {**GROUND, **given}, follow=True).content.decode()


def test_a_bid_is_read_line_by_line_with_its_origins_and_what_is_unknown_of_them(lot: Lot, buyer: User) -> None:
    shown = page(buyer, "bid", lot.pk, "beta")

    assert "Bid of Nordmed" in shown
    assert "Germany (DE) 80%, declared" in shown
    assert "unknown 20%" in shown
    assert "Tried." in shown, "its marks stand there with their reasons"
    assert "MedTech Loire" not in shown, "another tenderer's bid is not on the page"


def test_a_unit_price_is_shown_with_every_decimal_it_has(lot: Lot, buyer: User) -> None:
    line = lot.bids.get(key="beta").lines.first()
    line.unit_price = "0.10500"
    line.save()

    assert "0.105" in page(buyer, "bid", lot.pk, "beta")


def test_evidence_in_figures_is_written_as_the_reader_writes_them(lot: Lot, buyer: User) -> None:
    lot.bids.get(key="beta").evidence.update(value="0.78")
    buyer.language = "fr"
    buyer.save()

    assert "0,78, déclaré" in page(buyer, "bid", lot.pk, "beta")


def test_the_ranking_and_the_list_of_bids_lead_to_each_bid(lot: Lot, buyer: User) -> None:
    address = reverse("evaluation:bid", args=[lot.pk, "gamma"])
    assert address in page(buyer, "lot", lot.pk)

    services.score(lot=lot, by=buyer, at=NOW)

    assert address in page(buyer, "lot", lot.pk)


def test_a_bid_is_excluded_with_its_ground_once_it_was_read_again(lot: Lot, sheet: ScoreSheet, buyer: User) -> None:
    client = as_(buyer)

    assert "This cannot be undone." in exclude(client, lot)
    assert lot.bids.get(key="beta").status == Bid.Status.ADMISSIBLE
    shown = exclude(client, lot, confirmed="yes")

    assert lot.bids.get(key="beta").exclusion == "irregular"
    assert "score the lot again" in shown
    services.score(lot=lot, by=buyer, at=LATER)
    assert "No sample was handed in." in page(buyer, "lot", lot.pk)


def test_a_bid_is_not_excluded_twice_nor_once_the_lot_is_decided(lot: Lot, sheet: ScoreSheet, buyer: User) -> None:
    client, address = as_(buyer), reverse("evaluation:exclude", args=[lot.pk, "beta"])
    exclude(client, lot, confirmed="yes")

    assert address not in page(buyer, "bid", lot.pk, "beta")
    form = client.get(address).content.decode()
    assert "<textarea" not in form
    assert "This bid is excluded already" in form
    assert client.post(address, {**GROUND, "confirmed": "yes"}).status_code == 409


def test_an_exclusion_without_a_ground_says_so_and_saves_nothing(lot: Lot, buyer: User) -> None:
    shown = exclude(as_(buyer), lot, ground="", confirmed="yes")

    assert "errorlist" in shown
    assert lot.bids.get(key="beta").status == Bid.Status.ADMISSIBLE


def test_what_the_measure_on_medical_devices_blocks_offers_to_record_an_exception(
    lot: Lot, sheet: ScoreSheet, buyer: User
) -> None:
    with_findings(sheet, "ipi-2025-1197")
    address = reverse("evaluation:ipi_exception", args=[lot.pk])
    assert address in page(buyer, "lot", lot.pk)

    given = {"exception": "no_other_compliant_tender", "reason": "The other two lack the MRI coil."}
    shown = as_(buyer).post(address, given, follow=True).content.decode()

    lot.refresh_from_db()
    assert lot.ipi_exception == "no_other_compliant_tender"
    assert "The other two lack the MRI coil." in shown


def test_the_page_of_a_bid_costs_the_same_with_more_lines(lot: Lot, buyer: User, queries: Count) -> None:
    client, address = as_(buyer), reverse("evaluation:bid", args=[lot.pk, "beta"])
    client.get(address)
    lot.bids.get(key="beta").lines.last().delete()
    one = queries(lambda: client.get(address))
    bid = lot.bids.get(key="alpha")
    assert queries(lambda: client.get(reverse("evaluation:bid", args=[lot.pk, bid.key]))) == one
