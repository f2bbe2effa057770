"""Who may do what: the only place.

A permission belongs to roles (`GRANTS`). *On which rows* is decided by each queryset's `visible_to(user)`, which
narrows to the hospitals of the reader (`procurement.people.scope`).
"""

from enum import StrEnum
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from procurement.ledger import services as ledger
from procurement.people.roles import Role


class Permission(StrEnum):
    """One thing a person may do, as verb and noun."""

    READ_TENDER = "read_tender"
    DRAFT_TENDER = "draft_tender"
    PUBLISH_TENDER = "publish_tender"
    OPEN_BIDS = "open_bids"
    ENTER_BID = "enter_bid"
    EXCLUDE_BID = "exclude_bid"
    REGULARISE_BID = "regularise_bid"
    READ_PROOF = "read_proof"
    ADD_PROOF = "add_proof"
    WITHDRAW_PROOF = "withdraw_proof"
    COPY_FOR_TRAINING = "copy_for_training"
    READ_LOT = "read_lot"
    SCORE_LOT = "score_lot"
    SIMULATE_LOT = "simulate_lot"
    DECIDE_LOT = "decide_lot"
    LIFT_BLOCK = "lift_block"
    WRITE_LETTER = "write_letter"
    COMPOSE_PANEL = "compose_panel"
    SIT_ON_PANEL = "sit_on_panel"
    AGREE_MARK = "agree_mark"
    LOCK_MARKS = "lock_marks"
    READ_DECISION = "read_decision"
    EXPORT_DECISION = "export_decision"
    READ_REFERENCE = "read_reference"
    READ_SUPPLIER = "read_supplier"
    REGISTER_SUPPLIER = "register_supplier"
    READ_POLICY = "read_policy"
    DRAFT_POLICY = "draft_policy"
    SUBMIT_POLICY = "submit_policy"
    APPROVE_POLICY = "approve_policy"
    RETIRE_POLICY = "retire_policy"
    READ_ESTIMATE = "read_estimate"
    ESTIMATE_CASHBACK = "estimate_cashback"
    READ_ARCHIVE = "read_archive"
    IMPORT_ARCHIVE = "import_archive"
    RUN_SWEEP = "run_sweep"
    READ_RECORD = "read_record"
    ERASE_REASON = "erase_reason"
    MANAGE_PEOPLE = "manage_people"
    # for everybody who is logged in
    READ_HOME = "read_home"
    READ_LAW = "read_law"
    READ_JOB = "read_job"
    CANCEL_JOB = "cancel_job"
    SCORE_DOCUMENT = "score_document"
    VERIFY_BUNDLE = "verify_bundle"
    MANAGE_TOKENS = "manage_tokens"


P = Permission
EVERYBODY = frozenset(
    {
        P.READ_HOME, P.READ_LAW, P.READ_JOB, P.CANCEL_JOB, P.SCORE_DOCUMENT, P.VERIFY_BUNDLE, P.MANAGE_TOKENS,
        P.READ_POLICY,
    }
)  # fmt: skip
GRANTS: dict[str, frozenset[Permission]] = {
    Role.BUYER: EVERYBODY
    | {
        P.READ_TENDER, P.DRAFT_TENDER, P.PUBLISH_TENDER, P.OPEN_BIDS, P.ENTER_BID, P.EXCLUDE_BID,
        P.REGULARISE_BID,
        P.COPY_FOR_TRAINING, P.READ_LOT, P.SCORE_LOT, P.SIMULATE_LOT, P.DECIDE_LOT, P.LIFT_BLOCK, P.WRITE_LETTER,
        P.READ_DECISION,
        P.EXPORT_DECISION, P.READ_SUPPLIER, P.REGISTER_SUPPLIER, P.READ_ESTIMATE, P.ESTIMATE_CASHBACK,
        P.READ_REFERENCE, P.READ_PROOF, P.ADD_PROOF, P.WITHDRAW_PROOF,
        P.COMPOSE_PANEL, P.AGREE_MARK, P.LOCK_MARKS,
    },
    # No page of a procedure, a lot or a bid: what members of a panel are shown of them, their own pages say.
    Role.EVALUATOR: EVERYBODY | {P.SIT_ON_PANEL},
    Role.POLICY_OFFICER: EVERYBODY
    | {
        P.DRAFT_POLICY, P.SUBMIT_POLICY, P.APPROVE_POLICY, P.RETIRE_POLICY, P.READ_ARCHIVE, P.IMPORT_ARCHIVE,
        P.RUN_SWEEP,
    },
    Role.AUDITOR: EVERYBODY
    | {
        P.READ_TENDER, P.READ_LOT, P.READ_PROOF, P.READ_DECISION, P.EXPORT_DECISION, P.READ_ESTIMATE, P.READ_RECORD,
    },
    Role.ADMINISTRATOR: EVERYBODY | {P.MANAGE_PEOPLE, P.READ_RECORD, P.ERASE_REASON},
}  # fmt: skip

Row = TypeVar("Row", bound=models.Model)


def may(user: Any, permission: Permission) -> bool:
    """Whether the role of ``user`` holds ``permission`` (on some row)."""
    return bool(user.is_authenticated and user.is_active and permission in GRANTS[user.role])


def _roles_with(permission: Permission) -> str:
    return ", ".join(str(role.label).lower() for role in Role if permission in GRANTS[role])


def require(user: Any, permission: Permission, row: models.Model | None = None) -> None:
    """Raise PermissionDenied unless ``user`` holds ``permission``, and sees ``row`` where one is given."""
    if not may(user, permission):
        raise PermissionDenied(
            _("Your role does not allow this. The roles that do: %(roles)s.") % {"roles": _roles_with(permission)}
        )
    if row is not None and not type(row)._default_manager.visible_to(user).filter(pk=row.pk).exists():  # type: ignore[attr-defined]  # every queryset of the house has it
        raise PermissionDenied(_("This belongs to a hospital you do not work for."))


def fetch(user: Any, permission: Permission, rows: "models.QuerySet[Row]", pk: Any) -> Row:
    """The row ``pk`` of ``rows``; Http404 when the reader may not know it exists, PermissionDenied by role.

    What an auditor fetches to read it leaves its line in the record.
    """
    require(user, permission)
    found = rows.visible_to(user).filter(pk=pk).first()  # type: ignore[attr-defined]  # every queryset of the house has it
    if found is None:
        raise Http404(_("Nothing here under this number."))
    if permission.value.startswith("read_"):
        trace_reading(user, found)
    return found


def trace_reading(user: Any, row: models.Model) -> None:
    """Record that an auditor read ``row``; the reading of others leaves no line."""
    if user.role == Role.AUDITOR:
        with transaction.atomic():
            ledger.record(f"{row._meta.model_name}.read", row, by=user)
