"""Until when environmental evidence is valid: handed in by every door, shown, recorded, and never scored."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.people.refusals import Invalid
from procurement.policies.models import PolicyVersion
from procurement.registry.models import Supplier
from procurement.tenders import services
from procurement.tenders.bid_forms.evidence import EvidenceForm
from procurement.tenders.models import Bid, Lot
from procurement.tenders.proofs.expiry import had_expired, received_on
from procurement.tenders.rules import bid_documents
from procurement.tenders.schedules import read_schedule
from tests.tenders import documents
from tests.tenders.conftest import NOW
from tests.tenders.filled import OFFER, altered, as_ods, filled
from tests.tenders.test_schedules import opened_lot, problems

EXCEL_DAY = 46_082  # 2026-03-01, as a spreadsheet counts days


def bid_with(lot: Lot, by: User, expires_on: Any, **changes: Any) -> Bid:
    piece = {"value": "2.5", "assurance": "verified", "expires_on": expires_on}
    return services.enter_bid(lot=lot, document=documents.bid(environment={"carbon": piece}, **changes), by=by, at=NOW)


def page(person: User, bid: Bid) -> str:
    client = Client()
    client.force_login(person)
    client.cookies["language"] = "en"
    return client.get(reverse("evaluation:bid", args=[bid.lot_id, bid.key])).content.decode()


def test_expired_evidence_is_told_on_the_page_and_stays_in_the_case(lot: Lot, supplier: Supplier, buyer: User) -> None:
    """Received on 1 October 2026."""
    bid = bid_with(lot, buyer, "2026-09-30")

    assert bid.evidence.get().expires_on == date(2026, 9, 30)
    assert bid_documents(lot)[0]["environment"] == {"carbon": {"value": "2.5", "assurance": "verified"}}
    shown = page(buyer, bid)
    assert "had expired when the bid was received, 1 October 2026" in shown
    assert "whether expired evidence counts is for the buyer to decide" in shown
    assert "valid until 30 September 2026" in shown


def test_evidence_valid_on_the_day_itself_had_not_expired(lot: Lot, supplier: Supplier, buyer: User) -> None:
    shown = page(buyer, bid_with(lot, buyer, "2026-10-01"))
    assert "valid until 1 October 2026" in shown
    assert "had expired" not in shown


@pytest.mark.parametrize("expires_on", [None, "absent"])
def test_evidence_without_an_end_never_expires(expires_on: Any, lot: Lot, supplier: Supplier, buyer: User) -> None:
    bid = (
        bid_with(lot, buyer, None)
        if expires_on is None
        else services.enter_bid(lot=lot, document=documents.bid(), by=buyer, at=NOW)
    )
    assert bid.evidence.get().expires_on is None
    assert "valid until" not in page(buyer, bid).partition('id="proofs"')[0]


def test_the_day_of_receipt_is_that_of_paris(lot: Lot, supplier: Supplier, buyer: User) -> None:
    bid = bid_with(lot, buyer, "2026-09-30", submitted_at="2026-09-30T22:30:00Z")
    assert received_on(bid) == date(2026, 10, 1)
    assert had_expired(date(2026, 9, 30), received_on(bid))
    bid.submitted_at = datetime(2026, 9, 30, 21, 30, tzinfo=UTC)
    assert not had_expired(date(2026, 9, 30), received_on(bid))


def test_nothing_has_expired_where_no_day_of_receipt_is_known() -> None:
    assert not had_expired(date(2000, 1, 1), None)


@pytest.mark.parametrize("wrong", ["2026-13-01", "30/09/2026", "soon", 20260930, ""])
def test_a_date_that_is_none_is_told_with_its_place(wrong: Any, lot: Lot, supplier: Supplier, buyer: User) -> None:
    with pytest.raises(Invalid) as refusal:
        bid_with(lot, buyer, wrong)
    assert [problem["pointer"] for problem in refusal.value.details] == ["/environment/carbon/expires_on"]
    assert not Bid.objects.exists()


def test_the_record_vouches_for_the_day(lot: Lot, supplier: Supplier, buyer: User) -> None:
    """Two bids that differ in it alone have two hashes."""
    bid = bid_with(lot, buyer, "2026-09-30")
    first = Line.objects.filter(action="bid.entered").latest("sequence").after
    services.exclude_bid(bid=bid, ground="irregular", reason="No sample.", by=buyer, at=NOW)
    line = Line.objects.filter(action="bid.excluded").latest("sequence")
    assert line.before == first
    bid.evidence.update(expires_on="2026-10-30")
    services.take_operator_origin(bid=bid, by=buyer, at=NOW)
    assert Line.objects.filter(action="bid.origin_taken").latest("sequence").before != line.after


@pytest.fixture
def lot_with_evidence(buyer: User, policy: PolicyVersion) -> Lot:
    return opened_lot(buyer, policy={"id": "environment-2026", "version": 1})


CARBON = OFFER | {"Environment!C5": 2.5, "Environment!D5": "Verified"}


@pytest.mark.parametrize("cell", [EXCEL_DAY, "2026-03-01"])
def test_a_schedule_gives_the_day_as_a_date_or_as_text(cell: Any, lot_with_evidence: Lot) -> None:
    content = filled(lot_with_evidence, CARBON | {"Environment!E5": cell})
    for form in (content, as_ods(content)):
        offered = read_schedule(form, lot_with_evidence)
        assert offered.document["environment"]["carbon"] == {
            "value": "2.5",
            "assurance": "verified",
            "expires_on": "2026-03-01",
        }


def test_a_schedule_without_a_day_says_no_end(lot_with_evidence: Lot) -> None:
    offered = read_schedule(filled(lot_with_evidence, CARBON), lot_with_evidence)
    assert offered.document["environment"] == {"carbon": {"value": "2.5", "assurance": "verified"}}


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("01/03/2026", "A date is due here (2027-01-31), not “01/03/2026”."),
        ("2026-3-1", "A date is due here (2027-01-31), not “2026-3-1”."),
        ("=TODAY()", "A formula stands here: write the value itself."),
        (True, "A date is due here (2027-01-31), not a truth value."),
    ],
)
def test_what_is_no_day_is_told_at_its_cell(cell: Any, said: str, lot_with_evidence: Lot) -> None:
    with pytest.raises(Invalid) as refusal:
        read_schedule(filled(lot_with_evidence, CARBON | {"Environment!E5": cell}), lot_with_evidence)
    assert problems(refusal) == {"Environment!E5": said}


def test_a_day_without_a_value_is_told(lot_with_evidence: Lot) -> None:
    with pytest.raises(Invalid) as refusal:
        read_schedule(filled(lot_with_evidence, OFFER | {"Environment!E5": EXCEL_DAY}), lot_with_evidence)
    assert problems(refusal) == {"Environment!C5": "The value is missing."}


def test_a_schedule_given_out_before_is_still_read(lot_with_evidence: Lot) -> None:
    content = filled(lot_with_evidence, CARBON)
    former = altered(content, "xl/sharedStrings.xml", lambda xml: xml.replace("bareme-schedule/2", "bareme-schedule/1"))
    assert read_schedule(former, lot_with_evidence).document["environment"]["carbon"]["value"] == "2.5"
    unknown = altered(
        content, "xl/sharedStrings.xml", lambda xml: xml.replace("bareme-schedule/2", "bareme-schedule/9")
    )
    with pytest.raises(Invalid, match="no price schedule of the portal"):
        read_schedule(unknown, lot_with_evidence)


def typed(**fields: str) -> EvidenceForm:
    given = {f"evidence-{name.replace('__', '/')}": value for name, value in fields.items()}
    return EvidenceForm(given, indicators=[{"id": "carbon", "kind": "number", "labels": {}}])


def test_the_form_takes_the_day_with_the_value() -> None:
    form = typed(value__carbon="2.5", expires_on__carbon="2026-09-30")
    assert form.is_valid()
    assert form.document() == {"carbon": {"value": "2.5", "assurance": "declared", "expires_on": "2026-09-30"}}
    assert "expires_on" not in typed_document(value__carbon="2.5")


def typed_document(**fields: str) -> dict[str, Any]:
    form = typed(**fields)
    assert form.is_valid()
    return form.document()["carbon"]


def test_a_day_that_cannot_be_read_is_told_beside_its_field() -> None:
    form = typed(value__carbon="2.5", expires_on__carbon="30 février")
    assert not form.is_valid()
    assert list(form.errors) == ["expires_on/carbon"]


def test_a_day_typed_without_a_value_is_told() -> None:
    form = typed(expires_on__carbon="2026-09-30")
    assert not form.is_valid()
    assert form.errors["value/carbon"] == ["Give the value as well, or leave the day empty."]


def test_the_api_gives_the_day(lot: Lot, supplier: Supplier, buyer: User) -> None:
    bid = bid_with(lot, buyer, "2026-09-30")
    client = Client()
    client.force_login(buyer)
    evidence = client.get(reverse("bid-detail", args=[bid.pk])).json()["evidence"]
    assert evidence == [{"indicator": "carbon", "value": "2.5", "assurance": "verified", "expires_on": "2026-09-30"}]
