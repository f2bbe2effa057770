"""Proof documents: added to a bid until its lot is decided, withdrawn with a reason, never changed nor taken away."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.refusals import Invalid, Refused
from procurement.people.writes import refusals_recorded, service
from procurement.tenders.models import Bid, Lot, ProofDocument, ProofWithdrawal
from procurement.tenders.models.stage import DECIDED
from procurement.tenders.proofs import files, subjects
from procurement.tenders.proofs.document import digest_of
from procurement.tenders.proofs.examination import examine, shown_name

MOST = 200  # documents of one bid


@refusals_recorded
def add_proof(
    *,
    bid: Bid,
    content: bytes,
    name: str,
    kind: str,
    issued_on: date,
    by: User,
    at: datetime,
    expires_on: date | None = None,
    about: str = subjects.BID,
    title: str = "",
) -> ProofDocument:
    """Keep the file ``content``, called ``name``, as a proof of what ``about`` names (`proofs.subjects`).

    Without a title it is called as its file. Raises Invalid for a file that is no plain document and for dates, kind or
    subject that cannot be, Refused once the lot is decided and on a training copy, which holds no document of a
    tenderer, and for a bid that came late, which is not opened. The file is looked into before anything is locked.
    """
    permissions.require(by, Permission.ADD_PROOF, bid)
    if bid.lot.tender.training:
        raise Refused(_("This is for training: documents of tenderers are kept with real procedures alone."))
    if bid.exclusion == Bid.Exclusion.LATE:
        raise Refused(_("This bid came late and is not opened: no document of it is kept."))
    _require_undecided(bid.lot)
    media_type = examine(content, name)
    _check_words(kind, title)
    _check_dates(issued_on, expires_on, at)
    with transaction.atomic():
        _require_undecided(Lot.objects.select_for_update(of=("self",)).get(pk=bid.lot_id))
        _check_subject(bid, about)
        digest = files.digest(content)
        _check_new(bid, digest, about)
        proof = ProofDocument.objects.create(
            bid=bid,
            kind=kind,
            about=about,
            title=" ".join(title.split()) or shown_name(name),
            issued_on=issued_on,
            expires_on=expires_on,
            original_name=shown_name(name),
            media_type=media_type,
            size=len(content),
            sha256=files.put(content),
            added_by=by,
            added_at=at,
        )
        ledger.record("bid.proof_added", bid, by=by, at=at, after=digest_of(proof))
    return proof


@service
def withdraw_proof(*, proof: ProofDocument, reason: str, by: User, at: datetime) -> None:
    """Let a proof document count no more; it stays, with the reason.

    Raises Invalid without a reason, Refused when it is withdrawn already or the lot is decided.
    """
    permissions.require(by, Permission.WITHDRAW_PROOF, proof)
    if not reason.strip():
        raise Invalid(_("Write why the document is withdrawn: it stays visible with that reason."))
    _require_undecided(Lot.objects.select_for_update(of=("self",)).get(pk=proof.bid.lot_id))
    if ProofWithdrawal.objects.filter(proof=proof).exists():
        raise Refused(_("This document is withdrawn already."))
    ProofWithdrawal.objects.create(proof=proof, reason=reason.strip(), withdrawn_by=by, withdrawn_at=at)
    ledger.record("bid.proof_withdrawn", proof.bid, by=by, at=at, before=digest_of(proof), reason=reason.strip())


def _require_undecided(lot: Lot) -> None:
    if lot.stage in DECIDED:
        raise Refused(_("This lot is decided: what led to the decision no longer changes."))


def _check_words(kind: str, title: str) -> None:
    if kind not in ProofDocument.Kind.values:
        raise Invalid(_("The kind of document is one of: %(known)s.") % {"known": ", ".join(ProofDocument.Kind.values)})
    if len(title) > 200 or "\0" in title:
        raise Invalid(_("The title is a text of at most 200 characters."))


def _check_dates(issued_on: date, expires_on: date | None, at: datetime) -> None:
    if issued_on > timezone.localdate(at):
        raise Invalid(_("The document is issued in the future: give the date that stands on it."))
    if expires_on is not None and expires_on < issued_on:
        raise Invalid(_("The document expires before it is issued: one of the two dates is wrong."))


def _check_subject(bid: Bid, about: str) -> None:
    known = subjects.subjects(Bid.objects.with_lines().get(pk=bid.pk))
    if about not in known:
        raise Invalid(_("A document proves one of these: %(known)s.") % {"known": ", ".join(known)})


def _check_new(bid: Bid, digest: str, about: str) -> None:
    """The same file may prove several things, each once; whatever was withdrawn may come back."""
    standing = list(ProofDocument.objects.filter(bid=bid, withdrawal=None))
    if len(standing) >= MOST:
        raise Refused(_("This bid has %(most)d documents, which is the most.") % {"most": MOST})
    same = next((proof for proof in standing if (proof.sha256, proof.about) == (digest, about)), None)
    if same:
        raise Invalid(_("This file proves the same already, as “%(title)s”.") % {"title": same.title})
