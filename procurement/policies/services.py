"""Every write of policies and schemes: drafted, submitted, approved by a second person, retired."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _

from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.refusals import Invalid, Refused, Stale
from procurement.people.writes import service
from procurement.policies import documents, references
from procurement.policies.models import Policy, PolicyVersion
from procurement.policies.seeds import read_seeds
from scoring.canonical import sha256

State = PolicyVersion.State


@service
def draft_version(
    *, identifier: str, title: str, kind: str, document: Any, note: str, by: User, at: datetime
) -> PolicyVersion:
    """Draft the first version of a policy or scheme, or the next one of an existing one.

    ``document`` is a policy of the specification (2) or a cash-back scheme (4). Raises Invalid with every
    problem, Refused while another version of it is not approved yet.
    """
    permissions.require(by, Permission.DRAFT_POLICY)
    policy = _policy(identifier=identifier, title=title, kind=kind)
    number = _next_number(policy)
    documents.check(document, kind=kind, identifier=identifier, title=title, version=number)
    if policy.pk is None:
        _add(policy)
    version = PolicyVersion.objects.create(
        policy=policy,
        version=number,
        document=document,
        sha256=sha256(document),
        note=note,
        drafted_by=by,
        drafted_at=at,
    )
    ledger.record("policy_version.drafted", version, by=by, at=at, after=version.sha256)
    return version


@service
def change_draft(*, version: PolicyVersion, document: Any, note: str, by: User, at: datetime) -> None:
    """Replace the document of a draft. Raises Invalid with every problem, Stale if the draft moved."""
    permissions.require(by, Permission.DRAFT_POLICY, version)
    policy = version.policy
    documents.check(
        document, kind=policy.kind, identifier=policy.identifier, title=policy.title, version=version.version
    )
    before = version.sha256
    _move(version, State.DRAFT, document=document, sha256=sha256(document), note=note)
    ledger.record("policy_version.changed", version, by=by, at=at, before=before, after=version.sha256)


@service
def submit(*, version: PolicyVersion, by: User, at: datetime) -> None:
    """Hand a draft over for approval; its document waits unchanged."""
    permissions.require(by, Permission.SUBMIT_POLICY, version)
    _move(version, State.DRAFT, state=State.SUBMITTED, submitted_by=by, submitted_at=at)
    ledger.record("policy_version.submitted", version, by=by, at=at, after=version.sha256)


@service
def send_back(*, version: PolicyVersion, reason: str, by: User, at: datetime) -> None:
    """Give a submitted version back to its drafter with the reason, which the record keeps."""
    permissions.require(by, Permission.APPROVE_POLICY, version)
    if not reason.strip():
        raise Invalid(_("Say why the version is sent back: its drafter reads the reason."))
    _move(version, State.SUBMITTED, state=State.DRAFT, submitted_by=None, submitted_at=None)
    ledger.record("policy_version.sent_back", version, by=by, at=at, after=version.sha256, reason=reason)


@service
def approve(*, version: PolicyVersion, status: str, by: User, at: datetime) -> None:
    """Approve a submitted version as a second person, and write its status into the document for good.

    ``status`` is "in_force" or "proposed"; in force only where the reference of every measure is a legal value
    in force of mark P or S. Raises Refused, Invalid, or Stale if it moved since it was read.
    """
    permissions.require(by, Permission.APPROVE_POLICY, version)
    if by.pk in {version.drafted_by_id, version.submitted_by_id}:
        raise Refused(_("A second person approves: you drafted or submitted this version."))
    if status not in PolicyVersion.Status.values:
        raise Invalid(_("Choose the status of the policy: in force, or proposal."))
    if status == PolicyVersion.Status.IN_FORCE:
        _refuse_unfounded(version.document, at)
    before, document = version.sha256, _with_status(version, status)
    _move(
        version,
        State.SUBMITTED,
        state=State.APPROVED,
        status=status,
        document=document,
        sha256=sha256(document),
        approved_by=by,
        approved_at=at,
    )
    ledger.record("policy_version.approved", version, by=by, at=at, before=before, after=version.sha256, reason=status)


@service
def retire(*, version: PolicyVersion, by: User, at: datetime) -> None:
    """Withdraw an approved version from new procedures; those that publish it keep it."""
    permissions.require(by, Permission.RETIRE_POLICY, version)
    _move(version, State.APPROVED, state=State.RETIRED, retired_at=at)
    ledger.record("policy_version.retired", version, by=by, at=at, after=version.sha256)


@service
def seed(*, drafter: User, approver: User, at: datetime) -> list[PolicyVersion]:
    """Draft, submit and approve each policy of `seeds/` that is not there yet; returns what was added."""
    return [
        _seeded(raw, drafter=drafter, approver=approver, at=at)
        for raw in read_seeds(on=at.date())
        if not Policy.objects.filter(identifier=raw["document"]["id"]).exists()
    ]


def _seeded(raw: dict[str, Any], *, drafter: User, approver: User, at: datetime) -> PolicyVersion:
    version = draft_version(
        identifier=raw["document"]["id"],
        title=raw["title"],
        kind=raw["kind"],
        document=raw["document"],
        note=raw["note"],
        by=drafter,
        at=at,
    )
    submit(version=version, by=drafter, at=at)
    approve(version=version, status=raw["status"], by=approver, at=at)
    return version


def _policy(*, identifier: str, title: str, kind: str) -> Policy:
    """The policy of this identifier, locked, or a valid one that is not saved yet."""
    known = Policy.objects.select_for_update().filter(identifier=identifier).first()
    if known is None:
        new = Policy(identifier=identifier, title=title, kind=kind)
        try:
            new.full_clean()
        except ValidationError as wrong:
            raise Invalid(" ".join(wrong.messages)) from wrong
        return new
    if (known.kind, known.title) != (kind, title):
        raise Invalid(
            _("%(identifier)s is already the %(kind)s “%(title)s”: keep both, or choose another identifier.")
            % {"identifier": identifier, "kind": known.get_kind_display().lower(), "title": known.title}
        )
    return known


def _add(policy: Policy) -> None:
    try:
        policy.save(force_insert=True)
    except IntegrityError as taken:  # by somebody who drafted under it at the same moment
        raise Stale(_("Somebody else has just drafted “%(title)s”.") % {"title": policy.title}) from taken


def _next_number(policy: Policy) -> int:
    last = policy.versions.order_by("-version").first() if policy.pk else None
    if last is not None and last.state in {State.DRAFT, State.SUBMITTED}:
        raise Refused(
            _("Version %(number)s is not approved yet: finish it before drafting the next one.")
            % {"number": last.version}
        )
    return last.version + 1 if last else 1


def _with_status(version: PolicyVersion, status: str) -> dict[str, Any]:
    """A policy states its status; a scheme has no such key, its row alone does (specification 2 and 4)."""
    document: dict[str, Any] = version.document
    return document if version.policy.kind == Policy.Kind.CASHBACK else {**document, "status": status}


def _refuse_unfounded(document: dict[str, Any], at: datetime) -> None:
    unfounded = references.unfounded(document, on=at.date())
    if unfounded:
        raise Refused(
            _("A policy is in force only if every measure names a legal value in force, of primary or secondary mark."),
            [
                {
                    "pointer": row["pointer"],
                    "message": _("“%(reference)s” is no such value.") % {"reference": row["reference"]},
                }
                for row in unfounded
            ],
        )


def _move(version: PolicyVersion, read_in: str, **fields: Any) -> None:
    """Write ``fields`` if the version still is as it was read; ``version`` then holds what was written."""
    unmoved = PolicyVersion.objects.filter(pk=version.pk, state=read_in, sha256=version.sha256)
    if not unmoved.update(**fields):
        raise Stale(_("This version has moved in the meantime: read it again."))
    version.refresh_from_db()
