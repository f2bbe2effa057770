"""The life of a tender: published with its rules frozen, its bids opened, as advanced as its least advanced lot."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.refusals import Refused, Stale
from procurement.people.writes import service
from procurement.policies.models import PolicyVersion
from procurement.tenders import checks
from procurement.tenders.models import Announcement, Lot, Stage, Tender
from procurement.tenders.models.stage import LIFE
from procurement.tenders.regulation.announcement import announcement_of
from procurement.tenders.rules import rules_of, sha256
from procurement.tenders.services.deadline import check_deadline, digest


@service
def publish(*, tender: Tender, by: User, at: datetime, launched_on: date | None = None) -> None:
    """Freeze the rules of every lot of a draft tender, with the policy version they name, and what they announce.

    ``launched_on`` is for a draft that does not say it. Raises Refused when neither does, for a policy that is not
    approved, and with the findings that block (a proposed policy among them, unless the tender is for training);
    Stale if the tender is no longer a draft.
    """
    permissions.require(by, Permission.PUBLISH_TENDER, tender)
    held = Tender.objects.select_for_update(of=("self",)).get(pk=tender.pk)
    launched_on = held.launched_on or launched_on
    if launched_on is None:
        raise Refused(_("Give the launch date before publishing: the law that applies depends on it."))
    _move(held, Stage.DRAFT, Stage.PUBLISHED, published_at=at, launched_on=launched_on)
    lots = list(held.lots.select_for_update(of=("self",)))  # a lot that is being changed is published as it then stands
    if not lots:
        raise Refused(_("Draft a lot before publishing: the procedure has none."))
    drafted = list(held.lots.for_rules().select_related("tender__contracting_body"))
    digests = {str(lot.number): _freeze(lot, at) for lot in drafted}
    announced = {str(lot.number): _announce(lot, at) for lot in drafted}
    tender.refresh_from_db()
    ledger.record("tender.published", tender, by=by, at=at, after=sha256(digests))
    ledger.record("tender.announced", tender, by=by, at=at, after=sha256(announced))


@service
def open_bids(*, tender: Tender, by: User, at: datetime, bids_due_at: datetime | None = None) -> None:
    """Open the bids of a published tender: from now on they are entered. Raises Stale in any other stage.

    ``bids_due_at`` is the deadline for their receipt, as it was in the end: what came later is late. Pages and API ask
    for it; None is for one that was said before (`change_deadline`), and for what was opened before it was asked for.
    Raises Invalid for one that is not over yet, because no bid is opened before it, and for one before the launch.
    """
    permissions.require(by, Permission.OPEN_BIDS, tender)
    bids_due_at = bids_due_at or tender.bids_due_at
    if bids_due_at is not None:
        check_deadline(tender, bids_due_at, at)
    _move(tender, Stage.PUBLISHED, Stage.OPENED, opened_at=at, bids_due_at=bids_due_at)
    if not tender.lots.filter(stage=Stage.PUBLISHED).update(stage=Stage.OPENED):
        raise Stale(_moved(tender))
    tender.refresh_from_db()
    ledger.record("tender.opened", tender, by=by, at=at, after=digest(bids_due_at))


def settle(tender: Tender) -> None:
    """Set the stage of ``tender`` to that of its least advanced lot, after a lot has moved in this transaction.

    The tender's row stays locked until the commit, so that the last of several lots to move sees the others.
    """
    held = Tender.objects.select_for_update(of=("self",)).get(pk=tender.pk)
    stages = Lot.objects.filter(tender=held).values_list("stage", flat=True)
    tender.stage = held.stage = min(stages, key=lambda stage: LIFE.index(Stage(stage)), default=Stage.DRAFT)
    held.save(update_fields=["stage"])


def _move(tender: Tender, before: Stage, after: Stage, **moments: Any) -> None:
    """Conditional update; raises Stale when the tender is not at ``before`` any more."""
    if not Tender.objects.filter(pk=tender.pk, stage=before).update(stage=after, **moments):
        raise Stale(_moved(tender))


def _moved(tender: Tender) -> str:
    return _("%(tender)s is no longer where you saw it; look at it again.") % {"tender": tender.reference}


def _freeze(lot: Lot, at: datetime) -> str:
    """Write the rules of a draft lot and return their SHA-256."""
    version = lot.policy_version
    if version and version.state != PolicyVersion.State.APPROVED:
        raise Refused(_("Lot %(number)d names a policy version that is not approved.") % {"number": lot.number})
    checks.refuse_blocks(lot, at)
    rules = rules_of(lot)
    digest = sha256(rules)
    frozen = {"stage": Stage.PUBLISHED, "rules": rules, "rules_sha256": digest}
    if not Lot.objects.filter(pk=lot.pk, stage=Stage.DRAFT).update(**frozen):
        raise Stale(_moved(lot.tender))
    return digest


def _announce(lot: Lot, at: datetime) -> str:
    """Keep the announcement of a lot whose rules were frozen from these very rows, and return its SHA-256."""
    rules = rules_of(lot)
    document = announcement_of(lot, rules, sha256(rules), on=timezone.localdate(at))
    return Announcement.objects.create(lot=lot, document=document, sha256=sha256(document)).sha256
