"""The right to erasure in the record: the text of a reason goes, the line that committed to it stays."""

from django.utils.translation import gettext as _

from procurement.ledger import services as ledger
from procurement.ledger.models import Disclosure, Line
from procurement.ledger.reasons import COMMITMENT
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.refusals import Invalid, Refused
from procurement.people.writes import service


@service
def erase_reason(*, line: Line, reason: str, by: User) -> None:
    """Erase for good the text of the reason of ``line``, as the data-protection officer asks in ``reason``.

    An administrator does it by the number of the line, without reading it. The chain holds as before: the line keeps
    its commitment, of which nothing can be guessed once the salt is gone. Raises Refused where there is no text.
    """
    permissions.require(by, Permission.ERASE_REASON)
    if not reason.strip():
        raise Invalid(_("Write who asked for the erasure and why: the record keeps it."))
    number = {"number": line.sequence}
    if not line.reason:
        raise Refused(_("Line %(number)d gives no reason: there is nothing to erase.") % number)
    if not COMMITMENT.fullmatch(line.reason):
        raise Refused(_("Line %(number)d is older than commitments: its text is part of the chain.") % number)
    if not Disclosure.objects.filter(pk=line.reason).delete()[0]:
        raise Refused(_("The text of line %(number)d is not there any more.") % number)
    ledger.record("reason.erased", line, by=by, reason=reason)
