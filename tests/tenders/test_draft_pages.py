"""A procedure is drafted on pages: what was typed is read, kept, and refused beside its field."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from procurement.people.models import User
from procurement.policies.models import PolicyVersion
from procurement.tenders import grids
from procurement.tenders.drafted import draft_digest, lot_document, terms_document
from procurement.tenders.models import Lot, Tender
from procurement.tenders.services import add_lot, change_lot, draft_tender, publish
from tests.tenders import documents
from tests.tenders import drafting_pages as typed
from tests.tenders.conftest import NOW
from tests.tenders.test_lot_by_lot import full_lot
from tests.tenders.test_pages import others_lot

DRAFT = reverse("tenders:draft")


@pytest.fixture
def reader(client: Client, buyer: User) -> Client:
    """The browser of a buyer who reads French."""
    User.objects.filter(pk=buyer.pk).update(language="fr")
    client.force_login(buyer)
    client.cookies["language"] = "fr"
    return client


def add(tender: Tender) -> str:
    return reverse("tenders:add_lot", args=[tender.pk])


def change(lot: Lot) -> str:
    return reverse("tenders:change_lot", args=[lot.pk])


def page(client: Client, address: str, data: dict[str, Any] | None = None) -> Any:
    """The page a browser gets; with ``data`` after it was sent and not accepted."""
    response = client.get(address) if data is None else client.post(address, data)
    assert response.status_code == 200
    return response


def fields(form: Any) -> dict[str, str]:
    """What a browser would send back of a page that it was shown."""
    values = {}
    for name in form.fields:
        value = form[name].value()
        if value is True:
            value = "on"
        if value not in (None, False, ""):
            values[form.add_prefix(name)] = str(value)
    return values


def sent_back(draft: Any) -> dict[str, str]:
    """The whole lot, as a browser sends it back untouched."""
    values = fields(draft.lot)
    for rows in (draft.criteria, draft.items):
        values |= fields(rows.management_form)
        for form in rows:
            values |= fields(form)
    return values


def test_terms_typed_in_french_become_a_draft_that_waits_for_its_lots(reader: Client) -> None:
    response = reader.post(DRAFT, typed.terms())

    tender = Tender.objects.get()
    assert response["Location"] == add(tender)
    assert terms_document(tender) == {
        "reference": "2026-030",
        "title": "Dressings",
        "contracting_body": "000000001",
        "procedure": "open",
        "technique": "framework",
        "framework": {"maximum": "1234567.5", "months": 48, "holders": 3},
        "launched_on": "2026-09-01",
        "cpv": "33141110",
        "estimated_value": "1200000",
        "currency": "EUR",
        "price_basis": "excl_vat",
        "ipi_announced": False,
        "training": False,
    }
    assert add(tender) in reader.get(reverse("tenders:tender", args=[tender.pk])).content.decode()


def test_amounts_take_the_currency_typed_beside_them(reader: Client) -> None:
    reader.post(DRAFT, typed.terms(currency="CHF", maximum="1 234 567,5 CHF", estimated_value="1 200 000"))

    assert terms_document(Tender.objects.get())["framework"]["maximum"] == "1234567.5"


def test_the_sign_behind_a_weight_or_a_fixed_price_is_read_and_counted_in_the_total(
    reader: Client, draft: Tender
) -> None:
    signed = {"criteria-0-weight": "54,5 %", "criteria-1-weight": "45,5 %", "criteria-0-ceiling": "2 000 €"}
    shown = reader.post(add(draft), typed.lot(number="2") | signed | {"title": ""}).context["draft"]
    assert (shown.total, shown.criteria[0]["weight"].value()) == ("100", "54,5 %")

    reader.post(add(draft), typed.lot(number="2") | signed)
    criteria = lot_document(Lot.objects.get(number=2))["criteria"]
    assert [criterion["weight"] for criterion in criteria] == ["54.5", "45.5"]
    assert criteria[0]["params"]["ceiling"] == "2000"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reference": ""}, "reference"),
        ({"title": " "}, "title"),
        ({"cpv": "331"}, "cpv"),
        ({"contracting_body": "000000009"}, "contracting_body"),
        ({"maximum": "beaucoup"}, "maximum"),
        ({"months": ""}, "months"),
        ({"holders": "0"}, "holders"),
        ({"technique": "none"}, "maximum"),
        ({"estimated_value": "1.200.000"}, "estimated_value"),
        ({"estimated_value": "0,001"}, "estimated_value"),
        ({"estimated_value": "90 000 $"}, "estimated_value"),
        ({"currency": "euro"}, "currency"),
        ({"launched_on": "1/9"}, "launched_on"),
        ({"price_basis": "net"}, "price_basis"),
    ],
)
def test_what_is_wrong_with_the_terms_is_said_beside_its_field_and_nothing_is_lost(
    reader: Client, changes: dict[str, str], field: str
) -> None:
    response = page(reader, DRAFT, typed.terms(**changes))

    form = response.context["form"]
    assert next(iter(form.errors)) == field
    assert form["procedure"].value() == "open"
    assert form[field].data == typed.terms(**changes)[field]
    assert not Tender.objects.exists()


def test_terms_are_changed_and_come_back_as_the_reader_writes_them(reader: Client, draft: Tender) -> None:
    address = reverse("tenders:terms", args=[draft.pk])
    form = page(reader, address).context["form"]
    with translation.override("fr"):
        values = fields(form)
    assert values["maximum"] == "800\u202f000,5"

    response = reader.post(address, {**values, "title": "Masques"})

    assert response["Location"] == reverse("tenders:tender", args=[draft.pk])
    draft.refresh_from_db()
    assert terms_document(draft)["framework"]["maximum"] == "800000.5"
    assert draft.title == "Masques"


def test_a_lot_typed_in_french_becomes_its_document(reader: Client, draft: Tender) -> None:
    response = reader.post(add(draft), typed.lot(number="2"))

    assert response["Location"] == reverse("tenders:tender", args=[draft.pk])
    assert lot_document(Lot.objects.get(number=2)) == {
        "number": 2,
        "title": "Pansements",
        "criteria": [
            {
                "id": "prix",
                "title": "Prix",
                "kind": "price",
                "weight": "54.5",
                "formula": "absolute_linear",
                "params": {"floor_price": "1000.5", "ceiling": "2000"},
                "counts_environment": False,
            },
            {
                "id": "qualite-des-pansements",
                "title": "Qualité des pansements",
                "parent": "Valeur technique",
                "kind": "quality",
                "weight": "45.5",
                "formula": "proportional",
                "params": {},
                "scale": "10",
                "minimum": "2.5",
                "counts_environment": False,
                "steps": [
                    {"value": "0", "meaning": "rien"},
                    {"value": "2.5", "meaning": "peu"},
                    {"value": "10", "meaning": "tout"},
                ],
            },
        ],
        "items": [
            {
                "id": "pansement-hydrocolloide",
                "designation": "Pansement hydrocolloïde",
                "unit": "boîte de 10",
                "vat_rate": "5.5",
                "needs": {"000000001": "1000", "000000002": "0.5"},
            }
        ],
        "policy": None,
        "plausible_prices": {"low": "1100", "high": "1900.5"},
        "rounding": {"decimals": 2},
        "tie_break": ["lower_price", "higher_environment"],
        "anonymous": False,
        "two_envelopes": True,
    }


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_lot_that_is_only_read_and_saved_stays_what_it_was(
    reader: Client, draft: Tender, buyer: User, policy: PolicyVersion, language: str
) -> None:
    lot = draft.lots.get()
    change_lot(lot=lot, document={**full_lot(), "policy": {"id": "environment-2026", "version": 1}}, by=buyer, at=NOW)
    before = draft_digest(lot)
    User.objects.filter(pk=buyer.pk).update(language=language)
    with translation.override(language):
        values = sent_back(page(reader, change(lot)).context["draft"])

    response = reader.post(change(lot), values)

    assert response.status_code == 302
    assert draft_digest(lot) == before


@pytest.mark.parametrize(
    ("changes", "form", "field"),
    [
        ({"title": ""}, "lot", "title"),
        ({"number": "un"}, "lot", "number"),
        ({"decimals": "7"}, "lot", "decimals"),
        ({"cpv": "1"}, "lot", "cpv"),
        ({"policy": "unknown@1"}, "lot", "policy"),
        ({"tie_1": "alphabet"}, "lot", "tie_1"),
        ({"plausible_high": ""}, "lot", "plausible_high"),
        ({"plausible_high": "900"}, "lot", "plausible_high"),
        ({"plausible_low": "peu"}, "lot", "plausible_low"),
        ({"criteria-0-weight": ""}, "criteria-0", "weight"),
        ({"criteria-0-weight": "la moitié"}, "criteria-0", "weight"),
        ({"criteria-0-weight": "0"}, "criteria-0", "weight"),
        ({"criteria-0-title": ""}, "criteria-0", "title"),
        ({"criteria-0-formula": "proportional"}, "criteria-0", "formula"),
        ({"criteria-0-ceiling": "1"}, "criteria-0", "formula"),
        ({"criteria-0-ceiling": ""}, "criteria-0", "ceiling"),
        ({"criteria-0-below_zero": "on"}, "criteria-0", "below_zero"),
        ({"criteria-0-scale": "10"}, "criteria-0", "scale"),
        ({"criteria-0-steps": "1: one"}, "criteria-0", "steps"),
        ({"criteria-1-formula": "lowest_ratio"}, "criteria-1", "formula"),
        ({"criteria-1-floor_price": "1"}, "criteria-1", "floor_price"),
        ({"criteria-1-scale": ""}, "criteria-1", "scale"),
        ({"criteria-1-steps": "0 rien"}, "criteria-1", "steps"),
        ({"criteria-1-steps": "11: trop"}, "criteria-1", "steps"),
        ({"criteria-1-steps": "2: a\n1: b"}, "criteria-1", "steps"),
        ({"criteria-1-kind": "cost"}, "criteria-1", "formula"),
        ({"items-0-designation": ""}, "items-0", "designation"),
        ({"items-0-unit": ""}, "items-0", "unit"),
        ({"items-0-vat_rate": "200"}, "items-0", "vat_rate"),
        ({"items-0-need_000000001": "-1"}, "items-0", "need_000000001"),
        ({"items-0-need_000000001": "1.000,5"}, "items-0", "need_000000001"),
        ({"items-0-need_000000001": "", "items-0-need_000000002": ""}, "items-0", "needs"),
    ],
)
def test_what_is_wrong_with_a_lot_is_said_beside_its_field_and_nothing_is_lost(
    reader: Client, draft: Tender, changes: dict[str, str], form: str, field: str
) -> None:
    response = page(
        reader, add(draft), typed.lot(number="2", **changes) if "number" not in changes else typed.lot(**changes)
    )

    shown = response.context["draft"]
    forms = {"lot": shown.lot}
    forms |= {one.prefix: one for rows in (shown.criteria, shown.items) for one in rows}
    assert field in forms[form].errors or (field == "needs" and forms[form].non_field_errors())
    assert response.context["draft"].criteria[1]["parent"].value() == "Valeur technique"
    assert "notice-error" in response.content.decode()
    assert draft.lots.count() == 1


@pytest.mark.parametrize("rows", ["criteria", "items"])
def test_a_lot_without_rows_is_told_so_where_the_rows_belong(reader: Client, draft: Tender, rows: str) -> None:
    shown = page(reader, add(draft), typed.lot(number="2", **{f"{rows}-TOTAL_FORMS": "0"})).context["draft"]

    assert shown.wrong_criteria if rows == "criteria" else shown.wrong_items
    assert draft.lots.count() == 1


def test_weights_that_do_not_total_100_are_told_with_their_total(reader: Client, draft: Tender) -> None:
    response = page(reader, add(draft), typed.lot(number="2", **{"criteria-1-weight": "40"}))

    assert response.context["draft"].total == "94.5"
    assert response.context["draft"].wrong_criteria
    assert "<output>94,5</output>" in response.content.decode()


def test_a_row_is_added_and_another_taken_out_and_the_rest_stays_as_typed(reader: Client, draft: Tender) -> None:
    half_typed = typed.lot(title="", **{"criteria-0-weight": "la moitié"})

    more = page(reader, add(draft), {**half_typed, "add": "criteria"}).context["draft"]
    assert len(more.criteria) == 3
    assert more.problems == 0
    assert more.criteria[0]["weight"].value() == "la moitié"
    assert more.criteria[2].fields["title"].widget.attrs["autofocus"] is True

    less = page(reader, add(draft), {**half_typed, "drop": "criteria:0"}).context["draft"]
    assert [form["title"].value() for form in less.criteria] == ["Qualité des pansements"]
    assert less.criteria[0]["weight"].value() == "45,5"

    none = page(reader, add(draft), {**half_typed, "drop": "items:0"}).context["draft"]
    assert len(none.items) == 0
    assert draft.lots.count() == 1


@pytest.mark.parametrize("drop", ["items:7", "items:-1", "items:x", "bids:0", ""])
def test_a_row_that_is_not_there_is_not_taken_out(reader: Client, draft: Tender, drop: str) -> None:
    shown = page(reader, add(draft), typed.lot(title="", drop=drop)).context["draft"]

    assert (len(shown.criteria), len(shown.items)) == (2, 1)


def test_a_page_without_its_rows_is_refused_and_not_broken(reader: Client, draft: Tender) -> None:
    for data in ({}, {"criteria-TOTAL_FORMS": "x", "items-TOTAL_FORMS": "10000000"}, {"add": "items"}):
        assert reader.post(add(draft), data).status_code == 200
    assert draft.lots.count() == 1


def test_a_lot_begins_as_a_copy_of_another(reader: Client, draft: Tender, buyer: User) -> None:
    change_lot(lot=draft.lots.get(), document=full_lot(), by=buyer, at=NOW)
    with translation.override("fr"):
        values = sent_back(page(reader, f"{add(draft)}?copy={draft.lots.get().pk}").context["draft"])

    reader.post(add(draft), values)

    copied = lot_document(draft.lots.get(number=2))
    assert copied == {**full_lot(), "number": 2}


def test_a_lot_begins_with_the_criteria_of_a_template(reader: Client, draft: Tender) -> None:
    grid = grids.all()[0]
    with translation.override("fr"):
        values = sent_back(page(reader, f"{add(draft)}?template={grid.identifier}").context["draft"])
    item = {name: value for name, value in typed.lot().items() if name.startswith("items-0")}

    response = reader.post(add(draft), {**values, **item, "title": "Pansements"})

    assert response.status_code == 302
    drafted = lot_document(draft.lots.get(number=2))["criteria"]
    expected = grids.lot_document(grid.identifier, "fr")["criteria"]
    assert [(one["title"], one["weight"], one.get("steps")) for one in drafted] == [
        (one["title"], one["weight"], one.get("steps")) for one in expected
    ]


def test_nobody_begins_with_the_lot_of_another_hospital(reader: Client, draft: Tender, stranger: User) -> None:
    theirs = documents.tender(contracting_body="000000009", lots=[others_lot()])
    secret = draft_tender(document=theirs, by=stranger, at=NOW).lots.get()

    response = page(reader, f"{add(draft)}?copy={secret.pk}")

    assert "Infusion pump" not in response.content.decode()
    assert "Pumps" not in response.content.decode()


def test_what_somebody_else_wrote_meanwhile_is_not_written_over(reader: Client, draft: Tender, buyer: User) -> None:
    lot = draft.lots.get()
    with translation.override("fr"):
        values = sent_back(page(reader, change(lot)).context["draft"])
    change_lot(lot=lot, document=documents.lot(title="Theirs"), by=buyer, at=NOW)

    shown = page(reader, change(lot), {**values, "title": "Mine"}).context["draft"]

    assert shown.lot.non_field_errors()
    assert shown.lot["title"].value() == "Mine"
    assert draft.lots.get().title == "Theirs"


def test_a_lot_and_a_draft_are_deleted_after_it_was_read_again(reader: Client, draft: Tender) -> None:
    lot = draft.lots.get()
    drop_lot, drop = reverse("tenders:drop_lot", args=[lot.pk]), reverse("tenders:drop", args=[draft.pk])

    page(reader, drop_lot)
    page(reader, drop)
    assert draft.lots.exists()

    assert reader.post(drop_lot)["Location"] == reverse("tenders:tender", args=[draft.pk])
    assert not draft.lots.exists()
    assert reader.post(drop)["Location"] == reverse("tenders:list")
    assert not Tender.objects.exists()


def test_what_is_published_shows_no_form(reader: Client, draft: Tender, buyer: User) -> None:
    lot = draft.lots.get()
    publish(tender=draft, by=buyer, at=NOW)

    for address in (add(draft), change(lot), reverse("tenders:drop_lot", args=[lot.pk])):
        assert reader.get(address).status_code == 302
    assert reader.get(reverse("tenders:drop", args=[draft.pk])).status_code == 302
    assert change(lot) not in reader.get(reverse("tenders:tender", args=[draft.pk])).content.decode()
    assert reader.post(change(lot), typed.lot()).status_code in (302, 409)
    assert Lot.objects.get().title == "Masks and gloves"


def test_the_page_of_a_lot_takes_the_same_queries_for_one_row_and_for_ten(
    reader: Client, draft: Tender, buyer: User
) -> None:
    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as found:
            page(reader, address)
        return len(found)

    lot = draft.lots.get()
    before = count(change(lot)), count(add(draft))
    items = [{**documents.lot()["items"][0], "id": f"item-{number}"} for number in range(10)]
    change_lot(lot=lot, document=documents.lot(items=items), by=buyer, at=NOW)
    for number in range(2, 12):
        add_lot(tender=draft, document=documents.lot(number=number), by=buyer, at=NOW)

    assert (count(change(lot)), count(add(draft))) == before
