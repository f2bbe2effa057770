"""The pages of published criteria and of templates."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from procurement.people.models import User
from procurement.tenders import grids
from procurement.tenders.models import ReferenceGrid
from procurement.tenders.reference.reading import PublishedCriterion
from procurement.tenders.services import draft_tender
from tests.tenders import documents
from tests.tenders.corpus import ENVIRONMENT, PRICE, QUALITY, keep, notice

pytestmark = pytest.mark.django_db
DEAR = replace(PRICE, weight=90)


@pytest.fixture
def browser(client: Client, buyer: User) -> Client:
    client.force_login(buyer)
    return client


@pytest.fixture
def corpus() -> None:
    """Three notices: a hospital's with the environment, a town's on price, a negotiated one with a delay."""
    keep(
        notice("21-1"),
        notice("21-2", DEAR, replace(QUALITY, weight=10), buyer="Ville de Brest", health=False),
        notice("21-3", PRICE, PublishedCriterion("Délai de livraison", 40, "delivery"), procedure="Negocie_Avecpub"),
    )


def found(browser: Client, **asked: object) -> list[str]:
    page = browser.get(reverse("tenders:reference"), asked)
    assert page.status_code == 200
    return [shown.grid.notice for shown in page.context["grids"]]


@pytest.mark.parametrize(
    ("asked", "notices"),
    [
        ({}, ["21-1", "21-2", "21-3"]),
        ({"words": "QUALITE emballages"}, ["21-1"]),
        ({"words": "brest"}, ["21-2"]),
        ({"words": "délai"}, ["21-3"]),
        ({"words": "%"}, []),
        ({"kinds": ["price", "quality"]}, ["21-1", "21-2"]),
        ({"kinds": ["quality", "environment"]}, ["21-1"]),
        ({"price_from": "60", "price_to": "60"}, ["21-1", "21-3"]),
        ({"price_from": "61"}, ["21-2"]),
        ({"health": "true"}, ["21-1", "21-3"]),
        ({"procedure": "Negocie_Avecpub"}, ["21-3"]),
        ({"shape": "price-90 quality-10"}, ["21-2"]),
        ({"shape": "nonsense-x"}, []),
        ({"ordering": "-price_weight"}, ["21-2", "21-1", "21-3"]),
    ],
)
def test_the_corpus_is_narrowed_by_what_is_asked(
    browser: Client, corpus: None, asked: dict[str, object], notices: list[str]
) -> None:
    assert found(browser, **asked) == notices


@pytest.mark.parametrize(
    "asked", [{"price_from": "101"}, {"price_from": "sixty"}, {"kinds": "colour"}, {"procedure": "none"}]
)
def test_what_cannot_be_asked_is_said_beside_its_field(browser: Client, corpus: None, asked: dict[str, str]) -> None:
    page = browser.get(reverse("tenders:reference"), asked)
    assert page.status_code == 200
    assert list(page.context["filter"].form.errors) == list(asked)
    assert b"errorlist" in page.content


def test_the_shapes_found_most_often_are_counted_by_notice(browser: Client, corpus: None) -> None:
    keep(notice("21-4"), sha256="b" * 64)
    page = browser.get(reverse("tenders:reference"), {"words": "prix"})
    assert next((each.told, each.notices) for each in page.context["shapes"]) == (
        "Price 60, Quality 30, Environment 10", 2,
    )  # fmt: skip
    assert "?words=prix&amp;shape=price-60+quality-30+environment-10" in page.content.decode()


def test_the_corpus_takes_as_many_queries_for_ten_grids_as_for_one(browser: Client, queries) -> None:
    counted = []
    for numbers, digest in ((["1"], "a" * 64), ([str(number) for number in range(2, 12)], "b" * 64)):
        keep(*(notice(number) for number in numbers), sha256=digest)
        counted.append(queries(lambda: browser.get(reverse("tenders:reference"))))
    assert counted[0] == counted[1]


def test_an_empty_corpus_says_what_it_will_hold_and_leads_to_the_templates(browser: Client) -> None:
    page = browser.get(reverse("tenders:reference")).content.decode()
    assert "import_criteria FILE" in page
    assert reverse("tenders:templates") in page


def test_a_grid_tells_its_criteria_their_kinds_and_how_it_was_read(browser: Client) -> None:
    mended = replace(notice("21-1", PRICE, QUALITY, replace(ENVIRONMENT, by_words=False)), repair="sub-criteria-named")
    keep(mended, notice("21-2"))
    grid = ReferenceGrid.objects.get(notice="21-1")
    page = browser.get(reverse("tenders:reference_grid", args=[grid.pk])).content.decode()
    for text in ("Qualité : essais", "(Qualité)", "no word of it says a kind", "without the criteria they are parts of",
                 "February 2021", "1 other notice has it", "Licence Ouverte 2.0"):  # fmt: skip
        assert text in page


@pytest.mark.parametrize("language", grids.LANGUAGES)
def test_every_template_is_listed_and_shown_in_the_language_of_the_reader(
    browser: Client, buyer: User, language: str
) -> None:
    User.objects.filter(pk=buyer.pk).update(language=language)
    listed = browser.get(reverse("tenders:templates")).content.decode()
    for template in grids.all():
        address = reverse("tenders:template", args=[template.identifier])
        assert address in listed
        shown = [criterion["title"] for criterion in browser.get(address).context["criteria"]]
        assert shown == [criterion["title"] for criterion in template.lot(language)["criteria"]]


def test_a_template_leads_to_the_drafts_of_the_reader_and_to_a_first_one(browser: Client, buyer: User) -> None:
    address = reverse("tenders:template", args=["cleaning"])
    assert reverse("tenders:draft") in browser.get(address).content.decode()
    draft = draft_tender(document=documents.tender(), by=buyer)
    link = f"{reverse('tenders:add_lot', args=[draft.pk])}?template=cleaning"
    assert link in browser.get(address).content.decode()
    form = browser.get(link).content.decode()
    for criterion in grids.lot_document("cleaning", "en")["criteria"]:
        assert escape(criterion["title"]) in form


def test_another_hospital_s_draft_is_not_offered(client: Client, stranger: User, buyer: User) -> None:
    draft_tender(document=documents.tender(), by=buyer)
    client.force_login(stranger)
    page = client.get(reverse("tenders:template", args=["cleaning"]))
    assert list(page.context["drafts"]) == []


def test_a_template_that_is_not_there_is_not_found(browser: Client) -> None:
    assert browser.get(reverse("tenders:template", args=["scales"])).status_code == 404


def test_whoever_may_draft_is_led_from_the_list_of_procedures(browser: Client) -> None:
    page = browser.get(reverse("tenders:list")).content.decode()
    assert reverse("tenders:templates") in page
    assert reverse("tenders:reference") in page
