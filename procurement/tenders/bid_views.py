"""A received bid, typed into the portal."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from procurement.people.permissions import Permission, fetch
from procurement.people.reader import reader
from procurement.tenders.bid_forms import BidEntry
from procurement.tenders.bid_forms.entry import MOST_ITEMS
from procurement.tenders.bid_forms.read_again import read_again
from procurement.tenders.models import Lot, Stage
from procurement.tenders.views import GET_OR_POST

LOTS = Lot.objects.select_related("tender__copied_from", "policy_version__policy")


@GET_OR_POST
def enter_bid(request: HttpRequest, pk: int) -> HttpResponse:
    """A bid is typed, read again as the portal has read it, then entered; until then nothing is stored."""
    lot = fetch(request.user, Permission.ENTER_BID, LOTS, pk)
    if lot.stage not in (Stage.OPENED, Stage.EVALUATED):
        messages.warning(request, _("Bids are entered after the opening and before the lot is decided."))
        return redirect("evaluation:lot", lot.pk)
    data = request.POST if request.method == "POST" else None
    typed = BidEntry(lot, data)
    context = {"lot": lot, "tender": lot.tender, "typed": typed, "too_many": len(typed.lines) > MOST_ITEMS}
    if data and "enter" in data and (bid := typed.save(reader(request), timezone.now())):
        messages.success(request, _("The bid is entered."))
        return redirect("evaluation:bid", lot.pk, bid.key)
    if data and not {"enter", "change"} & set(data) and (entry := typed.check()):
        return render(request, "tenders/bid_read_again.html", context | {"read": read_again(typed, entry)})
    return render(request, "tenders/bid_form.html", context)
