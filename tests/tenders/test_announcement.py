"""What a lot announces: its règlement on criteria in two languages, frozen, hashed, recorded."""

from fractions import Fraction
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.policies.models import PolicyVersion
from procurement.tenders import grids
from procurement.tenders.models import Announcement, Lot, Tender
from procurement.tenders.regulation import texts
from procurement.tenders.regulation.announcement import announcement_of, as_written
from procurement.tenders.rules import rules_of
from procurement.tenders.services import copy_for_training, draft_tender, publish
from scoring.canonical import sha256
from scoring.formulas import FORMULAS
from scoring.parameters import all_parameters
from tests.tenders import documents
from tests.tenders.announced.words import text_of
from tests.tenders.conftest import NOW

PARAMS: dict[str, dict[str, str]] = {"absolute_linear": {"ceiling": "200000", "floor_price": "100000"}}


def announced(buyer: User, *, lot: dict[str, Any] | None = None, **changes: Any) -> Announcement:
    """The announcement of a tender of one lot, published."""
    tender = draft_tender(document=documents.tender(lots=[lot or documents.lot()], **changes), by=buyer, at=NOW)
    publish(tender=tender, by=buyer, at=NOW)
    return Announcement.objects.get(lot__tender=tender)


def english(announcement: Announcement) -> str:
    return text_of(announcement.document, "en")


def test_publication_keeps_the_announcement_of_every_lot_and_records_their_hashes(buyer: User) -> None:
    lots = [documents.lot(), documents.lot(title="More masks")]
    tender = draft_tender(document=documents.tender(lots=lots), by=buyer, at=NOW)
    publish(tender=tender, by=buyer, at=NOW)

    kept = {str(each.lot.number): each for each in Announcement.objects.select_related("lot")}
    assert sorted(kept) == ["1", "2"]
    for each in kept.values():
        assert each.sha256 == sha256(each.document)
        assert each.document["rules_sha256"] == each.lot.rules_sha256
    line = Line.objects.get(action="tender.announced")
    assert line.after == sha256({number: each.sha256 for number, each in kept.items()})
    assert sha256({number: each.lot.rules_sha256 for number, each in kept.items()}) == (
        Line.objects.get(action="tender.published").after
    )


def test_the_rules_keep_their_five_keys(buyer: User) -> None:
    assert set(announced(buyer).lot.rules or {}) == {"tender", "rounding", "criteria", "tie_break", "policy"}


@pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"document": {}}])
def test_the_database_itself_keeps_an_announcement_as_it_is(buyer: User, change: dict[str, Any]) -> None:
    announced(buyer)
    with pytest.raises(DatabaseError), transaction.atomic():
        Announcement.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Announcement.objects.all().delete()


def test_the_announcement_is_made_of_what_is_frozen(buyer: User) -> None:
    kept = announced(buyer)
    lot = Lot.objects.for_rules().get()
    again = announcement_of(lot, lot.rules or {}, lot.rules_sha256, on=NOW.date())
    assert again == kept.document
    assert sha256(rules_of(lot)) == kept.document["rules_sha256"]


def test_the_reader_s_language_changes_nothing_of_it(buyer: User) -> None:
    with translation.override("fr"):
        french = announced(buyer, reference="same")
    assert "Critères de jugement des offres" in text_of(french.document, "fr")
    assert "Award criteria" in text_of(french.document, "en")


def test_a_copy_for_training_announces_nothing(published: Tender, buyer: User) -> None:
    copy = copy_for_training(tender=published, by=buyer, at=NOW)
    assert not Announcement.objects.filter(lot__tender=copy).exists()


def test_a_training_draft_that_is_published_says_that_it_is_no_real_procedure(
    buyer: User, proposal: PolicyVersion
) -> None:
    lot = documents.lot(policy={"id": "proposal-2020", "version": 1})
    text = english(announced(buyer, lot=lot, training=True))
    assert "announces no real procedure" in text
    assert "is a proposal, not law" in text


def test_a_bonus_dilutes_the_weights_exactly(buyer: User, policy: PolicyVersion) -> None:
    kept = announced(buyer, lot=documents.lot(policy={"id": "environment-2026", "version": 1}))
    weights = {key: Fraction(weight) for key, weight in kept.document["effective_weights"].items()}
    assert weights == {"price": Fraction(60, 104), "quality": Fraction(30, 104), "carbon": Fraction(10, 104)}
    assert "57.69" in english(kept)
    assert "at most 4 points" in english(kept)


def test_without_a_bonus_weights_are_as_they_stand(buyer: User) -> None:
    kept = announced(buyer)
    assert kept.document["effective_weights"] == {}
    assert "Effective weight" not in english(kept)
    assert "No preference policy applies" in english(kept)


def test_steps_and_marks_that_eliminate_are_told(buyer: User) -> None:
    lot = documents.lot()
    lot["criteria"][1]["steps"] = [{"value": "0", "meaning": "nothing"}, {"value": "2.5", "meaning": "a little"}]
    kept = announced(buyer, lot=lot)
    assert kept.document["steps"] == {"quality": lot["criteria"][1]["steps"]}
    assert "2.5 | a little" in english(kept)
    assert "A bid with a mark below 2 on “Technical value” is eliminated." in english(kept)
    assert "No mark eliminates a bid." not in english(kept)


@pytest.mark.parametrize("name", ["anonymous", "two_envelopes"])
def test_envelopes_and_names_are_told_where_they_are_kept_from_evaluators(buyer: User, name: str) -> None:
    kept = announced(buyer, lot=documents.lot(**{name: True}))
    assert kept.document[name] is True
    assert texts.sentences()[name]["en"] in english(kept)
    assert texts.sentences()[name]["fr"] in text_of(kept.document, "fr")


