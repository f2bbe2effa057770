"""Tenders, lots and bids over the API, from the draft to the bid."""

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from procurement.ledger.models import Line
from procurement.people.models import Hospital, User
from procurement.people.roles import Role
from procurement.registry.models import Supplier
from procurement.tenders.models import Bid, Lot, Stage, Tender
from procurement.tenders.services import enter_bid
from tests.factories import UserFactory
from tests.tenders import documents
from tests.tenders.conftest import NOW, auditor_of


@pytest.fixture
def api(buyer: User) -> APIClient:
    return of(buyer)


def of(user: User) -> APIClient:
    client = APIClient(headers={"accept-language": "en"})
    client.force_authenticate(user)
    return client


def test_a_procedure_goes_from_its_document_to_its_bids(api: APIClient, supplier: Supplier) -> None:
    drafted = api.post("/api/v1/tenders/", documents.tender(), format="json")
    assert drafted.status_code == 201
    tender = drafted.json()
    assert (tender["stage"], tender["estimated_value"], tender["framework_maximum"]) == ("draft", "600000", "800000.5")
    assert api.post(f"/api/v1/tenders/{tender['id']}/publish/").json()["stage"] == "published"
    due = {"bids_due_at": "2026-10-01T10:00:00Z"}
    assert api.post(f"/api/v1/tenders/{tender['id']}/open/", due, format="json").json()["stage"] == "opened"
    assert api.post(f"/api/v1/tenders/{tender['id']}/open/", due, format="json").status_code == 409

    lot = api.get(f"/api/v1/lots/{tender['lots'][0]}/").json()
    assert len(lot["rules_sha256"]) == 64
    assert lot["rules"]["criteria"][0]["weight"] == "60"
    assert [item["quantity"] for item in lot["items"]] == ["50", "100"]
    entered = api.post("/api/v1/bids/", {"lot": lot["id"], "bid": documents.bid()}, format="json")
    assert entered.status_code == 201
    assert (entered.json()["price"], entered.json()["lines"][0]["unit_price"]) == ("455.5", "2.005")


def test_the_problems_of_a_document_are_answered_with_their_places(api: APIClient) -> None:
    answer = api.post("/api/v1/tenders/", documents.tender(cpv="x"), format="json")

    assert answer.status_code == 400
    message = 'A CPV code of 8 digits is expected, not "x".'
    assert answer.json()["errors"] == [{"pointer": "/cpv", "message": message}]
    assert not Tender.objects.exists()


def test_a_french_caller_reads_the_problems_in_french(buyer: User) -> None:
    french = APIClient(headers={"accept-language": "fr"})
    french.force_authenticate(buyer)
    lot = {**documents.lot(items=[]), "title": " "}

    answer = french.post("/api/v1/tenders/", documents.tender(contracting_body="999999999", lots=[lot]), format="json")

    assert [error["message"] for error in answer.json()["errors"]] == [
        'Il faut ici un texte de 1 à 300 caractères, et non " ".',
        "La liste est vide\u00a0; donnez au moins un article.",
        "Aucun de vos établissements n'a le numéro FINESS 999999999.",
    ]


@pytest.mark.parametrize("body", ["{", '{"a": 1, "a": 2}', '{"a": 1.5}', "[]", "null", '"\\ud800"', "\xff"])
def test_what_is_no_document_is_answered_in_a_sentence(api: APIClient, body: str) -> None:
    for address in ("/api/v1/tenders/", "/api/v1/bids/"):
        answer = api.post(address, body.encode("latin-1"), content_type="application/json")

        assert answer.status_code == 400
        assert answer.json()["detail"]


def test_a_publication_that_is_blocked_answers_its_findings(api: APIClient) -> None:
    price = [{"id": "price", "title": "Price", "kind": "price", "weight": "100", "formula": "lowest_ratio"}]
    tender = api.post("/api/v1/tenders/", documents.tender(lots=[documents.lot(criteria=price)]), format="json").json()

    answer = api.post(f"/api/v1/tenders/{tender['id']}/publish/")

    assert answer.status_code == 409
    assert answer.json()["errors"][0]["code"] == "price-only"
    assert "only criterion" in answer.json()["errors"][0]["sentence"]


