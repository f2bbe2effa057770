"""Every write of tenders: drafted, published, opened, their bids entered, copied for training."""

from procurement.tenders.services.bids import enter_bid, exclude_bid, take_operator_origin
from procurement.tenders.services.deadline import CHANGING, change_deadline, require_changeable
from procurement.tenders.services.drafting import add_lot, change_lot, change_tender, change_terms, draft_tender
from procurement.tenders.services.dropping import drop_lot, drop_tender
from procurement.tenders.services.exceptions import record_ipi_exception
from procurement.tenders.services.life import open_bids, publish, settle
from procurement.tenders.services.members import enter_bid_of_newcomers, record_members, retain_group_origin
from procurement.tenders.services.method import check_method, invent_profiles
from procurement.tenders.services.proofs import add_proof, withdraw_proof
from procurement.tenders.services.reference import keep_reference
from procurement.tenders.services.schedules import enter_schedule, read_received
from procurement.tenders.services.training import copy_for_training, what_was_copied

__all__ = [
    "CHANGING",
    "add_lot",
    "add_proof",
    "change_deadline",
    "change_lot",
    "change_tender",
    "change_terms",
    "check_method",
    "copy_for_training",
    "draft_tender",
    "drop_lot",
    "drop_tender",
    "enter_bid",
    "enter_bid_of_newcomers",
    "enter_schedule",
    "exclude_bid",
    "invent_profiles",
    "keep_reference",
    "open_bids",
    "publish",
    "read_received",
    "record_ipi_exception",
    "record_members",
    "require_changeable",
    "retain_group_origin",
    "settle",
    "take_operator_origin",
    "what_was_copied",
    "withdraw_proof",
]
