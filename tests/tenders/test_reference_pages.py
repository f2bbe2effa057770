"""The pages of published criteria and of templates."""

from dataclasses import replace

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from procurement.people.models import User
from procurement.tenders import grids
from procurement.tenders.models import Lot, ReferenceGrid, Tender
from procurement.tenders.reference.reading import PublishedCriterion
from procurement.tenders.services import draft_tender
from tests.tenders import documents
from tests.tenders.conftest import NOW
from tests.tenders.corpus import ENVIRONMENT, PRICE, QUALITY, keep, notice
from tests.tenders.test_draft_pages import sent_back

pytestmark = pytest.mark.django_db
DEAR = replace(PRICE, weight=90)
ITEM = {
    "items-0-designation": "Nitrile glove",
    "items-0-unit": "box of 100",
    "items-0-need_000000001": "1,000",
}


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
        "Price\N{NO-BREAK SPACE}60, Quality\N{NO-BREAK SPACE}30, Environment\N{NO-BREAK SPACE}10", 2,
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


def begin(browser: Client, draft: Tender, *criteria: PublishedCriterion) -> HttpResponse:
    """The form of a new lot of ``draft`` that begins with a grid of these criteria."""
    keep(notice("21-9", *criteria))
    grid = ReferenceGrid.objects.get()
    return browser.get(reverse("tenders:add_lot", args=[draft.pk]), {"grid": grid.pk})


def weighed(page: HttpResponse) -> list[tuple[str, str, str]]:
    document = [form.initial for form in page.context["draft"].criteria]
    return [(each["title"], each["kind"], each["weight"]) for each in document]


def test_a_lot_begins_with_the_criteria_of_a_published_grid_as_printed(browser: Client, draft: Tender) -> None:
    page = begin(browser, draft)

    assert weighed(page) == [
        ("Prix", "price", "60"),
        ("Qualité : essais", "quality", "30"),
        ("Emballages", "environment", "10"),
    ]
    assert "as notice 21-9 of CH de Nantes printed them" in page.content.decode()
    assert len(page.context["start"].notes) == 1
    filled = {**sent_back(page.context["draft"]), "title": "Gloves", **ITEM}
    saved = browser.post(page.wsgi_request.get_full_path(), filled)
    assert saved.status_code == 302, saved.context["draft"].wrong_criteria
    quality = Lot.objects.get(title="Gloves").criteria.get(position=2)
    assert (quality.parent, str(quality.weight), quality.formula, str(quality.scale)) == (
        "Qualité", "30", "proportional", "4",
    )  # fmt: skip
    assert len(quality.steps) == 5


def test_what_todays_law_wants_and_the_grid_has_not_is_said_and_has_a_row(browser: Client, draft: Tender) -> None:
    page = begin(browser, draft, replace(PRICE, weight=70), QUALITY)

    assert weighed(page)[-1] == ("Environmental characteristics of the bid", "environment", "")
    notes = " ".join(page.context["start"].notes)
    assert "environmental characteristics" in notes
    assert "give it a weight, taken from the others" in notes
    filled = {**sent_back(page.context["draft"]), "title": "X", **ITEM}
    refused = browser.post(page.wsgi_request.get_full_path(), filled)
    assert refused.status_code == 200
    assert not Lot.objects.filter(title="X").exists()


def test_price_alone_is_no_grid_of_today(browser: Client, draft: Tender) -> None:
    page = begin(browser, draft, replace(PRICE, weight=100))

    assert [kind for _title, kind, _weight in weighed(page)] == ["price", "environment"]
    assert "Price is the only criterion" in " ".join(page.context["start"].notes)


def test_a_procedure_launched_before_the_duty_takes_the_grid_as_it_is(browser: Client, buyer: User) -> None:
    before = draft_tender(document=documents.tender(launched_on="2026-08-20"), by=buyer, at=NOW)

    page = begin(browser, before, replace(PRICE, weight=70), QUALITY)

    assert [kind for _title, kind, _weight in weighed(page)] == ["price", "quality"]


def test_the_prices_of_a_grid_are_added_up_and_what_weighs_nothing_is_left_out(browser: Client, draft: Tender) -> None:
    parts = [replace(PRICE, title=f"Prix : {part}", weight=30, parent="Prix") for part in ("fourniture", "pose")]
    page = begin(browser, draft, *parts, QUALITY, ENVIRONMENT, replace(QUALITY, title="Divers", weight=0))

    assert weighed(page)[0] == ("Prix", "price", "60")
    assert [title for title, _kind, _weight in weighed(page)] == ["Prix", "Qualité : essais", "Emballages"]
    assert "the weights of the 2 of the notice are added up" in " ".join(page.context["start"].notes)


def test_a_grid_without_a_price_says_so(browser: Client, draft: Tender) -> None:
    page = begin(browser, draft, replace(QUALITY, weight=90), ENVIRONMENT)

    assert "no criterion on prices" in " ".join(page.context["start"].notes)


def test_a_template_chosen_after_a_grid_takes_its_place_and_an_unknown_grid_is_none(
    browser: Client, draft: Tender
) -> None:
    grid = begin(browser, draft).wsgi_request.GET["grid"]
    address = reverse("tenders:add_lot", args=[draft.pk])

    chosen = browser.get(address, {"grid": grid, "template": "cleaning"})
    unknown = browser.get(address, {"grid": "0"})

    assert chosen.context["start"].notes == unknown.context["start"].notes == []
    assert len(weighed(chosen)) == 4
    assert [title for title, _kind, _weight in weighed(unknown)] == ["", ""]


def test_a_published_grid_leads_to_the_drafts_a_lot_can_be_added_to(browser: Client, draft: Tender) -> None:
    keep(notice("21-9"))
    grid = ReferenceGrid.objects.get()

    page = browser.get(reverse("tenders:reference_grid", args=[grid.pk])).content.decode()

    assert f'href="{reverse("tenders:add_lot", args=[draft.pk])}?grid={grid.pk}"' in page
