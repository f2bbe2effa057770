"""Templates: valid for scoring, lawful today, whole in both languages, and their shapes counted in the real corpus."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import translation

from procurement.interchange.boamp import notices
from procurement.tenders import checks, grids, services
from procurement.tenders.grids import wording
from procurement.tenders.reference.shapes import shape_of, told, weights_by_kind
from tests.real_data import data_file
from tests.tenders import documents

IDENTIFIERS = [template.identifier for template in grids.all()]
LAUNCH = "2026-09-01"  # after an environmental criterion became a duty


@pytest.fixture(scope="module")
def shapes() -> list[tuple[bool, set[str]]]:
    """Of each notice of the real corpus, whether it is a hospital's, and the shapes of its lots."""
    reading = notices.read(data_file("boamp/boamp_2021T1_criteres_ponderes.csv"))
    assert len(reading.notices) == grids.NOTICES
    return [(read.notice.health, {grid.shape() for grid in read.grids}) for read in reading.notices]


def texts(written: Any) -> list[dict[str, str]]:
    """Every text of a file, each {"en", "fr"}."""
    if isinstance(written, dict):
        own = [written] if "en" in written or "fr" in written else []
        return own + [text for value in written.values() for text in texts(value)]
    return [text for value in written for text in texts(value)] if isinstance(written, list) else []


def test_there_are_at_most_twenty_and_every_file_is_one_of_them() -> None:
    files = {path.stem for path in grids.FOLDER.glob("*.yaml")}
    assert files == {*IDENTIFIERS, "scales"}
    assert len(IDENTIFIERS) == len(set(IDENTIFIERS)) <= 20


@pytest.mark.parametrize("name", [*IDENTIFIERS, "scales"])
def test_every_text_is_there_in_both_languages_and_in_french_typography(name: str) -> None:
    found = texts(grids._read(name))
    assert found
    for text in found:
        assert set(text) == set(grids.LANGUAGES)
        assert text["en"] != text["fr"]
        assert re.search(r" [:;?!»]|« ", text["fr"]) is None  # an ordinary space may end a line there


def test_a_text_has_one_counterpart_in_the_other_language_whichever_template_it_stands_in() -> None:
    """What a lot announces is said in both languages by its words alone."""
    said = [text for name in [*IDENTIFIERS, "scales"] for text in texts(grids._read(name))]
    for language, other in (("en", "fr"), ("fr", "en")):
        for text in said:
            assert {each[other] for each in said if each[language] == text[language]} == {text[other]}
            assert wording.worded(text[language], other) == text[other]
            assert wording.worded(text[language], language) == text[language]


def test_a_text_of_no_template_stands_as_written() -> None:
    assert wording.worded("Prix du forfait annuel", "en") == "Prix du forfait annuel"
    assert not wording.is_templated("Prix du forfait annuel")


@pytest.mark.django_db
@pytest.mark.parametrize("language", grids.LANGUAGES)
@pytest.mark.parametrize("identifier", IDENTIFIERS)
def test_a_template_is_drafted_and_published_without_a_blocking_finding(
    identifier: str, language: str, buyer: Any
) -> None:
    lot = {**grids.lot_document(identifier, language), "items": documents.lot()["items"]}
    tender = services.draft_tender(document=documents.tender(launched_on=LAUNCH, lots=[lot]), by=buyer)
    found = checks.findings(tender.lots.get(), date(2026, 9, 1))
    assert [finding["code"] for finding in found if finding["severity"] in ("block", "warn")] == []
    services.publish(tender=tender, by=buyer, at=datetime(2026, 9, 1, 8, tzinfo=UTC))


@pytest.mark.parametrize("template", grids.all(), ids=IDENTIFIERS)
def test_a_template_has_an_environmental_criterion_and_a_price_or_a_life_cycle_cost(template: grids.Template) -> None:
    weights = weights_by_kind(template.written["criteria"])
    assert weights["environment"] >= 5
    assert {"price", "cost"} & set(weights)


@pytest.mark.parametrize("template", grids.all(), ids=IDENTIFIERS)
def test_the_minimum_of_a_criterion_is_a_step_of_its_scale_and_not_the_lowest(template: grids.Template) -> None:
    for criterion in template.lot("en")["criteria"]:
        if "minimum" in criterion:
            assert criterion["minimum"] in [step["value"] for step in criterion["steps"]][1:]


@pytest.mark.parametrize("template", grids.all(), ids=IDENTIFIERS)
def test_how_often_its_shape_was_seen_agrees_with_the_real_corpus(
    template: grids.Template, shapes: list[tuple[bool, set[str]]]
) -> None:
    hospitals = [health for health, found in shapes if template.shape in found]
    assert template.seen == grids.Seen(notices=len(hospitals), health=sum(hospitals))


def test_a_template_speaks_the_language_of_the_reader_and_english_where_it_has_none() -> None:
    template = grids.all()[0]
    with translation.override("fr"):
        assert template.title == "Médicaments\N{NO-BREAK SPACE}: génériques et équivalents"
    with translation.override("de"):
        assert template.title == "Medicines: generics and equivalents"
    assert grids.lot_document(template.identifier, "fr-be")["criteria"][0]["title"] == "Prix"


def test_an_identifier_that_no_template_has_is_said() -> None:
    with pytest.raises(grids.Unknown, match="scales"):
        grids.lot_document("scales", "en")


@pytest.mark.parametrize(
    ("weights", "shape"),
    [
        ([("price", "60"), ("quality", "40")], "price-60 quality-40"),
        ([("quality", "22.5"), ("price", "60"), ("quality", "17.5")], "price-60 quality-40"),
        ([("price", "57.5"), ("quality", "42.4"), ("environment", "0.1")], "price-60 quality-40 environment-5"),
        ([("price", "100"), ("quality", "0")], "price-100"),
        ([], ""),
    ],
)
def test_a_shape_adds_up_each_kind_and_rounds_to_five(weights: list[tuple[str, str]], shape: str) -> None:
    assert shape_of({"kind": kind, "weight": weight} for kind, weight in weights) == shape


def test_a_shape_is_told_in_words() -> None:
    assert told("price-60 quality-40") == "Price\N{NO-BREAK SPACE}60, Quality\N{NO-BREAK SPACE}40"
