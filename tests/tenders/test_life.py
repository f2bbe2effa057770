"""From draft to opened: what is frozen at publication, and what a tender refuses at each stage."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.people.refusals import Refused, Stale
from procurement.policies.models import PolicyVersion
from procurement.tenders.models import Criterion, Lot, Stage, Tender
from procurement.tenders.rules import rules_of, sha256
from procurement.tenders.services import draft_tender, open_bids, publish, record_ipi_exception, settle
from tests.ledger.told import reason_of
from tests.tenders import documents
from tests.tenders.conftest import NOW, submitted

WITH_POLICY = {"id": "environment-2026", "version": 1}
WITH_PROPOSAL = {"id": "proposal-2020", "version": 1}


def drafted(buyer: User, *, policy: dict[str, Any] | None = None, **changes: Any) -> Tender:
    document = documents.tender(lots=[documents.lot(policy=policy)], **changes)
    return draft_tender(document=document, by=buyer, at=NOW)


def test_publication_freezes_the_rules_with_the_policy_and_its_hash(buyer: User, policy: PolicyVersion) -> None:
    tender = drafted(buyer, policy=WITH_POLICY)
    publish(tender=tender, by=buyer, at=NOW)
    lot = tender.lots.get()

    assert lot.rules == {
        "tender": {
            "id": "2026-014/1",
            "launched_on": "2026-09-01",
            "cpv": "33140000",
            "estimated_value": "600000",
            "currency": "EUR",
            "price_basis": "excl_vat",
        },
        "rounding": {"decimals": 2},
        "criteria": [{"params": {}, "counts_environment": False, **criterion} for criterion in documents.criteria()],
        "tie_break": ["lower_price", "higher_environment"],
        "policy": {"id": "environment-2026", "version": 1, "sha256": policy.sha256},
    }
    assert lot.rules_sha256 == sha256(lot.rules)
    assert (tender.stage, lot.stage, tender.published_at) == (Stage.PUBLISHED, Stage.PUBLISHED, NOW)
    assert Line.objects.get(action="tender.published").after == sha256({"1": lot.rules_sha256})


def test_the_same_rules_have_the_same_hash_whenever_they_are_read(published: Tender) -> None:
    lot = published.lots.get()

    assert sha256(rules_of(lot)) == lot.rules_sha256
    Criterion.objects.filter(lot=lot, key="quality").update(title="Technical worth")
    assert sha256(rules_of(Lot.objects.get())) != lot.rules_sha256
    assert sha256(Lot.objects.get().rules) == lot.rules_sha256


@pytest.mark.parametrize(
    "change",
    [
        {"rules": {"criteria": []}},
        {"rules_sha256": "0" * 64},
        {"policy_version": None},
        {"rounding_decimals": 0},
        {"tie_break": []},
        {"anonymous": True},
        {"two_envelopes": True},
        {"plausible_low_cents": 1, "plausible_high_cents": 2},
        {"stage": Stage.DRAFT},
    ],
)
def test_the_database_itself_refuses_to_change_published_rules(
    buyer: User, policy: PolicyVersion, change: dict[str, Any]
) -> None:
    tender = drafted(buyer, policy=WITH_POLICY)
    publish(tender=tender, by=buyer, at=NOW)

    with pytest.raises(DatabaseError), transaction.atomic():
        Lot.objects.filter(tender=tender).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE tenders_lot SET rules = '{}'")


@pytest.mark.parametrize(
    "change",
    [
        {"launched_on": "2020-01-01"},
        {"cpv": "18143000"},
        {"training": True},
        {"reference": "2026-999"},
        {"ipi_announced": True},
        {"stage": Stage.DRAFT},
    ],
)
def test_the_database_itself_refuses_to_change_what_the_rules_rest_on(
    published: Tender, change: dict[str, Any]
) -> None:
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Tender.objects.filter(pk=published.pk).update(**change)


def test_the_database_itself_keeps_a_published_lot_in_its_tender(published: Tender, buyer: User) -> None:
    other = drafted(buyer, reference="2026-015")

    for change in ({"tender": other, "number": 2}, {"number": 2}, {"cpv": "33199000"}):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            published.lots.update(**change)
    for table, row in (("tenders_lot", published.lots.get()), ("tenders_tender", published)):
        with pytest.raises(DatabaseError, match="kept"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE id = %s", [row.pk])


def test_the_database_itself_refuses_to_reopen_a_decided_lot(published: Tender) -> None:
    published.lots.update(stage=Stage.AWARDED)

    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        published.lots.update(stage=Stage.OPENED)


def test_price_alone_is_refused_with_the_finding(buyer: User) -> None:
    price = [{"id": "price", "title": "Price", "kind": "price", "weight": "100", "formula": "lowest_ratio"}]
    tender = draft_tender(document=documents.tender(lots=[documents.lot(criteria=price)]), by=buyer, at=NOW)

    with pytest.raises(Refused, match=r"cannot be published: \d findings block them\.$") as refusal:
        publish(tender=tender, by=buyer, at=NOW)

    assert {finding["code"] for finding in refusal.value.details} >= {"price-only"}
    assert all(finding["severity"] == "block" for finding in refusal.value.details)
    assert Tender.objects.get().stage == Lot.objects.get().stage == Stage.DRAFT
    assert not Line.objects.filter(action="tender.published").exists()


def test_a_proposed_policy_is_never_the_rules_of_a_real_procedure(buyer: User, proposal: PolicyVersion) -> None:
    tender = drafted(buyer, policy=WITH_PROPOSAL)

    with pytest.raises(Refused, match="1 finding blocks them") as refusal:
        publish(tender=tender, by=buyer, at=NOW)

    assert [finding["code"] for finding in refusal.value.details] == ["policy-proposed"]

    assert Tender.objects.get().stage == Stage.DRAFT


def test_a_proposed_policy_may_be_the_rules_of_a_training_procedure(buyer: User, proposal: PolicyVersion) -> None:
    tender = drafted(buyer, policy=WITH_PROPOSAL, training=True)

    publish(tender=tender, by=buyer, at=NOW)

    assert tender.lots.get().rules["policy"]["id"] == "proposal-2020"


def test_a_version_retired_since_the_draft_is_refused(buyer: User, policy: PolicyVersion) -> None:
    tender = drafted(buyer, policy=WITH_POLICY)
    PolicyVersion.objects.filter(pk=policy.pk).update(state="retired", retired_at=NOW)

    with pytest.raises(Refused, match="not approved"):
        publish(tender=tender, by=buyer, at=NOW)


def test_a_version_that_waits_for_its_approval_is_refused(draft: Tender, buyer: User) -> None:
    Lot.objects.update(policy_version=submitted("environment-2026", "in_force"))

    with pytest.raises(Refused, match="not approved"):
        publish(tender=draft, by=buyer, at=NOW)


def test_a_tender_without_a_launch_date_is_not_published(buyer: User) -> None:
    with pytest.raises(Refused, match="launch date"):
        publish(tender=drafted(buyer, launched_on=None), by=buyer, at=NOW)


def test_a_tender_is_published_once_and_opened_once(draft: Tender, buyer: User) -> None:
    seen_earlier = Tender.objects.get()
    with pytest.raises(Stale):
        open_bids(tender=draft, by=buyer, at=NOW)
    publish(tender=draft, by=buyer, at=NOW)
    with pytest.raises(Stale):
        publish(tender=seen_earlier, by=buyer, at=NOW)
    open_bids(tender=draft, by=buyer, at=NOW)
    with pytest.raises(Stale):
        open_bids(tender=draft, by=buyer, at=NOW)

    assert (draft.stage, draft.opened_at, draft.lots.get().stage) == (Stage.OPENED, NOW, Stage.OPENED)
    assert list(Line.objects.values_list("action", flat=True)) == [
        "tender.drafted",
        "tender.published",
        "tender.announced",
        "tender.opened",
    ]


def test_strangers_publish_and_open_nothing(draft: Tender, stranger: User) -> None:
    with pytest.raises(PermissionDenied):
        publish(tender=draft, by=stranger, at=NOW)
    with pytest.raises(PermissionDenied):
        open_bids(tender=draft, by=stranger, at=NOW)


def test_a_tender_is_as_advanced_as_its_least_advanced_lot(buyer: User) -> None:
    tender = draft_tender(document=documents.tender(lots=[documents.lot(), documents.lot()]), by=buyer, at=NOW)
    publish(tender=tender, by=buyer, at=NOW)
    open_bids(tender=tender, by=buyer, at=NOW)
    first, second = tender.lots.all()

    Lot.objects.filter(pk=first.pk).update(stage=Stage.AWARDED)
    settle(tender)
    assert Tender.objects.get().stage == tender.stage == Stage.OPENED
    Lot.objects.filter(pk=second.pk).update(stage=Stage.UNSUCCESSFUL)
    settle(tender)
    assert Tender.objects.get().stage == Stage.AWARDED


def test_an_ipi_exception_is_recorded_with_its_reason(lot: Lot, buyer: User) -> None:
    record_ipi_exception(
        lot=lot, exception="overriding_public_interest", reason="Sole source of a vital device.", by=buyer, at=NOW
    )

    lot.refresh_from_db()
    assert lot.ipi_exception == "overriding_public_interest"
    line = Line.objects.get(action="lot.ipi_exception")
    assert (reason_of(line), line.before == line.after) == ("Sole source of a vital device.", False)


@pytest.mark.parametrize(("exception", "reason"), [("because", "x"), ("", "x"), ("overriding_public_interest", "  ")])
def test_an_ipi_exception_is_one_of_two_and_has_a_reason(lot: Lot, buyer: User, exception: str, reason: str) -> None:
    with pytest.raises(Refused):
        record_ipi_exception(lot=lot, exception=exception, reason=reason, by=buyer, at=NOW)

    assert not Line.objects.filter(action="lot.ipi_exception").exists()


def test_no_ipi_exception_is_recorded_after_the_decision(lot: Lot, buyer: User) -> None:
    Lot.objects.update(stage=Stage.AWARDED)

    with pytest.raises(Refused, match="decided"):
        record_ipi_exception(lot=lot, exception="overriding_public_interest", reason="Late.", by=buyer, at=NOW)
