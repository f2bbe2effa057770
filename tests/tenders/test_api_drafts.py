"""A draft over the API: read back, changed lot by lot without writing over anybody, taken away."""

import pytest
from rest_framework.test import APIClient

from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.tenders.models import Lot, Tender
from scoring.canonical import sha256
from tests.tenders import documents
from tests.tenders.test_api import of


@pytest.fixture
def api(buyer: User) -> APIClient:
    return of(buyer)


@pytest.fixture
def lot(draft: Tender) -> Lot:
    return draft.lots.get()


def test_a_procedure_is_drafted_from_terms_alone_and_its_lots_are_added_one_by_one(api: APIClient, buyer: User) -> None:
    tender = api.post("/api/v1/tenders/", documents.tender(lots=[]), format="json").json()
    address = f"/api/v1/tenders/{tender['id']}/lots/"

    first = api.post(address, documents.lot(), format="json")
    second = api.post(address, documents.lot(title="Gowns"), format="json")

    assert (first.status_code, first.json()["number"]) == (201, 1)
    assert (second.json()["number"], second.json()["title"]) == (2, "Gowns")
    assert [item["quantity"] for item in second.json()["items"]] == ["50", "100"]
    assert [line.action for line in Line.objects.filter(action="lot.drafted")] == ["lot.drafted"] * 2


def test_a_lot_that_cannot_be_added_says_where_and_leaves_nothing(api: APIClient, draft: Tender) -> None:
    wrong = documents.lot(number=1, items=[])

    answer = api.post(f"/api/v1/tenders/{draft.pk}/lots/", wrong, format="json")

    assert answer.status_code == 400
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/number", "/items"}
    assert draft.lots.count() == 1


def test_a_draft_read_back_is_the_document_that_drafts_it_again(api: APIClient, draft: Tender) -> None:
    read = api.get(f"/api/v1/tenders/{draft.pk}/document/").json()

    again = api.post("/api/v1/tenders/", {**read, "reference": "2026-015"}, format="json")

    assert again.status_code == 201
    second = api.get(f"/api/v1/tenders/{again.json()['id']}/document/").json()
    assert {**second, "reference": read["reference"]} == read


@pytest.mark.parametrize("what", ["terms", "lot"])
def test_what_was_read_is_changed_and_what_became_another_is_not_written_over(
    api: APIClient, draft: Tender, lot: Lot, what: str
) -> None:
    address = f"/api/v1/tenders/{draft.pk}/terms/" if what == "terms" else f"/api/v1/lots/{lot.pk}/document/"
    read = api.get(address)
    tag = read.headers["ETag"]
    assert tag == f'"{sha256(read.json())}"'

    changed = api.put(address, {**read.json(), "title": "First"}, format="json", headers={"If-Match": tag})
    late = api.put(address, {**read.json(), "title": "Second"}, format="json", headers={"If-Match": tag})

    assert (changed.status_code, changed.json()["title"]) == (200, "First")
    assert late.status_code == 409
    assert "Somebody changed this draft" in late.json()["detail"]
    assert api.get(address).json()["title"] == "First"


@pytest.mark.parametrize("headers", [{}, {"If-Match": "*"}])
def test_whoever_names_nothing_read_replaces_whatever_stands(api: APIClient, lot: Lot, headers: dict[str, str]) -> None:
    answer = api.put(f"/api/v1/lots/{lot.pk}/document/", documents.lot(title="Any"), format="json", headers=headers)

    assert (answer.status_code, answer.json()["title"]) == (200, "Any")


def test_the_lots_stay_when_the_terms_change_and_are_not_among_them(api: APIClient, draft: Tender, lot: Lot) -> None:
    address = f"/api/v1/tenders/{draft.pk}/terms/"
    terms = api.get(address).json()

    assert "lots" not in terms
    assert api.put(address, {**terms, "title": "Masks"}, format="json").json()["lots"] == [lot.pk]
    refused = api.put(address, {**terms, "lots": []}, format="json")
    assert (refused.status_code, refused.json()["detail"].count("one by one")) == (400, 1)


def test_a_draft_lot_and_a_draft_are_taken_away_and_published_ones_are_not(
    api: APIClient, draft: Tender, lot: Lot, buyer: User
) -> None:
    other = api.post("/api/v1/tenders/", documents.tender(reference="2026-016"), format="json").json()
    assert api.post(f"/api/v1/tenders/{other['id']}/publish/").status_code == 200

    assert api.delete(f"/api/v1/lots/{other['lots'][0]}/").status_code == 409
    assert api.delete(f"/api/v1/tenders/{other['id']}/").status_code == 409
    assert api.delete(f"/api/v1/lots/{lot.pk}/").status_code == 204
    assert api.delete(f"/api/v1/tenders/{draft.pk}/").status_code == 204
    assert api.delete(f"/api/v1/tenders/{draft.pk}/").status_code == 404

    assert list(Tender.objects.values_list("reference", flat=True)) == ["2026-016"]
    dropped = Line.objects.filter(action__endswith=".dropped").order_by("sequence")
    assert [line.action for line in dropped] == ["lot.dropped", "tender.dropped"]
