"""A price schedule is written for a lot and read back into the document of a bid; every mistake is told at its cell."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from procurement.ledger.models import Line
from procurement.people.models import Role, User
from procurement.people.refusals import Invalid, Refused
from procurement.policies.models import PolicyVersion
from procurement.policies.seeded_texts import translated
from procurement.policies.services import seed
from procurement.registry.models import Supplier
from procurement.tenders import services
from procurement.tenders.models import Bid, Lot, Tender
from procurement.tenders.rules import bid_documents
from procurement.tenders.schedules import empty_schedule, read_schedule
from procurement.tenders.schedules.comparison import amount_of, answers, differences, registered_as, total_of
from tests.factories import UserFactory
from tests.tenders import documents
from tests.tenders.conftest import NOW, problems
from tests.tenders.filled import OFFER, altered, as_ods, entries, filled, part_of


def told(lot: Lot, **changes: Any) -> dict[str, str]:
    """What reading says, by cell, of the offer with some cells changed ("Prices_F5" for Prices!F5)."""
    cells = OFFER | {place.replace("_", "!"): value for place, value in changes.items()}
    with pytest.raises(Invalid) as refusal:
        read_schedule(filled(lot, cells), lot)
    return problems(refusal)


@pytest.mark.parametrize("form", [lambda content: content, as_ods], ids=["xlsx", "ods"])
def test_a_filled_schedule_is_the_document_of_the_bid(lot: Lot, form: Any) -> None:
    offered = read_schedule(form(filled(lot)), lot)

    whole = documents.bid()
    mine = {line["id"]: {"origins": [], **line} for line in whole["lines"]}
    mine["gloves"]["unit_price"] = "5.1"
    assert {line["id"]: line for line in offered.document["lines"]} == mine
    assert offered.tenderer == {
        "name": "MedTech Loire",
        "registration_number": "26440013600471",
        "address_country": "FR",
        "operator_country": "FR",
    }


def test_a_french_schedule_is_read_as_the_english_one(lot: Lot) -> None:
    # the sheets by their place, as their French names are the translator's
    french = entries(empty_schedule(lot, "fr"))["xl/workbook.xml"].decode()
    names = [part.split('"')[0] for part in french.split('<sheet name="')[1:]]
    english = ["Instructions", "Tenderer", "Members", "Prices", "Origins", "Lists"]
    cells = {f"{names[english.index(p.split('!')[0])]}!{p.split('!')[1]}": value for p, value in OFFER.items()}
    origin = next(place for place, value in cells.items() if value == "documented")

    offered = read_schedule(filled(lot, cells | {origin: "documenté"}, language="fr"), lot)

    assert offered.document == read_schedule(filled(lot), lot).document


def test_a_number_is_what_the_spreadsheet_shows_not_what_it_keeps(lot: Lot) -> None:
    # 2.005 has no exact binary form: some programs write 17 digits of it
    offered = read_schedule(filled(lot, OFFER | {"Prices!F6": 2.00499999999999989}), lot)

    assert offered.priced[1].unit_price == Decimal("2.005")


def test_what_is_computed_and_what_is_stated_stand_side_by_side(lot: Lot) -> None:
    # gloves: 50 × 5.10 = 255; masks: 100 × 2.005 = 200.50
    cells = OFFER | {"Prices!G5": 255, "Prices!G6": 200.5, "Prices!G7": 455.5}
    offered = read_schedule(filled(lot, cells), lot)
    assert str(total_of(offered).computed) == "455.50"
    assert differences(offered) == []

    offered = read_schedule(filled(lot, cells | {"Prices!G6": 2005, "Prices!G7": 2260}), lot)

    assert differences(offered) == [
        {"item": "masks-2r", "stated": "2005", "computed": "200.5"},
        {"item": "", "stated": "2260", "computed": "455.5"},
    ]
    assert offered.document["lines"][1]["unit_price"] == "2.005", "nothing is corrected"


def test_what_the_file_has_computed_is_kept_with_the_bid_as_it_stands_there(
    lot: Lot, supplier: Supplier, buyer: User
) -> None:
    content = filled(lot, OFFER | {"Prices!G5": 255, "Prices!G6": 2005, "Prices!G7": 2260})

    bid = services.enter_schedule(lot=lot, content=content, key="B1", tenderer="MedTech Loire", by=buyer, at=NOW)

    kept = {(each.what, str(each.value)) for each in bid.stated.all()}
    assert kept == {("line", "255"), ("line", "2005"), ("total_excl_vat", "2260")}
    assert str(bid.price) == "455.50", "nothing is corrected, and nothing computed from it"


@pytest.mark.parametrize(("stated", "differs"), [(255.005, False), (255.006, True), (254.995, False), (254.99, True)])
def test_half_a_cent_is_no_difference(lot: Lot, stated: float, differs: bool) -> None:
    offered = read_schedule(filled(lot, OFFER | {"Prices!G5": stated}), lot)

    assert amount_of(offered.priced[0]).differs is differs


def test_an_amount_that_no_program_has_computed_states_nothing(lot: Lot) -> None:
    offered = read_schedule(filled(lot), lot)

    assert (offered.priced[0].stated, offered.stated_total) == (None, None)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (None, "The unit price is missing."),
        ("=2+2", "A formula stands here"),
        ("12,50", "“12,50” is a text that looks like a number"),
        ("1 234.5", "looks like a number"),
        ("on request", "A number is due here, not “on request”."),
        (-1, "must not be negative"),
        (True, "A number is due here, not a truth value."),
        (1e19, "too large"),
        (1e-13, "more than 12 decimals"),
        (float("nan"), ""),
    ],
)
def test_what_is_no_unit_price_is_told_at_its_cell(lot: Lot, value: Any, sentence: str) -> None:
    assert sentence in told(lot, Prices_F5=value)["Prices!F5"]


def test_a_date_is_no_price(lot: Lot) -> None:
    content = filled(lot, OFFER | {"Prices!F5": 45000})
    part = part_of(content, "Prices")
    styles = entries(content)["xl/styles.xml"].decode()
    first = styles.index("<cellXfs")
    content = altered(
        content, "xl/styles.xml", lambda xml: xml[:first] + xml[first:].replace('numFmtId="0"', 'numFmtId="14"', 1)
    )
    content = altered(content, part, lambda xml: xml.replace('<c r="F5" s="', '<c r="F5" s="0" was="'))
    with pytest.raises(Invalid) as refusal:
        read_schedule(content, lot)

    assert problems(refusal)["Prices!F5"] == "A number is due here, not a date."


@pytest.mark.parametrize("place", ["Prices!F5", "Origins!C5", "Tenderer!B8"])
def test_an_error_of_the_spreadsheet_is_no_empty_cell(lot: Lot, place: str) -> None:
    content = filled(lot, OFFER | {place: 1})
    sheet, cell = place.split("!")
    written = rf'(<c r="{cell}"[^>]*)><v>1</v>'
    content = altered(content, part_of(content, sheet), lambda xml: re.sub(written, r'\1 t="e"><v>#DIV/0!</v>', xml))
    with pytest.raises(Invalid) as refusal:
        read_schedule(content, lot)

    assert problems(refusal) == {
        place: "An error of the spreadsheet stands here (as of a division by zero): write the value itself."
    }


def test_a_country_in_words_is_told_what_would_be_right(lot: Lot) -> None:
    assert told(lot, Tenderer_B7="Allemagne") == {
        "Tenderer!B7": "A country is due here as its two letters (FR); the sheet Lists has them."
    }


def test_a_cell_is_quoted_as_the_reader_quotes(lot: Lot) -> None:
    with translation.override("fr"), pytest.raises(Invalid) as refusal:
        read_schedule(filled(lot, OFFER | {"Prices!F5": "12,50"}), lot)

    assert problems(refusal)["Prices!F5"].startswith("«\N{NO-BREAK SPACE}12,50\N{NO-BREAK SPACE}»")


def test_every_mistake_is_told_at_once(lot: Lot) -> None:
    found = told(lot, Prices_F5="free", Origins_A5="masks", Origins_B6="France", Tenderer_B7="Allemagne", Prices_C6=99)

    assert set(found) == {"Prices!F5", "Prices!C6", "Origins!A5", "Origins!A6", "Tenderer!B7"}
    assert found["Origins!A5"] == "The lot has no item “masks”."
    assert "the lot asks for 100" in found["Prices!C6"]


def test_an_origin_is_whole_or_told(lot: Lot) -> None:
    found = told(lot, Origins_B5="France", Origins_C5=None, Origins_D5="sworn")

    assert "two letters" in found["Origins!B5"]
    assert "share of the value is missing" in found["Origins!C5"]
    assert "declared" in found["Origins!D5"]


def test_shares_beyond_the_whole_are_told_where_they_stand(lot: Lot) -> None:
    more = {"Origins_A6": "masks-2r", "Origins_B6": "DE", "Origins_C6": 40}

    assert [place for place in told(lot, **more) if place.startswith("Origins!C")]


def test_a_line_of_the_schedule_is_neither_added_nor_doubled_nor_taken_out(lot: Lot) -> None:
    assert told(lot, Prices_A5="bandage")["Prices!A5"] == "The lot has no item “bandage”."
    assert told(lot, Prices_A5="masks-2r")["Prices!A6"] == "The item masks-2r stands on two rows."
    assert told(lot, Prices_A5="masks-2r")["Prices"] == "The rows of these items are missing: gloves."


def test_without_a_name_there_is_no_tenderer(lot: Lot) -> None:
    assert told(lot, Tenderer_B5=None) == {"Tenderer!B5": "The name of the tenderer is missing."}


@pytest.mark.parametrize(
    ("row", "mark", "sentence"),
    [
        ("B5", "bareme-schedule/9", "no price schedule"),
        ("B6", "0", "another lot"),
        ("B7", "0" * 64, "other published rules"),
    ],
)
def test_a_schedule_of_another_lot_or_of_other_rules_is_refused(lot: Lot, row: str, mark: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        read_schedule(filled(lot, OFFER | {f"Instructions!{row}": mark}), lot)


def test_evidence_is_asked_for_by_indicator_of_the_policy(policy: PolicyVersion, buyer: User) -> None:
    lot = opened_lot(buyer, policy={"id": policy.policy.identifier, "version": 1})
    cells = OFFER | {"Environment!C5": 2.5, "Environment!D5": "Verified"}

    assert read_schedule(filled(lot, cells), lot).document["environment"] == {
        "carbon": {"value": "2.5", "assurance": "verified"}
    }
    with pytest.raises(Invalid) as refusal:
        read_schedule(filled(lot, cells | {"Environment!C5": "little"}), lot)
    assert problems(refusal) == {"Environment!C5": "A number is due here, not “little”."}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_kind_of_evidence_is_written_in_either_language_and_no_other_way(buyer: User, language: str) -> None:
    """A label that the policy does not have gives no point: a file that has one must not be read as if it did."""
    drafter, approver = UserFactory.create_batch(2, role=Role.POLICY_OFFICER)
    seed(drafter=drafter, approver=approver, at=NOW)
    lot = opened_lot(buyer, policy={"id": "rules-in-force-2026", "version": 1})
    with translation.override("fr"):
        french = translated("EPD not verified")

    for written in ("EPD not verified", french, french.upper()):
        cells = OFFER | {"Environment!C6": written}
        assert read_schedule(filled(lot, cells), lot).document["environment"] == {
            "product-declaration": {"value": "EPD not verified", "assurance": "declared"}
        }
    with translation.override(language), pytest.raises(Invalid) as refusal:
        read_schedule(filled(lot, OFFER | {"Environment!C6": "EPD"}), lot)

    expected = {"en": "EPD not verified / EPD verified by a third party", "fr": french}[language]
    assert expected in problems(refusal)["Environment!C6"]
    asked = entries(empty_schedule(lot, language))["xl/sharedStrings.xml"].decode()
    assert expected in asked


def test_a_life_cycle_cost_is_asked_for_where_it_is_judged(buyer: User) -> None:
    criteria = documents.criteria()
    criteria[0]["kind"] = "cost"
    lot = opened_lot(buyer, criteria=criteria)

    assert read_schedule(filled(lot, OFFER | {"Prices!F8": 9000.5}), lot).document["cost"] == "9000.5"


def opened_lot(buyer: User, *, reference: str = "2026-014", **changes: Any) -> Lot:
    document = documents.tender(reference=reference, lots=[documents.lot(**changes)])
    tender: Tender = services.draft_tender(document=document, by=buyer, at=NOW)
    services.publish(tender=tender, by=buyer, at=NOW)
    services.open_bids(tender=tender, by=buyer, at=NOW)
    return tender.lots.get()


def test_a_schedule_costs_the_same_queries_for_one_item_and_for_ten(
    buyer: User, django_assert_num_queries: Any
) -> None:
    item = documents.lot()["items"][0]
    one = opened_lot(buyer, items=[item])
    ten = opened_lot(buyer, reference="2026-015", items=[{**item, "id": f"i{n}"} for n in range(10)])
    for lot in (one, ten):
        row = Lot.objects.select_related("tender", "policy_version__policy").get(pk=lot.pk)
        with django_assert_num_queries(3):
            empty_schedule(row, "en")


# The service


def enter(lot: Lot, by: User, **changes: Any) -> Bid:
    given = {"content": filled(lot), "key": "offer-1", "tenderer": "MedTech Loire", **changes}
    return services.enter_schedule(lot=lot, by=by, at=NOW, **given)


def test_a_schedule_is_entered_as_the_same_bid_that_the_api_would_enter(
    lot: Lot, supplier: Supplier, buyer: User
) -> None:
    bid = enter(lot, buyer)

    [document] = bid_documents(lot)
    assert (document["price"], document["supplier"]) == ("455.5", {"name": "MedTech Loire", "country": "FR"})
    assert [line.action for line in Line.objects.order_by("sequence")][-2:] == ["bid.entered", "bid.schedule_read"]
    assert Line.objects.get(action="bid.schedule_read").object == f"tenders.Bid:{bid.pk}"


def test_a_tenderer_the_register_does_not_have_is_entered_in_it_when_asked(lot: Lot, buyer: User) -> None:
    with pytest.raises(Invalid, match="register it first"):
        enter(lot, buyer)
    enter(lot, buyer, register=True, basis="constitution")

    supplier = Supplier.objects.get()
    assert (supplier.registration_number, supplier.operator_country) == ("26440013600471", "FR")


def test_without_its_basis_an_origin_is_registered_as_unknown(lot: Lot, buyer: User) -> None:
    assert enter(lot, buyer, register=True).operator_country == ""


def test_what_the_register_says_otherwise_is_shown(lot: Lot, supplier: Supplier) -> None:
    cells = OFFER | {"Tenderer!B8": "CN"}
    offered = read_schedule(filled(lot, cells), lot)

    found = {answer.stated: answer.differs for answer in answers(offered, registered_as(offered))}

    assert found["CN"] is True
    assert found["MedTech Loire"] is False


def test_a_tenderer_is_found_by_its_number_when_only_one_has_it(lot: Lot, supplier: Supplier) -> None:
    Supplier.objects.update(registration_number="26440013600471")
    offered = read_schedule(filled(lot, OFFER | {"Tenderer!B5": "MEDTECH LOIRE SAS"}), lot)
    assert registered_as(offered) == supplier

    Supplier.objects.create(name="Its sister", registration_number="26440013600471")

    assert registered_as(offered) is None


def test_a_tenderer_is_found_whatever_its_capitals_and_the_groups_of_its_number(lot: Lot, supplier: Supplier) -> None:
    assert registered_as(read_schedule(filled(lot, OFFER | {"Tenderer!B5": "MEDTECH LOIRE"}), lot)) == supplier

    Supplier.objects.update(registration_number="26440013600471")
    grouped = OFFER | {"Tenderer!B5": "MTL SAS", "Tenderer!B6": "264 400 136 00471"}
    assert registered_as(read_schedule(filled(lot, grouped), lot)) == supplier


def test_before_the_opening_no_schedule_is_read(published: Tender, buyer: User) -> None:
    lot = published.lots.get()
    with pytest.raises(Refused, match="not opened yet"):
        services.read_received(lot=lot, content=filled(lot))


def test_a_schedule_is_no_way_into_the_lot_of_another_hospital(lot: Lot, supplier: Supplier, stranger: User) -> None:
    with pytest.raises(PermissionDenied):
        enter(lot, stranger)
    assert not Bid.objects.exists()
