"""The lot a service works on: held, and still where the reader saw it."""

from django.utils.translation import gettext as _

from procurement.people.refusals import Refused, Stale
from procurement.tenders.models import Lot, Stage, Tender
from procurement.tenders.services import settle

UNDER_EVALUATION = (Stage.OPENED, Stage.EVALUATED)


def held(lot: Lot) -> Lot:
    """The lot's row as it is now, locked until the commit: two people cannot score or decide it at once.

    The tender is locked before its lots, here as where bids are opened: two who wait for each other wait for ever.
    """
    Tender.objects.select_for_update(of=("self",)).get(pk=lot.tender_id)
    rows = Lot.objects.select_for_update(of=("self",)).select_related("tender", "policy_version__policy")
    return rows.get(pk=lot.pk)


def require_under_evaluation(lot: Lot) -> None:
    """Raise Refused unless the bids are opened and nothing is decided."""
    if lot.stage in UNDER_EVALUATION:
        return
    if lot.decided:
        raise Refused(_("This lot is decided: what led to the decision no longer changes."))
    raise Refused(_("The bids of this lot are not opened yet."))


def advance(lot: Lot, stage: Stage) -> None:
    """Move the lot and, with it, its tender. Raises Stale when somebody moved the lot in the meantime."""
    if not Lot.objects.filter(pk=lot.pk, stage=lot.stage).update(stage=stage):
        raise Stale(_("Somebody else has just moved this lot; look at it again."))
    lot.stage = stage
    settle(lot.tender)
