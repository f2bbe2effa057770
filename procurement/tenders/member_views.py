"""Who makes a bid with its tenderer: named on a page of its own, and their origins taken over from the register."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from procurement.people.permissions import Permission, fetch
from procurement.people.reader import reader
from procurement.registry.countries import country_names
from procurement.registry.models import Supplier
from procurement.tenders import services
from procurement.tenders.bid_forms.consortium import ConsortiumEntry
from procurement.tenders.bid_forms.head import OFFERED
from procurement.tenders.models import Bid
from procurement.tenders.models.stage import DECIDED
from procurement.tenders.views import GET_OR_POST

BIDS = Bid.objects.select_related("supplier", "lot__tender")


@GET_OR_POST
def members(request: HttpRequest, pk: int) -> HttpResponse:
    """The consortium and the subcontractors of a bid, named anew while its lot is not decided."""
    bid = fetch(request.user, Permission.ENTER_BID, BIDS, pk)
    typed = ConsortiumEntry(request.POST if request.method == "POST" else None, bid)
    if request.method == "POST" and typed.save(bid, reader(request), timezone.now()):
        messages.success(request, _("Who makes the bid is recorded."))
        return redirect("evaluation:bid", bid.lot_id, bid.key)
    context = {
        "bid": bid,
        "typed": typed,
        "decided": bid.lot.stage in DECIDED,
        "suppliers": Supplier.objects.values_list("name", flat=True)[:OFFERED],
        "countries": country_names(),
    }
    return render(request, "tenders/members.html", context)


@require_POST
def take_origin(request: HttpRequest, pk: int) -> HttpResponse:
    """Judge a bid with the origins that the register has now."""
    bid = fetch(request.user, Permission.ENTER_BID, BIDS, pk)
    services.take_operator_origin(bid=bid, by=reader(request), at=timezone.now())
    messages.success(request, _("The bid is judged with the origins that the register has now; score the lot again."))
    return redirect("evaluation:bid", bid.lot_id, bid.key)
