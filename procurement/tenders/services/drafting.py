"""Drafting a tender from one nested document, and changing a lot while it is a draft."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError
from django.db.models import Max
from django.utils.translation import gettext as _

from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import Hospital, User
from procurement.people.permissions import Permission
from procurement.people.refusals import Refused, Stale
from procurement.people.writes import service
from procurement.policies.models import PolicyVersion
from procurement.tenders import documents
from procurement.tenders.drafted import draft_digest, terms_document
from procurement.tenders.drafts import Draft, check_lot, check_tender, check_terms
from procurement.tenders.models import Criterion, Item, Lot, Need, Stage, Tender
from procurement.tenders.rules import sha256

TIE_BREAK = ("lower_price", "higher_environment")  # specification 2: what an omitted one means
Document = Mapping[str, Any]


@service
def draft_tender(*, document: Any, by: User, at: datetime | None = None) -> Tender:
    """Draft a tender with its lots, items, needs and criteria from ``document`` (`documents.TENDER`).

    Raises Invalid with every problem, each with its pointer and one sentence; nothing is saved then.
    """
    permissions.require(by, Permission.DRAFT_TENDER)
    draft = check_tender(document, by)
    if draft.problems:
        documents.refuse(_("The tender cannot be drafted: %(first)s"), draft.problems)
    tender = Tender(drafted_by=by)
    _write_tender(tender, document, draft)
    ledger.record("tender.drafted", tender, by=by, at=at, after=sha256(document))
    return tender


@service
def change_tender(*, tender: Tender, document: Any, by: User, at: datetime) -> None:
    """Replace a draft tender, lots and all, by ``document`` (`documents.TENDER`).

    Raises Refused once it is published, Invalid with every problem.
    """
    permissions.require(by, Permission.DRAFT_TENDER, tender)
    held = held_draft(tender)
    draft = check_tender(document, by, instead_of=held)
    if draft.problems:
        documents.refuse(_("The tender cannot be changed: %(first)s"), draft.problems)
    held.lots.all().delete()
    _write_tender(held, document, draft)
    tender.refresh_from_db()
    ledger.record("tender.changed", tender, by=by, at=at, after=sha256(document))


@service
def change_terms(*, tender: Tender, document: Any, by: User, at: datetime, read: str = "") -> None:
    """Replace the terms of a draft tender by ``document`` (`documents.TENDER` without its lots, which stay).

    ``read`` is the SHA-256 of the terms that were being changed. Raises Refused once they are published, Stale when
    they are others by now, Invalid with every problem.
    """
    permissions.require(by, Permission.DRAFT_TENDER, tender)
    held = held_draft(tender)
    _refuse_unread(read, sha256(terms_document(held)))
    draft = check_terms(document, by, held)
    if draft.problems:
        documents.refuse(_("The tender cannot be changed: %(first)s"), draft.problems)
    _write_terms(held, document, draft)
    tender.refresh_from_db()
    ledger.record("tender.terms_changed", tender, by=by, at=at, after=sha256(document))


@service
def add_lot(*, tender: Tender, document: Any, by: User, at: datetime) -> Lot:
    """Add a lot (`documents.LOT`) to a draft tender, under the next number where it says none.

    Raises Refused once the tender is published, Invalid with every problem.
    """
    permissions.require(by, Permission.DRAFT_TENDER, tender)
    held = held_draft(tender)
    lot = Lot(tender=held, number=next_number(held))
    draft = check_lot(document, by, lot)
    if draft.problems:
        documents.refuse(_("The lot cannot be added: %(first)s"), draft.problems)
    lot.number = document.get("number", lot.number)
    _write_lot(lot, document, draft.hospitals, draft.policies[0])
    ledger.record("lot.drafted", lot, by=by, at=at, after=sha256(document))
    return lot


@service
def change_lot(*, lot: Lot, document: Any, by: User, at: datetime, read: str = "") -> None:
    """Replace the title, rules, items and needs of a draft lot by those of ``document`` (`documents.LOT`).

    ``read`` is the SHA-256 of the lot that was being changed. Raises Refused once its rules are published, Stale when
    it is another by now, Invalid with every problem.
    """
    permissions.require(by, Permission.DRAFT_TENDER, lot)
    held = held_lot(lot)
    if read:
        _refuse_unread(read, draft_digest(held))
    draft = check_lot(document, by, held)
    if draft.problems:
        documents.refuse(_("The lot cannot be changed: %(first)s"), draft.problems)
    held.items.all().delete()
    held.criteria.all().delete()
    held.number = document.get("number", held.number)
    _write_lot(held, document, draft.hospitals, draft.policies[0])
    lot.refresh_from_db()
    ledger.record("lot.changed", lot, by=by, at=at, after=sha256(document))


def held_draft(tender: Tender) -> Tender:
    """``tender`` under lock until the commit; raises Refused once it is published, Stale when it was dropped."""
    rows = Tender.objects.select_for_update(of=("self",)).select_related("contracting_body")
    held = rows.filter(pk=tender.pk).first()
    if held is None:
        raise _stale()
    if held.stage != Stage.DRAFT:
        raise Refused(
            _("The rules of %(reference)s are published: they no longer change.") % {"reference": held.reference}
        )
    return held


def held_lot(lot: Lot) -> Lot:
    """``lot`` under lock until the commit; raises Refused once its rules are published, Stale when it was dropped."""
    rows = Lot.objects.select_for_update(of=("self",)).select_related("tender__contracting_body")
    held = rows.filter(pk=lot.pk).first()
    if held is None:
        raise _stale()
    if held.stage != Stage.DRAFT:
        raise Refused(_("The rules of lot %(number)d are published: they no longer change.") % {"number": held.number})
    return held


def next_number(tender: Tender) -> int:
    """The number after the highest of the lots of ``tender``: 1 for the first."""
    return (tender.lots.aggregate(highest=Max("number"))["highest"] or 0) + 1


def _refuse_unread(read: str, stands: str) -> None:
    if read and read != stands:
        raise _stale()


def _stale() -> Stale:
    return Stale(_("Somebody changed this draft while you were writing: nothing of yours was saved over it."))


def _write_tender(tender: Tender, document: Document, draft: Draft) -> None:
    _write_terms(tender, document, draft)
    for index, lot in enumerate(document["lots"]):
        _write_lot(Lot(tender=tender, number=lot.get("number", index + 1)), lot, draft.hospitals, draft.policies[index])


def _write_terms(tender: Tender, document: Document, draft: Draft) -> None:
    for name, value in {**_tender_fields(document), "contracting_body": draft.contracting_body}.items():
        setattr(tender, name, value)
    try:
        tender.save()
    except IntegrityError as taken:  # by somebody who drafted under it at the same moment
        raise Stale(_("Another procedure has just taken the reference %(it)s.") % {"it": tender.reference}) from taken


def _tender_fields(document: Document) -> dict[str, Any]:
    framework = document.get("framework") or {}
    launched_on = document.get("launched_on")
    return {
        "reference": document["reference"],
        "title": document["title"],
        "procedure": document["procedure"],
        "technique": document.get("technique", Tender.Technique.NONE),
        "framework_maximum_cents": _cents(framework.get("maximum")),
        "framework_months": framework.get("months"),
        "framework_holders": framework.get("holders"),
        "launched_on": date.fromisoformat(launched_on) if launched_on else None,
        "cpv": document["cpv"],
        "estimated_value_cents": _cents(document.get("estimated_value")),
        "currency": document.get("currency", "EUR"),
        "prices_include_vat": document.get("price_basis") == "incl_vat",
        "ipi_announced": document.get("ipi_announced"),
        "training": document.get("training", False),
    }


def _cents(amount: str | None) -> int | None:
    return None if amount is None else int(Decimal(amount).scaleb(2))


def _write_lot(lot: Lot, document: Document, hospitals: Mapping[str, Hospital], version: PolicyVersion | None) -> None:
    lot.title = document["title"]
    lot.cpv = document.get("cpv", "")
    lot.policy_version = version
    lot.rounding_decimals = document.get("rounding", {}).get("decimals", 2)
    lot.tie_break = list(document.get("tie_break", TIE_BREAK))
    lot.anonymous = document.get("anonymous", False)
    lot.two_envelopes = document.get("two_envelopes", False)
    plausible = document.get("plausible_prices") or {}
    lot.plausible_low_cents = _cents(plausible.get("low"))
    lot.plausible_high_cents = _cents(plausible.get("high"))
    lot.save()
    Criterion.objects.bulk_create(
        _criterion(lot, position, criterion) for position, criterion in enumerate(document["criteria"], start=1)
    )
    for item in document["items"]:
        row = _item(lot, item)
        row.save()
        Need.objects.bulk_create(
            Need(item=row, hospital=hospitals[finess], quantity=Decimal(quantity))
            for finess, quantity in item["needs"].items()
        )


def _item(lot: Lot, document: Document) -> Item:
    return Item(
        lot=lot,
        key=document["id"],
        designation=document["designation"],
        unit=document["unit"],
        vat_rate=_number(document.get("vat_rate")),
    )


def _criterion(lot: Lot, position: int, document: Document) -> Criterion:
    return Criterion(
        lot=lot,
        position=position,
        key=document["id"],
        title=document.get("title", document["id"]),
        kind=document["kind"],
        weight=Decimal(document["weight"]),
        formula=document["formula"],
        params=document.get("params", {}),
        scale=_number(document.get("scale")),
        minimum=_number(document.get("minimum")),
        steps=document.get("steps", []),
        parent=document.get("parent", ""),
        counts_environment=document.get("counts_environment", False),
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