def test_a_draft_lot_is_replaced_and_a_published_one_is_not(api: APIClient, draft: Tender) -> None:
    address = f"/api/v1/lots/{draft.lots.get().pk}/document/"

    assert api.put(address, documents.lot(title="Masks"), format="json").json()["title"] == "Masks"
    api.post(f"/api/v1/tenders/{draft.pk}/publish/")
    assert api.put(address, documents.lot(title="Gowns"), format="json").status_code == 409


def test_a_draft_is_replaced_and_a_published_tender_is_not(api: APIClient, draft: Tender) -> None:
    address = f"/api/v1/tenders/{draft.pk}/document/"

    changed = api.put(address, documents.tender(title="Masks", lots=[documents.lot()] * 2), format="json").json()
    assert (changed["title"], len(changed["lots"])) == ("Masks", 2)
    api.post(f"/api/v1/tenders/{draft.pk}/publish/")
    assert api.put(address, documents.tender(), format="json").status_code == 409


def test_a_bid_is_excluded_and_an_exception_recorded(api: APIClient, bid: Bid, lot: Lot) -> None:
    excluded = api.post(f"/api/v1/bids/{bid.pk}/exclude/", {"exclusion": "late", "reason": "Late."}, format="json")
    assert (excluded.status_code, excluded.json()["status"]) == (200, "excluded")
    origin = api.post(f"/api/v1/bids/{bid.pk}/operator-origin/")
    assert origin.json()["operator_country"] == "FR"
    exception = {"ipi_exception": "overriding_public_interest", "reason": "Vital device."}
    recorded = api.post(f"/api/v1/lots/{lot.pk}/ipi-exception/", exception, format="json")
    assert recorded.json()["ipi_exception"] == "overriding_public_interest"
    assert api.post(f"/api/v1/lots/{lot.pk}/ipi-exception/", {"reason": "x"}, format="json").status_code == 400


def test_a_training_copy_is_made(api: APIClient, opened: Tender) -> None:
    copy = api.post(f"/api/v1/tenders/{opened.pk}/training-copy/")

    assert (copy.status_code, copy.json()["training"], copy.json()["stage"]) == (201, True, "published")


def test_another_hospital_finds_nothing_and_learns_nothing(
    opened: Tender, bid: Bid, lot: Lot, stranger: User, hospital: Hospital
) -> None:
    api = of(stranger)

    for resource in ("tenders", "lots", "bids"):
        assert api.get(f"/api/v1/{resource}/").json()["count"] == 0
    for address in (f"tenders/{opened.pk}", f"lots/{lot.pk}", f"bids/{bid.pk}"):
        here, nowhere = api.get(f"/api/v1/{address}/"), api.get(f"/api/v1/{address.split('/')[0]}/999999/")
        assert (here.status_code, here.content) == (404, nowhere.content)
    for query in (f"tenders/?contracting_body={hospital.pk}", f"lots/?tender={opened.pk}", f"bids/?lot={lot.pk}"):
        name = query.partition("?")[2].partition("=")[0]
        absent = api.get(f"/api/v1/{query.partition('=')[0]}=999999")
        answer = api.get(f"/api/v1/{query}")
        assert answer.status_code == absent.status_code == 400
        assert list(answer.json()) == [name]
    entered = api.post("/api/v1/bids/", {"lot": lot.pk, "bid": documents.bid(id="B2")}, format="json")
    unknown = api.post("/api/v1/bids/", {"lot": 999999, "bid": documents.bid(id="B2")}, format="json")
    assert (entered.status_code, entered.content) == (400, unknown.content)
    for address in (f"tenders/{opened.pk}/open", f"bids/{bid.pk}/exclude", f"lots/{lot.pk}/ipi-exception"):
        assert api.post(f"/api/v1/{address}/", {}, format="json").status_code == 404


@pytest.mark.parametrize("role", [Role.POLICY_OFFICER, Role.ADMINISTRATOR])
def test_other_roles_enter_nothing(draft: Tender, role: Role) -> None:
    api = of(UserFactory(role=role))

    for resource in ("tenders", "lots", "bids"):
        assert api.get(f"/api/v1/{resource}/").status_code == 403
    assert api.post("/api/v1/tenders/", documents.tender(), format="json").status_code == 403
    assert api.post("/api/v1/bids/", {"lot": 1, "bid": {}}, format="json").status_code == 403


