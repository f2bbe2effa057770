"""Training copies: the rules of a procedure at any time, its real bids only once every lot is decided."""

from datetime import datetime
from typing import TypeVar

from django.db import models
from django.utils.translation import gettext as _

from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.writes import service
from procurement.tenders.models import Bid, Item, Lot, Stage, Tender
from procurement.tenders.rules import sha256
from procurement.tenders.services.life import settle

REFERENCE_WIDTH = 60
Row = TypeVar("Row", bound=models.Model)


@service
def copy_for_training(*, tender: Tender, by: User, at: datetime) -> Tender:
    """A training copy of ``tender``, with the same keys of lots, criteria, items and bids.

    Before every lot is decided, the copy has the rules alone and waits for invented bids (stage published, or
    draft); afterwards it has the real bids, opened, to be tried under any policy. Their marks are evaluation's. Proof
    documents stay with the original: they hold secrets of the tenderers, and nothing is decided on a copy.
    """
    permissions.require(by, Permission.COPY_FOR_TRAINING, tender)
    held = Tender.objects.select_for_update(of=("self",)).get(pk=tender.pk)
    stage = _stage_of_copy(held)
    copy = _copied(
        held,
        reference=_free_reference(held),
        training=True,
        copied_from=held,
        stage=stage,
        published_at=None if stage == Stage.DRAFT else at,
        opened_at=at if stage == Stage.OPENED else None,
        drafted_by=by,
    )
    for lot in held.lots.for_rules():
        _copy_lot(lot, copy, stage)
    settle(copy)
    after = sha256({str(number): digest for number, digest in copy.lots.values_list("number", "rules_sha256")})
    ledger.record("tender.copied_for_training", copy, by=by, at=at, after=after, reason=held.reference)
    return copy


def what_was_copied(copy: Tender) -> str:
    """One sentence that says whether the copy holds bids, and why it does not."""
    if copy.stage == Stage.OPENED:
        said = _(
            "The training copy holds the rules and the bids of %(reference)s, without the documents of the tenderers, "
            "under its own reference."
        )
        return said % {"reference": copy.copied_from}
    return _("The training copy holds the rules alone: real bids are copied only once every lot is decided.")


def _stage_of_copy(tender: Tender) -> Stage:
    if tender.stage == Stage.DRAFT:
        return Stage.DRAFT
    return Stage.OPENED if tender.bids_may_be_copied else Stage.PUBLISHED


def _free_reference(tender: Tender) -> str:
    """The reference with the next free number of a training copy: "2026-014 T2"."""
    taken = set(Tender.objects.filter(contracting_body=tender.contracting_body_id).values_list("reference", flat=True))
    number = 1
    while (reference := _with_suffix(tender.reference, f" T{number}")) in taken:
        number += 1
    return reference


def _with_suffix(reference: str, suffix: str) -> str:
    return reference[: REFERENCE_WIDTH - len(suffix)] + suffix


def _copy_lot(lot: Lot, tender: Tender, stage: Stage) -> None:
    rules = lot.rules and {**lot.rules, "tender": {**lot.rules["tender"], "id": f"{tender.reference}/{lot.number}"}}
    copy = _copied(
        lot,
        tender=tender,
        stage=stage,
        rules=rules,
        rules_sha256=sha256(rules) if rules else "",
        ipi_exception="",
        ipi_exception_reason="",
    )
    for criterion in lot.criteria.all():
        _copied(criterion, lot=copy)
    items: dict[int, Item] = {}
    for item in lot.items.prefetch_related("needs"):
        items[item.pk] = _copied(item, lot=copy)
        for need in item.needs.all():
            _copied(need, item=items[item.pk])
    if stage == Stage.OPENED:
        for bid in lot.bids.with_lines().prefetch_related("stated"):
            _copy_bid(bid, copy, items)


def _copy_bid(bid: Bid, lot: Lot, items: dict[int, Item]) -> None:
    copy = _copied(bid, lot=lot)
    for evidence in bid.evidence.all():
        _copied(evidence, bid=copy)
    for member in bid.members.all():
        _copied(member, bid=copy)
    for amount in bid.stated.all():
        _copied(amount, bid=copy, item=items[amount.item_id] if amount.item_id else None)
    for line in bid.lines.all():
        row = _copied(line, bid=copy, item=items[line.item_id])
        for origin in line.origins.all():
            _copied(origin, line=row)


def _copied(row: Row, **changes: object) -> Row:
    """A new row with the values of ``row`` but for ``changes``."""
    values = {field.name: getattr(row, field.name) for field in row._meta.concrete_fields if not field.primary_key}
    return type(row)._default_manager.create(**{**values, **changes})
