"""Taking a lot out of a draft, or a whole draft away; what is published is kept."""

from datetime import datetime

from django.utils.translation import gettext as _

from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.refusals import Refused
from procurement.people.writes import service
from procurement.tenders.drafted import draft_digest, lot_documents, terms_document
from procurement.tenders.models import Lot, Tender
from procurement.tenders.rules import sha256
from procurement.tenders.services.drafting import held_draft, held_lot


@service
def drop_lot(*, lot: Lot, by: User, at: datetime) -> None:
    """Delete a draft lot with its criteria, items and needs. Raises Refused once its rules are published."""
    permissions.require(by, Permission.DRAFT_TENDER, lot)
    held = held_lot(lot)
    before, name = draft_digest(held), ledger.name_of(held)
    held.delete()
    ledger.record("lot.dropped", name, by=by, at=at, before=before)


@service
def drop_tender(*, tender: Tender, by: User, at: datetime) -> None:
    """Delete a draft tender with its lots. Raises Refused once it is published, or while it has training copies."""
    permissions.require(by, Permission.DRAFT_TENDER, tender)
    held = held_draft(tender)
    if held.copies.exists():
        raise Refused(_("A training copy was made of this draft: take that away first."))
    before, name = sha256({**terms_document(held), "lots": lot_documents(held)}), ledger.name_of(held)
    held.delete()
    ledger.record("tender.dropped", name, by=by, at=at, before=before)
