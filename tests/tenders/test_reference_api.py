"""Templates of criteria and the corpus of published ones over the API."""

import pytest
from rest_framework.test import APIClient

from procurement.people.models import User
from procurement.people.roles import Role
from procurement.tenders import grids
from tests.factories import UserFactory
from tests.tenders import corpus, documents
from tests.tenders.test_api import of

ADDRESS = "/api/v1/reference-grids/"


@pytest.fixture
def api(buyer: User) -> APIClient:
    return of(buyer)


def test_a_lot_is_drafted_from_a_template_and_items_of_ones_own(api: APIClient) -> None:
    listed = api.get("/api/v1/criteria-templates/").json()
    assert listed["count"] == len(grids.IDENTIFIERS)
    template = api.get(f"/api/v1/criteria-templates/{listed['results'][0]['id']}/").json()

    lot = {**template["lot"], "items": documents.lot()["items"]}
    drafted = api.post("/api/v1/tenders/", documents.tender(lots=[lot]), format="json")

    assert drafted.status_code == 201
    assert template["seen"].keys() == {"notices", "health"}
    assert api.post(f"/api/v1/tenders/{drafted.json()['id']}/publish/").status_code == 200


def test_templates_are_in_the_language_of_the_caller(buyer: User) -> None:
    french = APIClient(headers={"accept-language": "fr"})
    french.force_authenticate(buyer)

    template = french.get("/api/v1/criteria-templates/cleaning/").json()

    assert template["title"] == grids.template("cleaning").lot("fr")["title"]


def test_a_template_that_is_none_is_said_so(api: APIClient) -> None:
    answer = api.get("/api/v1/criteria-templates/nothing/")
    assert (answer.status_code, answer.json()["detail"]) == (404, "No template has this name.")


def test_the_corpus_is_searched_and_paged_like_its_page(api: APIClient) -> None:
    corpus.keep(
        *(corpus.notice(f"21-{number}") for number in range(3)),
        corpus.notice("21-9", buyer="Ville de Brest", health=False),
    )

    assert api.get(ADDRESS).json()["count"] == 4
    assert [row["buyer"] for row in api.get(f"{ADDRESS}?words=brest").json()["results"]] == ["Ville de Brest"]
    assert api.get(f"{ADDRESS}?health=true&price_from=60&kinds=environment").json()["count"] == 3
    assert api.get(f"{ADDRESS}?price_from=61").json()["count"] == 0
    page = api.get(f"{ADDRESS}?page_size=3&ordering=-buyer").json()
    assert (len(page["results"]), page["results"][0]["buyer"]) == (3, "Ville de Brest")
    grid = api.get(f"{ADDRESS}{page['results'][0]['id']}/").json()
    assert (grid["shape"], grid["shape_words"]) == (
        "price-60 quality-30 environment-10",
        "Price\N{NO-BREAK SPACE}60, Quality\N{NO-BREAK SPACE}30, Environment\N{NO-BREAK SPACE}10",
    )
    assert [criterion["title"] for criterion in grid["criteria"]] == ["Prix", "Qualité : essais", "Emballages"]


def test_a_filter_that_makes_no_sense_is_answered_in_words(api: APIClient) -> None:
    answer = api.get(f"{ADDRESS}?price_from=many")
    assert (answer.status_code, list(answer.json())) == (400, ["price_from"])


@pytest.mark.parametrize("role", [Role.EVALUATOR, Role.POLICY_OFFICER, Role.AUDITOR])
def test_whoever_prepares_no_lot_reads_neither(db: None, role: Role) -> None:
    api = of(UserFactory(role=role))
    assert api.get(ADDRESS).status_code == api.get("/api/v1/criteria-templates/").status_code == 403
