"""A training copy: the rules at any time, the real bids only once every lot is decided."""

import pytest
from django.core.exceptions import PermissionDenied

from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.tenders.models import Bid, Lot, Stage, Tender
from procurement.tenders.rules import bid_documents, sha256
from procurement.tenders.services import copy_for_training, draft_tender, settle
from tests.ledger.told import reason_of
from tests.tenders import documents
from tests.tenders.conftest import NOW


def without_id(rules: dict[str, object]) -> dict[str, object]:
    tender = rules["tender"]
    assert isinstance(tender, dict)
    return {**rules, "tender": {**tender, "id": ""}}


def test_the_copy_of_an_open_procedure_has_its_rules_and_none_of_its_bids(
    bid: Bid, opened: Tender, buyer: User
) -> None:
    copy = copy_for_training(tender=opened, by=buyer, at=NOW)

    assert (copy.training, copy.copied_from, copy.stage) == (True, opened, Stage.PUBLISHED)
    assert copy.reference == "2026-014 T1"
    assert copy.opened_at is None
    lot = copy.lots.get()
    assert not lot.bids.exists()
    assert without_id(lot.rules) == without_id(opened.lots.get().rules)
    assert lot.rules["tender"]["id"] == "2026-014 T1/1"
    assert lot.rules_sha256 == sha256(lot.rules)
    assert Bid.objects.count() == 1


def test_one_undecided_lot_keeps_every_bid_out_of_the_copy(buyer: User, opened: Tender, bid: Bid) -> None:
    draft_tender(document=documents.tender(reference="other"), by=buyer, at=NOW)
    Lot.objects.filter(pk=bid.lot_id).update(stage=Stage.EVALUATED)
    settle(opened)

    copy_for_training(tender=opened, by=buyer, at=NOW)

    assert Bid.objects.count() == 1


def test_the_copy_of_a_decided_procedure_has_its_bids_under_the_same_keys(
    bid: Bid, lot: Lot, opened: Tender, buyer: User
) -> None:
    Lot.objects.update(stage=Stage.AWARDED)
    settle(opened)

    copy = copy_for_training(tender=opened, by=buyer, at=NOW)

    copied = copy.lots.get()
    assert (copy.stage, copied.stage, copy.opened_at) == (Stage.OPENED, Stage.OPENED, NOW)
    assert bid_documents(copied) == bid_documents(lot)
    assert [need.quantity for item in copied.items.all() for need in item.needs.all()] == [
        need.quantity for item in lot.items.all() for need in item.needs.all()
    ]
    assert copied.bids.get().pk != bid.pk


def test_a_draft_is_copied_as_a_draft(draft: Tender, buyer: User) -> None:
    copy = copy_for_training(tender=draft, by=buyer, at=NOW)

    assert (copy.stage, copy.lots.get().stage, copy.lots.get().rules) == (Stage.DRAFT, Stage.DRAFT, None)


def test_copies_are_numbered_and_recorded(opened: Tender, buyer: User) -> None:
    first = copy_for_training(tender=opened, by=buyer, at=NOW)
    second = copy_for_training(tender=opened, by=buyer, at=NOW)

    assert (first.reference, second.reference) == ("2026-014 T1", "2026-014 T2")
    line = Line.objects.filter(action="tender.copied_for_training").first()
    assert line is not None
    assert (line.object, reason_of(line)) == (f"tenders.Tender:{first.pk}", "2026-014")


def test_a_long_reference_keeps_the_number_of_the_copy(buyer: User) -> None:
    tender = draft_tender(document=documents.tender(reference="R" * 60), by=buyer, at=NOW)

    assert copy_for_training(tender=tender, by=buyer, at=NOW).reference == "R" * 57 + " T1"


def test_strangers_copy_nothing(opened: Tender, stranger: User) -> None:
    with pytest.raises(PermissionDenied):
        copy_for_training(tender=opened, by=stranger, at=NOW)
