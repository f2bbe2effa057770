"""A received bid is typed on a page: read in the reader's format, read again, then entered; nothing typed is lost."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.policies.models import PolicyVersion
from procurement.registry.models import Supplier
from procurement.tenders import services
from procurement.tenders.bid_forms.entry import MOST_ITEMS
from procurement.tenders.bid_forms.evidence import EvidenceForm
from procurement.tenders.models import Bid, Lot, Tender
from procurement.tenders.rules import bid_document, quantities_of
from tests.tenders import documents
from tests.tenders.conftest import NOW


@pytest.fixture
def reader(client: Client, buyer: User) -> Client:
    """The browser of a buyer who reads French."""
    User.objects.filter(pk=buyer.pk).update(language="fr")
    client.force_login(buyer)
    client.cookies["language"] = "fr"
    return client


@pytest.fixture
def greener(buyer: User, policy: PolicyVersion) -> Lot:
    """An opened lot under a policy with an indicator."""
    return opened_lot(buyer, documents.lot(policy={"id": "environment-2026", "version": 1}))


def opened_lot(buyer: User, lot: dict[str, Any]) -> Lot:
    """The lot of a procedure of its own, opened."""
    tender = services.draft_tender(document=documents.tender(reference="2026-015", lots=[lot]), by=buyer, at=NOW)
    services.publish(tender=tender, by=buyer, at=NOW)
    services.open_bids(tender=tender, by=buyer, at=NOW)
    return tender.lots.get()


def address(lot: Lot) -> str:
    return reverse("tenders:enter_bid", args=[lot.pk])


def typed(**changes: str) -> dict[str, str]:
    """What documents.bid() says, as a French reader types it; the items of a lot come by key, gloves first."""
    return {
        "tenderer": "medtech  loire",
        "received_on": "2026-10-01",
        "received_at": "11:30",
        "line-1-unit_price": "5,10",
        "line-2-unit_price": "2,005",
        "line-2-country_1": "France",
        "line-2-share_1": "70",
        "line-2-assurance_1": "documented",
        "evidence-value/carbon": "2,5",
        "evidence-assurance/carbon": "verified",
        **{name.replace("__", "-"): value for name, value in changes.items()},
    }


def errors(response: Any) -> set[str]:
    """The names of the fields beside which something is said."""
    shown = response.context["typed"]
    forms = [shown.head, *shown.lines, shown.evidence]
    return {form.add_prefix(name) for form in forms for name in form.errors}


def test_what_is_typed_is_read_again_then_entered_as_the_document_says(
    reader: Client, greener: Lot, supplier: Supplier
) -> None:
    page = reader.post(address(greener), typed()).content.decode()
    assert not Bid.objects.exists()
    text = re.sub(r"\s+", " ", unescape(page))
    for shown in ("MedTech Loire", "455,50 €", "France (FR) 70 %", "30 %", "1er octobre 2026, 11:30"):
        assert shown in text

    sent_again = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page)) | {"enter": "1"}
    assert {name: unescape(value) for name, value in sent_again.items()}.items() >= typed().items()
    response = reader.post(address(greener), sent_again)

    bid = Bid.objects.with_lines().get()
    assert response["Location"] == reverse("evaluation:bid", args=[greener.pk, "offre-1"])
    expected = documents.bid(id="offre-1", supplier={"name": "MedTech Loire", "country": "FR"}, status="admissible")
    stored = bid_document(bid, quantities_of(greener))
    assert stored["submitted_at"] == expected["submitted_at"]
    assert stored["environment"] == expected["environment"]
    assert {line["id"]: (line["unit_price"], line["origins"]) for line in stored["lines"]} == {
        documents.GLOVES: ("5.1", []),
        documents.MASKS: ("2.005", expected["lines"][0]["origins"]),
    }
    assert stored["price"] == "455.5"


def test_units_typed_behind_prices_and_shares_are_read_as_their_fields_say(
    reader: Client, greener: Lot, supplier: Supplier
) -> None:
    units = {"line-1-unit_price": "5,10 €", "line-2-unit_price": "2,005 EUR", "line-2-share_1": "70 %"}
    shown = reader.post(address(greener), typed() | units).context["typed"]

    assert shown.problems == 0
    assert [line["unit_price"] for line in shown.document["lines"]] == ["5.10", "2.005"]
    assert shown.document["lines"][1]["origins"][0]["share"] == "0.7"


def test_a_price_in_another_currency_is_told_beside_its_field(reader: Client, greener: Lot) -> None:
    response = reader.post(address(greener), typed(line__1__unit_price="5,10 $"))

    assert errors(response) == {"line-1-unit_price"}
    assert response.context["typed"].lines[0]["unit_price"].value() == "5,10 $"


def test_what_was_read_again_can_still_be_changed(reader: Client, greener: Lot, supplier: Supplier) -> None:
    response = reader.post(address(greener), typed(change="1"))

    assert not Bid.objects.exists()
    shown = response.context["typed"]
    assert shown.lines[1]["share_1"].value() == "70"
    assert shown.lines[1].open
    assert not shown.lines[0].open
    assert errors(response) == set()


@pytest.mark.parametrize(("country", "basis"), [("", ""), ("Allemagne (DE)", "constitution")])
def test_a_tenderer_new_to_the_register_is_entered_in_it_with_its_bid(
    reader: Client, greener: Lot, country: str, basis: str
) -> None:
    given = typed(tenderer="Nordmed", newcomer="on", operator_country=country, basis=basis)
    page = reader.post(address(greener), given)
    assert not Supplier.objects.exists()
    assert page.context["read"]["origin"] == ("DE" if country else "")

    reader.post(address(greener), given | {"enter": "1"})

    bid = Bid.objects.get()
    assert (bid.supplier.name, bid.operator_country) == ("Nordmed", "DE" if country else "")
    actions = list(Line.objects.order_by("-pk").values_list("action", flat=True)[:2])
    assert actions == ["bid.entered", "supplier.registered"]


def test_a_tenderer_whose_bid_is_refused_is_not_registered(reader: Client, greener: Lot) -> None:
    given = typed(tenderer="Nordmed", newcomer="on", enter="1", **{"line-2-share_1": "170"})

    response = reader.post(address(greener), given)

    assert errors(response) == {"line-2-share_1"}
    assert not Supplier.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tenderer": ""}, "tenderer"),
        ({"tenderer": "Nobody"}, "tenderer"),
        ({"newcomer": "on"}, "tenderer"),
        ({"operator_country": "Allemagne"}, "operator_country"),
        ({"basis": "constitution"}, "basis"),
        ({"tenderer": "Nordmed", "newcomer": "on", "operator_country": "DE"}, "basis"),
        ({"tenderer": "Nordmed", "newcomer": "on", "basis": "influence"}, "operator_country"),
        ({"received_at": ""}, "received_at"),
        ({"received_on": ""}, "received_on"),
        ({"received_on": "demain"}, "received_on"),
        ({"received_on": "2026-03-29", "received_at": "02:30"}, "received_at"),
        ({"price": "beaucoup"}, "price"),
        ({"price": "0"}, "price"),
        ({"line__1__unit_price": ""}, None),
        ({"line__1__unit_price": "1.000,5"}, "line-1-unit_price"),
        ({"line__1__unit_price": "-1"}, "line-1-unit_price"),
        ({"line__2__unit_price": ""}, "line-2-unit_price"),
        ({"line__2__country_1": "Atlantide"}, "line-2-country_1"),
        ({"line__2__country_1": ""}, "line-2-country_1"),
        ({"line__2__share_1": ""}, "line-2-share_1"),
        ({"line__2__share_1": "100,01"}, "line-2-share_1"),
        ({"line__2__assurance_1": "sworn"}, "line-2-assurance_1"),
        ({"evidence__value/carbon": "vert"}, "evidence-value/carbon"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    reader: Client, greener: Lot, supplier: Supplier, changes: dict[str, str], field: str | None
) -> None:
    given = typed(**changes)

    response = reader.post(address(greener), given)

    assert errors(response) == {field or "__all__"}
    page = response.content.decode()
    assert page.count('class="errorlist') == 1
    assert not Bid.objects.exists()
    for name in ("line-2-unit_price", "received_on", "line-2-share_1", "evidence-value/carbon"):
        if given[name]:
            assert f'name="{name}" value="{given[name]}"' in page


def test_nothing_priced_is_said_beside_the_price(reader: Client, greener: Lot, supplier: Supplier) -> None:
    response = reader.post(address(greener), {"tenderer": "MedTech Loire"})
    assert errors(response) == {"price"}


def test_one_price_of_the_whole_bid_is_enough(reader: Client, greener: Lot, supplier: Supplier) -> None:
    given = {"tenderer": "MedTech Loire", "price": "1 234,56"}
    assert reader.post(address(greener), given).context["read"]["lines"] == []
    reader.post(address(greener), given | {"enter": "1"})

    bid = Bid.objects.get()
    assert (str(bid.price), bid.submitted_at, bid.lines.count()) == ("1234.56", None, 0)


def test_the_cost_is_asked_where_a_criterion_is_scored_on_it(reader: Client, lot: Lot, buyer: User) -> None:
    assert "cost" not in reader.get(address(lot)).context["typed"].head.fields
    criteria = documents.criteria()
    criteria[0] |= {"kind": "cost"}
    costed = opened_lot(buyer, documents.lot(criteria=criteria))
    given = typed(tenderer="Nordmed", newcomer="on")

    assert errors(reader.post(address(costed), given)) == {"cost"}
    reader.post(address(costed), given | {"cost": "2 000,5", "enter": "1"})

    assert str(Bid.objects.get().cost) == "2000.5"


def test_labels_of_an_indicator_are_chosen_not_typed() -> None:
    indicators = [{"id": "ecolabel", "kind": "label", "weight": "1", "labels": {"EU Ecolabel": "1"}}]

    def read(value: str) -> EvidenceForm:
        return EvidenceForm({"evidence-value/ecolabel": value}, indicators=indicators)

    chosen = read("EU Ecolabel")
    assert chosen.is_valid()
    assert chosen.document() == {"ecolabel": {"value": "EU Ecolabel", "assurance": "declared"}}
    assert not read("Green").is_valid()


def test_an_amount_that_differs_from_what_the_prices_make_is_shown_before_the_bid_is_entered(
    reader: Client, greener: Lot, supplier: Supplier
) -> None:
    sound = {"stated-lines/gloves": "255,00", "stated-total_excl_vat": "455,50"}
    wrong = {"stated-lines/gloves": "255,00", "stated-total_excl_vat": "500,00"}

    agrees = unescape(reader.post(address(greener), {**typed(), **sound}).content.decode())
    differs = unescape(reader.post(address(greener), {**typed(), **wrong}).content.decode())

    assert "notice-warning" not in agrees
    assert "+44,50" in differs
    assert "notice-warning" in differs
    assert 'name="enter"' in differs, "it is entered as it stands once it was read"
    assert not Bid.objects.exists()


def test_once_the_lot_is_evaluated_only_an_excluded_bid_is_typed(
    reader: Client, greener: Lot, supplier: Supplier
) -> None:
    Lot.objects.filter(pk=greener.pk).update(stage="evaluated")
    late = {"exclusion-ground": "late", "exclusion-reason": "Reçue deux jours après la date limite."}

    assert "exclusion-ground" in errors_of_exclusion(reader.post(address(greener), typed(enter="1")))
    assert not Bid.objects.exists()
    reader.post(address(greener), {**typed(enter="1"), **late})

    assert Bid.objects.get().exclusion == "late"


def errors_of_exclusion(response: Any) -> set[str]:
    form = response.context["typed"].exclusion
    return {form.add_prefix(name) for name in form.errors}


@pytest.mark.parametrize("stage", ["published", "awarded"])
def test_bids_are_typed_only_between_the_opening_and_the_decision(
    reader: Client, published: Tender, buyer: User, supplier: Supplier, stage: str
) -> None:
    lot = published.lots.get()
    if stage == "awarded":
        services.open_bids(tender=published, by=buyer, at=NOW)
        Lot.objects.filter(pk=lot.pk).update(stage=stage)
    for response in (reader.get(address(lot)), reader.post(address(lot), typed(enter="1"))):
        assert response.status_code == 302
        assert response["Location"] == reverse("evaluation:lot", args=[lot.pk])
    assert not Bid.objects.exists()


def test_another_hospital_finds_no_page_and_enters_nothing(client: Client, lot: Lot, stranger: User) -> None:
    client.force_login(stranger)

    assert client.get(address(lot)).status_code == 404
    assert client.post(address(lot), typed(enter="1")).status_code == 404
    assert not Bid.objects.exists()


def test_more_bids_suppliers_and_items_take_no_more_queries(
    reader: Client, lot: Lot, buyer: User, supplier: Supplier
) -> None:
    def queries(lot: Lot) -> int:
        with CaptureQueriesContext(connection) as counted:
            assert reader.get(address(lot)).status_code == 200
        return len(counted)

    queries(lot)  # what is asked once for a session
    before = queries(lot)
    items = [{**documents.lot()["items"][0], "id": f"item-{number}"} for number in range(MOST_ITEMS)]
    longer = opened_lot(buyer, documents.lot(items=items))
    for number in range(3):
        Supplier.objects.create(name=f"Supplier {number}")
    services.enter_bid(lot=longer, document={"supplier": {"name": "Supplier 1"}, "price": "5"}, by=buyer, at=NOW)

    assert queries(longer) == before


def test_a_lot_with_too_many_items_leads_to_the_price_schedule(reader: Client, buyer: User) -> None:
    items = [{**documents.lot()["items"][0], "id": f"item-{number}"} for number in range(MOST_ITEMS + 1)]
    page = reader.get(address(opened_lot(buyer, documents.lot(items=items)))).content.decode()

    assert "unit_price" not in page
    assert page.count(f'href="/tenders/lots/{Lot.objects.get().pk}/schedule/"') == 1


def test_the_page_of_a_lot_leads_to_the_entry_of_its_bids(
    reader: Client, lot: Lot, supplier: Supplier, buyer: User
) -> None:
    def leads() -> bool:
        page = reader.get(reverse("evaluation:lot", args=[lot.pk])).content.decode()
        return f'href="{address(lot)}"' in page

    assert leads()
    services.enter_bid(lot=lot, document=documents.bid(), by=buyer, at=NOW)
    assert leads()
    Lot.objects.filter(pk=lot.pk).update(stage="evaluated")
    assert leads(), "one that is excluded still comes in"
    Lot.objects.filter(pk=lot.pk).update(stage="awarded")
    assert not leads()


def test_a_bid_without_an_id_gets_a_number_in_order_of_entry_never_a_name(lot: Lot, buyer: User) -> None:
    for number in range(4):
        Supplier.objects.create(name=f"Supplier {number}")

    def enter(number: int, **changes: str) -> str:
        document = {"supplier": {"name": f"Supplier {number}"}, "price": f"{number + 1}", **changes}
        return services.enter_bid(lot=lot, document=document, by=buyer, at=NOW).key

    assert [enter(0), enter(1, id="offre-3"), enter(2), enter(3)] == ["offre-1", "offre-3", "offre-4", "offre-5"]


def test_the_number_of_a_bid_is_its_own_in_each_lot(lot: Lot, greener: Lot, buyer: User, supplier: Supplier) -> None:
    document = {"supplier": {"name": supplier.name}, "price": "5"}

    keys = [services.enter_bid(lot=each, document=document, by=buyer, at=NOW).key for each in (lot, greener)]

    assert keys == ["offre-1", "offre-1"]
