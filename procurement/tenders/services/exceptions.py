"""Exceptions recorded on a lot."""

from datetime import datetime

from django.utils.translation import gettext as _

from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.refusals import Invalid, Refused
from procurement.people.writes import service
from procurement.tenders.models import Lot
from procurement.tenders.models.stage import DECIDED
from procurement.tenders.rules import sha256


@service
def record_ipi_exception(*, lot: Lot, exception: str, reason: str, by: User, at: datetime) -> None:
    """Record why the IPI measure is not applied to a lot (Regulation (EU) 2022/1031, art. 9); a later one replaces it.

    Raises Invalid for an unknown exception or without a reason, Refused once the lot is decided.
    """
    permissions.require(by, Permission.DECIDE_LOT, lot)
    if exception not in Lot.IpiException.values:
        raise Invalid(_("The exception is one of: %(known)s.") % {"known": ", ".join(Lot.IpiException.values)})
    if not reason.strip():
        raise Invalid(_("Write the reason for the exception: it is recorded, and printed in the report."))
    held = Lot.objects.select_for_update(of=("self",)).get(pk=lot.pk)
    if held.stage in DECIDED:
        raise Refused(_("This lot is decided: what led to the decision no longer changes."))
    before = _digest(held)
    held.ipi_exception, held.ipi_exception_reason = exception, reason
    held.save(update_fields=["ipi_exception", "ipi_exception_reason"])
    lot.ipi_exception, lot.ipi_exception_reason = exception, reason
    ledger.record("lot.ipi_exception", lot, by=by, at=at, before=before, after=_digest(held), reason=reason)


def _digest(lot: Lot) -> str:
    return sha256({"exception": lot.ipi_exception, "reason": lot.ipi_exception_reason})