def test_nothing_is_said_of_envelopes_where_there_are_none(buyer: User) -> None:
    assert "How bids are judged" not in english(announced(buyer))


@pytest.mark.parametrize("formula", FORMULAS)
def test_every_formula_has_its_words_and_its_example(buyer: User, formula: str) -> None:
    lot = documents.lot()
    place = 0 if FORMULAS[formula].on == "price" else 1
    lot["criteria"][place].update(formula=formula, params=PARAMS.get(formula, {}))
    kept = announced(buyer, lot=lot)
    words = texts.sentences()[formula]
    assert words["en"].split("{")[0] in english(kept)
    assert words["fr"].split("{")[0] in text_of(kept.document, "fr")


@pytest.mark.parametrize(
    ("formula", "points"),
    [
        ("lowest_ratio", "48.00"),  # 60 × 100 ÷ 125
        ("linear_lowest", "45.00"),  # 60 × (2 − 1.25)
        ("high_low", "30.00"),  # 60 × 25 ÷ 50
        ("squared_ratio", "38.40"),  # 60 × 0.64
        ("mean_bounded", "30.00"),  # 30 × (2 − 1)
        ("absolute_linear", "30.00"),  # half way
    ],
)
def test_the_example_of_a_price_is_what_its_formula_gives(buyer: User, formula: str, points: str) -> None:
    lot = documents.lot()
    lot["criteria"][0].update(formula=formula, params=PARAMS.get(formula, {}))
    assert f"receives {points} points out of 60." in english(announced(buyer, lot=lot))


def test_prices_of_a_framework_agreement_are_compared_on_estimated_quantities(buyer: User) -> None:
    assert "estimated quantities (DQE)" in english(announced(buyer))
    assert "estimated quantities (DQE)" not in english(
        announced(buyer, technique="none", framework=None, reference="ordinary", price_basis="incl_vat")
    )
    assert "including VAT" in english(Announcement.objects.get(lot__tender__reference="ordinary"))


@pytest.mark.parametrize(("value", "applies"), [("5000000", True), ("4999999", False), (None, False)])
def test_the_measure_on_medical_devices_is_told_where_its_conditions_hold(
    buyer: User, value: str | None, applies: bool
) -> None:
    kept = announced(buyer, estimated_value=value, ipi_announced=True)
    assert ("International Procurement Instrument" in english(kept)) is applies
    assert ("originaires" in text_of(kept.document, "fr")) is applies


def test_nothing_that_is_only_recalled_is_cited(buyer: User, policy: PolicyVersion) -> None:
    """Every reference that stands in a text is one that was read or reported."""
    recalled = {line.reference.article for line in all_parameters() if line.mark == "R"}
    known = {line.reference.article for line in all_parameters() if line.mark != "R"}
    with_policy = documents.lot(policy={"id": "environment-2026", "version": 1})
    text = english(announced(buyer, lot=with_policy, estimated_value="6000000", ipi_announced=True))
    assert any(article in text for article in known)
    assert [article for article in recalled - known if article in text] == []


def test_titles_stand_as_they_were_written(buyer: User) -> None:
    hostile = "=HYPERLINK(1) {title} <b>&amp;</b> {0} %(x)s"
    lot = documents.lot(title=hostile)
    lot["criteria"][0]["title"] = hostile
    text = english(announced(buyer, lot=lot))
    assert f"Lot 1: {hostile}" in text
    assert f"{hostile} (60 points)" in text


def drafted_in(language: str, **changes: Any) -> dict[str, Any]:
    """A lot started from the template for cleaning by somebody who reads ``language``."""
    return {**grids.lot_document("cleaning", language), "items": documents.lot()["items"], **changes}


@pytest.mark.parametrize("language", grids.LANGUAGES)
def test_a_lot_from_a_template_is_announced_in_each_language_whoever_drafted_it(buyer: User, language: str) -> None:
    kept = announced(buyer, lot=drafted_in(language), launched_on="2026-09-01")
    french, said = text_of(kept.document, "fr"), english(kept)
    assert "Lot 1\N{NO-BREAK SPACE}: Nettoyage des locaux." in french
    assert "Valeur technique, sous-critère\N{NO-BREAK SPACE}: Autocontrôle et continuité du service" in french
    assert "4 | Répond à toutes les attentes et va au-delà d'une façon utile aux services." in french
    assert "Lot 1: Cleaning of premises." in said
    assert "Technical value, of which: Self-monitoring and continuity of service" in said
    assert "Prix" not in said
    assert "Price |" not in french


def test_a_title_that_its_buyer_changed_stands_as_written_in_both(buyer: User) -> None:
    lot = drafted_in("fr", title="Vitrerie")
    lot["criteria"][0]["title"] = "Prix du forfait annuel"
    kept = announced(buyer, lot=lot, launched_on="2026-09-01")
    for language in texts.LANGUAGES:
        assert "Vitrerie" in text_of(kept.document, language)
        assert "Prix du forfait annuel" in text_of(kept.document, language)
    assert as_written(Lot.objects.for_rules().get()) == ["Vitrerie", "Prix du forfait annuel"]


@pytest.mark.parametrize(("decimals", "words"), [(0, "to whole points"), (1, "to 1 decimal,"), (3, "to 3 decimals")])
def test_rounding_is_told_in_words(buyer: User, decimals: int, words: str) -> None:
    assert words in english(announced(buyer, lot=documents.lot(rounding={"decimals": decimals})))


def test_every_sentence_has_both_languages_and_fills_in_the_same_names() -> None:
    for key, sentence in texts.sentences().items():
        assert set(sentence) == set(texts.LANGUAGES), key
        assert names(sentence["en"]) == names(sentence["fr"]), key


def names(sentence: str) -> set[str]:
    return {part.partition("}")[0] for part in sentence.split("{")[1:]}
