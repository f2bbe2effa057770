"""A tender is drafted from one document, or not at all."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.people.refusals import Invalid, Refused
from procurement.people.roles import Role
from procurement.tenders.models import Criterion, Item, Lot, Need, Stage, Tender
from procurement.tenders.rules import sha256
from procurement.tenders.services import change_lot, change_tender, draft_tender
from tests.factories import UserFactory
from tests.tenders import documents
from tests.tenders.conftest import NOW, approved, problems, submitted


def test_a_draft_holds_every_line_of_its_document(draft: Tender, buyer: User) -> None:
    lot = draft.lots.get()

    assert draft.stage == lot.stage == Stage.DRAFT
    assert draft.framework_maximum == Decimal("800000.50")
    assert draft.estimated_value == 600_000
    assert draft.ipi_announced is False
    assert [criterion.key for criterion in lot.criteria.all()] == ["price", "quality", "carbon"]
    assert lot.criteria.get(key="quality").minimum == 2
    needs = Need.objects.filter(item__key=documents.GLOVES).values_list("hospital__name", "quantity")
    assert dict(needs) == {"CHU Nantes": Decimal("40.5"), "CH Ancenis": Decimal("9.5")}
    assert lot.tie_break == ["lower_price", "higher_environment"]


def test_drafting_is_recorded_with_the_digest_of_the_document(draft: Tender, buyer: User) -> None:
    line = Line.objects.get(action="tender.drafted")

    assert line.object == f"tenders.Tender:{draft.pk}"
    assert line.actor == f"user:{buyer.pk}"
    assert line.after == sha256(documents.tender())


@pytest.mark.parametrize(
    ("changes", "pointer", "said"),
    [
        ({"cpv": "33140000-3"}, "/cpv", "8 digits"),
        ({"reference": ""}, "/reference", "1 to 60 characters"),
        ({"title": "\x00"}, "/title", "1 to 300 characters"),
        ({"launched_on": "2026-02-30"}, "/launched_on", "no day"),
        ({"estimated_value": 600000.0}, "/estimated_value", "strings"),
        ({"framework": None}, "/framework", "maximum"),
        ({"technique": "none"}, "/technique", "framework"),
        ({"contracting_body": "000000009"}, "/contracting_body", "None of your hospitals"),
        ({"lots": [documents.lot(), documents.lot(number=1)]}, "/lots/1/number", "more than once"),
        ({"lots": [documents.lot(items=[])]}, "/lots/0/items", "at least one item"),
        ({"lots": [documents.lot(policy={"id": "unknown", "version": 1})]}, "/lots/0/policy", "No approved"),
        ({"lots": [documents.lot(rounding={"decimals": 7})]}, "/lots/0/rounding/decimals", "from 0 to 6"),
        ({"lots": [documents.lot(tie_break=["alphabet"])]}, "/lots/0/tie_break/0", "lower_price"),
        ({"lots": [documents.lot(criteria=[])]}, "/lots/0/criteria", "at least one criterion"),
        ({"lots": [documents.lot(criteria=documents.criteria()[:2])]}, "/lots/0/criteria", "100"),
        ({"buyer": "me"}, "/buyer", "unknown"),
    ],
)
def test_a_problem_is_said_in_one_sentence_at_its_place(
    buyer: User, changes: dict[str, object], pointer: str, said: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        draft_tender(document=documents.tender(**changes), by=buyer, at=NOW)

    assert said in problems(refusal)[pointer]
    assert not Tender.objects.exists()


def test_every_problem_is_said_at_once(buyer: User) -> None:
    broken = documents.lot(criteria=[{**criterion, "weight": "0"} for criterion in documents.criteria()])
    broken["items"][0]["needs"] = {"000000001": "none", "\x00": "1"}
    broken["items"][1]["id"] = documents.MASKS

    with pytest.raises(Invalid) as refusal:
        draft_tender(document=documents.tender(cpv="3", lots=[broken]), by=buyer, at=NOW)

    assert {
        "/cpv",
        "/lots/0/criteria/0/weight",
        "/lots/0/criteria/1/weight",
        "/lots/0/items/0/needs/000000001",
        "/lots/0/items/0/needs/\x00",
        "/lots/0/items/1/id",
    } <= set(problems(refusal))


def test_quantities_that_no_case_can_sum_are_refused(buyer: User) -> None:
    lot = documents.lot()
    lot["items"][1]["needs"] = {"000000001": "9" * 18, "000000002": "1"}

    with pytest.raises(Invalid) as refusal:
        draft_tender(document=documents.tender(lots=[lot]), by=buyer, at=NOW)

    assert "18 before the point" in problems(refusal)["/lots/0/items/1/needs"]


def test_a_body_buys_for_the_hospitals_of_its_group_alone(buyer: User, stranger: User) -> None:
    lot = documents.lot()
    lot["items"][0]["needs"] = {"000000009": "10"}

    with pytest.raises(Invalid) as refusal:
        draft_tender(document=documents.tender(lots=[lot]), by=buyer, at=NOW)

    assert "No hospital of the group of CHU Nantes" in problems(refusal)["/lots/0/items/0/needs/000000009"]


def test_a_reference_is_used_once_by_a_body(draft: Tender, buyer: User) -> None:
    with pytest.raises(Invalid) as refusal:
        draft_tender(document=documents.tender(), by=buyer, at=NOW)

    assert "already has a procedure" in problems(refusal)["/reference"]


def test_a_version_that_waits_for_its_approval_is_no_policy_of_a_draft(buyer: User) -> None:
    submitted("environment-2026", "in_force")
    lot = documents.lot(policy={"id": "environment-2026", "version": 1})

    with pytest.raises(Invalid) as refusal:
        draft_tender(document=documents.tender(lots=[lot]), by=buyer, at=NOW)

    assert list(problems(refusal)) == ["/lots/0/policy"]


def test_the_rules_are_tried_together_with_the_policy(buyer: User) -> None:
    approved("delivery-2026", "in_force", driver="mark:delivery")
    lot = documents.lot(policy={"id": "delivery-2026", "version": 1})

    with pytest.raises(Invalid) as refusal:
        draft_tender(document=documents.tender(lots=[lot]), by=buyer, at=NOW)

    assert any(pointer.startswith("/lots/0/policy/measures/0") for pointer in problems(refusal))


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.POLICY_OFFICER, Role.ADMINISTRATOR])
def test_only_buyers_draft(hospital: object, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        draft_tender(document=documents.tender(), by=UserFactory(role=role), at=NOW)


def test_a_draft_lot_is_replaced_whole(draft: Tender, buyer: User) -> None:
    lot = draft.lots.get()
    changed = documents.lot(title="Masks", items=documents.lot()["items"][:1], rounding={"decimals": 4}, number=3)

    change_lot(lot=lot, document=changed, by=buyer, at=NOW)

    assert (lot.title, lot.number, lot.rounding_decimals) == ("Masks", 3, 4)
    assert Item.objects.count() == 1
    assert Criterion.objects.count() == 3


def test_a_lot_that_cannot_be_read_leaves_the_draft_as_it_was(draft: Tender, buyer: User) -> None:
    with pytest.raises(Invalid) as refusal:
        change_lot(lot=draft.lots.get(), document=documents.lot(criteria="all"), by=buyer, at=NOW)

    assert list(problems(refusal)) == ["/criteria"]
    assert Criterion.objects.count() == 3


def test_the_rules_of_a_published_lot_no_longer_change(published: Tender, buyer: User) -> None:
    with pytest.raises(Refused, match="lot 1 are published"):
        change_lot(lot=published.lots.get(), document=documents.lot(title="Other"), by=buyer, at=NOW)

    assert Lot.objects.get().title == "Masks and gloves"


def test_a_draft_tender_is_replaced_whole(draft: Tender, buyer: User) -> None:
    changed = documents.tender(title="Masks", launched_on=None, lots=[documents.lot(), documents.lot(title="More")])

    change_tender(tender=draft, document=changed, by=buyer, at=NOW)

    assert (draft.title, draft.launched_on) == ("Masks", None)
    assert [lot.title for lot in draft.lots.all()] == ["Masks and gloves", "More"]
    assert Line.objects.get(action="tender.changed").after == sha256(changed)


def test_a_tender_that_cannot_be_read_leaves_the_draft_as_it_was(draft: Tender, buyer: User) -> None:
    with pytest.raises(Invalid) as refusal:
        change_tender(tender=draft, document=documents.tender(lots=[{}]), by=buyer, at=NOW)

    assert "/lots/0/title" in problems(refusal)
    assert Lot.objects.count() == 1


def test_a_published_tender_is_not_replaced(published: Tender, buyer: User) -> None:
    with pytest.raises(Refused, match="2026-014 are published"):
        change_tender(tender=published, document=documents.tender(title="Other"), by=buyer, at=NOW)
