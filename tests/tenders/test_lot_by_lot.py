"""A draft grows and shrinks lot by lot, and never loses what somebody else wrote meanwhile."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.people.refusals import Invalid, Refused, Stale
from procurement.tenders import drafted
from procurement.tenders.models import Lot, Tender
from procurement.tenders.rules import sha256
from procurement.tenders.services import (
    add_lot,
    change_lot,
    change_terms,
    copy_for_training,
    draft_tender,
    drop_lot,
    drop_tender,
    publish,
)
from procurement.tenders.services.drafting import held_draft, held_lot
from tests.tenders import documents
from tests.tenders.conftest import NOW, problems

STEPS = [{"value": "0", "meaning": "Nothing is proposed"}, {"value": "10", "meaning": "All is proposed and proved"}]


def full_lot() -> dict[str, Any]:
    """A lot that says all a lot may say, in the form `drafted` gives it back."""
    price, quality, carbon = documents.criteria()
    items = documents.lot()["items"]
    return documents.lot(
        number=1,
        cpv="33140000",
        criteria=[
            {**price, "formula": "linear_lowest", "params": {"floor": "no"}, "counts_environment": False},
            {**quality, "steps": STEPS, "params": {}, "counts_environment": False},
            {**carbon, "params": {}, "counts_environment": True},
        ],
        items=[{**items[1], "vat_rate": "5.5"}, items[0]],
        policy=None,
        rounding={"decimals": 3},
        tie_break=["higher_environment", "lower_price"],
        anonymous=True,
        two_envelopes=True,
        plausible_prices={"low": "900", "high": "1400.5"},
    )


def terms(tender: Tender, **changes: Any) -> dict[str, Any]:
    return {**drafted.terms_document(tender), **changes}


def test_a_draft_may_wait_for_its_lots_but_is_not_published_without_one(buyer: User) -> None:
    empty = draft_tender(document=documents.tender(lots=[]), by=buyer, at=NOW)

    with pytest.raises(Refused, match="Draft a lot"):
        publish(tender=empty, by=buyer, at=NOW)
    copy = copy_for_training(tender=empty, by=buyer, at=NOW)

    assert copy.stage == "draft"


def test_a_lot_reads_back_as_the_document_it_was_drafted_from(draft: Tender, buyer: User) -> None:
    lot = draft.lots.get()

    change_lot(lot=lot, document=full_lot(), by=buyer, at=NOW)

    assert drafted.lot_documents(draft) == [full_lot()]
    assert drafted.draft_digest(lot) == sha256(full_lot())


def test_terms_read_back_as_the_document_they_were_drafted_from(draft: Tender, buyer: User) -> None:
    document = {name: value for name, value in documents.tender().items() if name != "lots"}
    framework = {**document["framework"], "maximum": "800000.5"}

    assert terms(draft) == {
        **document,
        "framework": framework,
        "currency": "EUR",
        "price_basis": "excl_vat",
        "training": False,
    }


def test_reading_lots_back_takes_the_same_queries_for_one_and_for_ten(draft: Tender, buyer: User) -> None:
    with CaptureQueriesContext(
        connection,
    ) as one:
        drafted.lot_documents(draft)
    for number in range(2, 11):
        add_lot(tender=draft, document=documents.lot(number=number), by=buyer, at=NOW)
    with CaptureQueriesContext(connection) as ten:
        drafted.lot_documents(draft)

    assert len(ten) == len(one) <= 5


def test_a_lot_is_added_under_the_next_number(draft: Tender, buyer: User) -> None:
    lot = add_lot(tender=draft, document=documents.lot(title="More"), by=buyer, at=NOW)

    assert lot.number == 2
    line = Line.objects.get(action="lot.drafted")
    assert (line.object, line.after) == (f"tenders.Lot:{lot.pk}", sha256(documents.lot(title="More")))


def test_a_lot_is_not_added_under_a_number_that_is_taken(draft: Tender, buyer: User) -> None:
    with pytest.raises(Invalid) as refusal:
        add_lot(tender=draft, document=documents.lot(number=1), by=buyer, at=NOW)

    assert "already has a lot 1" in problems(refusal)["/number"]
    assert draft.lots.count() == 1


def test_a_training_copy_has_steps_rates_and_envelopes(draft: Tender, buyer: User) -> None:
    change_lot(lot=draft.lots.get(), document=full_lot(), by=buyer, at=NOW)

    copy = copy_for_training(tender=draft, by=buyer, at=NOW)

    assert drafted.lot_documents(copy) == [full_lot()]


@pytest.mark.parametrize(
    ("criterion", "changes", "pointer", "said"),
    [
        (1, {"steps": [{"value": "11", "meaning": "Too much"}]}, "/criteria/1/steps/0/value", "highest mark, 10"),
        (1, {"steps": STEPS[::-1]}, "/criteria/1/steps/1/value", "lowest mark to the highest"),
        (1, {"steps": [STEPS[0], STEPS[0]]}, "/criteria/1/steps/1/value", "each once"),
        (1, {"steps": [{"value": "0", "meaning": " "}]}, "/criteria/1/steps/0/meaning", "1 to 500"),
        (1, {"steps": [{"value": "0"}]}, "/criteria/1/steps/0/meaning", "missing"),
        (1, {"steps": "all"}, "/criteria/1/steps", "list"),
        (1, {"steps": [{"value": "ten", "meaning": "Ten"}]}, "/criteria/1/steps/0/value", "plain decimal"),
        (0, {"steps": STEPS}, "/criteria/0/steps", "not marked"),
        (0, {"scale": "10"}, "/criteria/0/scale", "not marked"),
        (0, {"minimum": "2"}, "/criteria/0/minimum", "not marked"),
    ],
)
def test_the_scale_of_a_criterion_is_read_at_its_place(
    draft: Tender, buyer: User, criterion: int, changes: dict[str, Any], pointer: str, said: str
) -> None:
    criteria = documents.criteria()
    criteria[criterion].update(changes)

    with pytest.raises(Invalid) as refusal:
        change_lot(lot=draft.lots.get(), document=documents.lot(criteria=criteria), by=buyer, at=NOW)

    assert said in problems(refusal)[pointer]


@pytest.mark.parametrize("rate", ["-1", "100.01", "5.555", "twenty", 20])
def test_a_rate_of_vat_is_a_percentage(draft: Tender, buyer: User, rate: object) -> None:
    document = documents.lot()
    document["items"][0]["vat_rate"] = rate

    with pytest.raises(Invalid) as refusal:
        change_lot(lot=draft.lots.get(), document=document, by=buyer, at=NOW)

    assert "/items/0/vat_rate" in problems(refusal)


@pytest.mark.parametrize(
    ("prices", "pointer", "sentence"),
    [
        ({"low": "900", "high": "900.00"}, "/plausible_prices/high", "must be above the lowest"),
        ({"low": "0", "high": "900"}, "/plausible_prices/low", "greater than 0"),
        ({"low": "900", "high": "900.005"}, "/plausible_prices/high", "2 decimals"),
        ({"low": "900"}, "/plausible_prices/high", "missing"),
    ],
)
def test_plausible_prices_are_two_amounts_one_above_the_other(
    draft: Tender, buyer: User, prices: dict[str, str], pointer: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        change_lot(lot=draft.lots.get(), document=documents.lot(plausible_prices=prices), by=buyer, at=NOW)

    assert list(problems(refusal)) == [pointer]
    assert sentence in problems(refusal)[pointer]


def test_terms_change_and_the_lots_stay(draft: Tender, buyer: User) -> None:
    lot = draft.lots.get()

    change_terms(tender=draft, document=terms(draft, title="Masks"), by=buyer, at=NOW)

    assert draft.title == "Masks"
    assert draft.lots.get() == lot
    assert Line.objects.get(action="tender.terms_changed").after == sha256(terms(draft))


def test_terms_that_do_not_fit_the_lots_are_refused(draft: Tender, buyer: User, stranger: User) -> None:
    with pytest.raises(Invalid) as refusal:
        change_terms(tender=draft, document=terms(draft, contracting_body="000000002"), by=buyer, at=NOW)
    assert "/contracting_body" in problems(refusal)

    with pytest.raises(Invalid):
        change_terms(tender=draft, document=documents.tender(), by=buyer, at=NOW)
    with pytest.raises(Invalid):
        change_terms(tender=draft, document=[], by=buyer, at=NOW)


def test_nobody_writes_over_what_somebody_else_wrote_meanwhile(draft: Tender, buyer: User) -> None:
    lot = draft.lots.get()
    read, terms_read = drafted.draft_digest(lot), sha256(terms(draft))
    change_lot(lot=lot, document=documents.lot(title="Mine"), by=buyer, at=NOW, read=read)
    change_terms(tender=draft, document=terms(draft, title="Mine"), by=buyer, at=NOW, read=terms_read)

    with pytest.raises(Stale):
        change_lot(lot=lot, document=documents.lot(title="Yours"), by=buyer, at=NOW, read=read)
    with pytest.raises(Stale):
        change_terms(tender=draft, document=terms(draft, title="Yours"), by=buyer, at=NOW, read=terms_read)

    assert (draft.lots.get().title, Tender.objects.get().title) == ("Mine", "Mine")


def test_what_somebody_has_just_dropped_is_not_written_over(draft: Tender) -> None:
    """Between the permission and the lock: the row that was looked at is gone."""
    lot = draft.lots.get()
    Tender.objects.filter(pk=draft.pk).delete()
    for held, row in ((held_lot, lot), (held_draft, draft)):
        with pytest.raises(Stale, match="nothing of yours was saved"):
            held(row)


def test_a_lot_is_taken_out_of_a_draft_and_the_record_says_what_it_was(draft: Tender, buyer: User) -> None:
    lot = draft.lots.get()
    before = drafted.draft_digest(lot)

    drop_lot(lot=lot, by=buyer, at=NOW)

    assert not Lot.objects.exists()
    line = Line.objects.get(action="lot.dropped")
    assert (line.object, line.before) == (f"tenders.Lot:{lot.pk}", before)


def test_a_draft_is_deleted_whole(draft: Tender, buyer: User) -> None:
    drop_tender(tender=draft, by=buyer, at=NOW)

    assert not Tender.objects.exists()
    assert Line.objects.get(action="tender.dropped").object == f"tenders.Tender:{draft.pk}"


def test_a_draft_that_was_copied_waits_for_its_copy(draft: Tender, buyer: User) -> None:
    copy = copy_for_training(tender=draft, by=buyer, at=NOW)

    with pytest.raises(Refused, match="training copy"):
        drop_tender(tender=draft, by=buyer, at=NOW)

    drop_tender(tender=copy, by=buyer, at=NOW)
    drop_tender(tender=draft, by=buyer, at=NOW)
    assert not Tender.objects.exists()


def test_what_is_published_is_neither_added_to_nor_taken_away(published: Tender, buyer: User) -> None:
    lot = published.lots.get()

    for refused in (
        lambda: add_lot(tender=published, document=documents.lot(), by=buyer, at=NOW),
        lambda: change_terms(tender=published, document=terms(published), by=buyer, at=NOW),
        lambda: drop_lot(lot=lot, by=buyer, at=NOW),
        lambda: drop_tender(tender=published, by=buyer, at=NOW),
    ):
        with pytest.raises(Refused, match="published"):
            refused()
    assert published.lots.get() == lot


def test_strangers_neither_add_nor_take_away(draft: Tender, stranger: User) -> None:
    lot = draft.lots.get()

    for refused in (
        lambda: add_lot(tender=draft, document=documents.lot(), by=stranger, at=NOW),
        lambda: change_terms(tender=draft, document=terms(draft), by=stranger, at=NOW),
        lambda: drop_lot(lot=lot, by=stranger, at=NOW),
        lambda: drop_tender(tender=draft, by=stranger, at=NOW),
    ):
        with pytest.raises(PermissionDenied):
            refused()
    assert draft.lots.get() == lot