def test_nobody_reads_without_a_token(draft: Tender) -> None:
    for resource in ("tenders", "lots", "bids"):
        assert APIClient().get(f"/api/v1/{resource}/").status_code == 401


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("stage=opened", 1),
        ("stage=draft", 0),
        ("cpv=331", 1),
        ("training=true", 0),
        ("launched_from=2026-09-02", 0),
        ("launched_until=2026-09-01", 1),
        ("search=protective", 1),
        ("ordering=-reference", 1),
    ],
)
def test_tenders_are_filtered(api: APIClient, opened: Tender, query: str, count: int) -> None:
    assert api.get(f"/api/v1/tenders/?{query}").json()["count"] == count


def test_lots_and_bids_are_filtered(api: APIClient, bid: Bid, lot: Lot, opened: Tender) -> None:
    assert api.get(f"/api/v1/lots/?tender={opened.pk}&stage=opened&training=false").json()["count"] == 1
    assert api.get("/api/v1/lots/?training=true").json()["count"] == 0
    assert api.get(f"/api/v1/bids/?lot={lot.pk}&status=admissible").json()["count"] == 1
    assert api.get("/api/v1/bids/?status=excluded").json()["count"] == 0


@pytest.mark.parametrize("resource", ["tenders", "lots", "bids"])
def test_a_list_takes_the_same_queries_for_one_and_for_ten(
    api: APIClient, bid: Bid, lot: Lot, buyer: User, queries: Any, resource: str
) -> None:
    one = queries(lambda: api.get(f"/api/v1/{resource}/"))
    for number in range(2, 11):
        Supplier.objects.create(name=f"Supplier {number}")
        document = documents.bid(id=f"B{number}", supplier={"name": f"Supplier {number}"})
        enter_bid(lot=lot, document=document, by=buyer, at=NOW)
        api.post("/api/v1/tenders/", documents.tender(reference=f"R{number}"), format="json")

    answers: list[Any] = []
    assert queries(lambda: answers.append(api.get(f"/api/v1/{resource}/"))) == one
    assert answers[0].json()["count"] == 10


def test_no_answer_holds_a_float(api: APIClient, bid: Bid) -> None:
    def refuse(number: str) -> None:
        raise AssertionError(number)

    for resource in ("tenders", "lots", "bids"):
        json.loads(api.get(f"/api/v1/{resource}/").content, parse_float=refuse)


def test_an_auditor_reads_bids_only_after_the_opening_and_within_the_mandate(
    bid: Bid, opened: Tender, hospital: Hospital
) -> None:
    api = of(auditor_of(hospital))
    assert api.get("/api/v1/bids/").json()["count"] == 1
    assert Line.objects.latest("sequence").action == "bid.read"  # the list tells the whole bid
    assert Line.objects.latest("sequence").object == f"tenders.Bid:{bid.pk}"
    excluded = api.post(f"/api/v1/bids/{bid.pk}/exclude/", {"exclusion": "late", "reason": "x"}, format="json")
    assert excluded.status_code == 403
    Lot.objects.update(stage=Stage.PUBLISHED)
    Tender.objects.update(stage=Stage.PUBLISHED)
    assert api.get("/api/v1/bids/").json()["count"] == 0
    assert api.get("/api/v1/tenders/").json()["count"] == 0


def test_what_a_tenderer_states_is_read_beside_what_its_prices_make(
    api: APIClient, lot: Lot, supplier: Supplier, buyer: User
) -> None:
    told = documents.bid(stated={"lines": {documents.MASKS: "201", documents.GLOVES: "255"}, "total_excl_vat": "455.5"})
    entered = enter_bid(lot=lot, document=told, by=buyer, at=NOW)

    rows = api.get(f"/api/v1/bids/{entered.pk}/stated/").json()

    assert [tuple(row.values()) for row in rows] == [
        ("line", "gloves", "255", "255.00", "0.00", False),
        ("line", "masks-2r", "201", "200.50", "0.50", True),
        ("total_excl_vat", None, "455.5", "455.50", "0.00", False),
    ]
