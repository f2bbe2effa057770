"""The price schedule of a lot: downloaded empty, sent filled, looked at, then entered as a bid."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from procurement.people.permissions import Permission, fetch
from procurement.people.reader import reader
from procurement.people.refusals import Refused
from procurement.people.services import record_file
from procurement.tenders import services
from procurement.tenders.models import Lot, Stage
from procurement.tenders.schedules import XLSX, comparison, empty_schedule, file_name, waiting
from procurement.tenders.schedules.container import LONGEST
from procurement.tenders.schedules.forms import FileForm, OfferForm
from procurement.uploads import takes_a_file

LOTS = Lot.objects.select_related("tender", "policy_version__policy")
GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def empty(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The empty schedule of a published lot, for tenderers to fill in."""
    return handed_out(request, fetch(request.user, Permission.ENTER_BID, LOTS, pk), language)


def handed_out(request: HttpRequest, lot: Lot, language: str) -> HttpResponse:
    """The empty schedule as an answer; that it leaves the portal is recorded."""
    if lot.stage == Stage.DRAFT or language not in dict(settings.LANGUAGES):
        raise Http404(_("A lot has its price schedule once its rules are published."))
    content, name = empty_schedule(lot, language), file_name(lot, language)
    record_file(row=lot, name=name, by=reader(request))
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@takes_a_file(LONGEST)
@GET_OR_POST
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """The schedule of a lot; a filled one is read, and waits to be looked at."""
    lot = fetch(request.user, Permission.ENTER_BID, LOTS, pk)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    refusal = None
    if form.is_valid():
        content = form.cleaned_data["file"].read()
        try:
            services.read_received(lot=lot, content=content)
        except Refused as refused:
            refusal = refused
        else:
            return redirect("tenders:offer", lot.pk, waiting.put(content, lot, reader(request)))
    context = {"lot": lot, "tender": lot.tender, "form": form, "refusal": refusal}
    return render(request, "tenders/schedule.html", context)


@GET_OR_POST
def offer(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """What a filled schedule says, with all that differs; then it is entered as a bid."""
    lot = fetch(request.user, Permission.ENTER_BID, LOTS, pk)
    content = waiting.find(token, lot, reader(request))
    if content is None:
        raise Http404(_("This file is not here any more: send it again."))
    offered = services.read_received(lot=lot, content=content)
    form = OfferForm(request.POST if request.method == "POST" else None, lot=lot, offered=offered)
    refusal = None
    if form.is_valid():
        try:
            at = timezone.now()
            bid = services.enter_schedule(lot=lot, content=content, by=reader(request), at=at, **form.cleaned_data)
        except Refused as refused:
            refusal = form.shown_beside(refused)
        else:
            waiting.discard(token, lot, reader(request))
            messages.success(request, _("The bid is entered."))
            return redirect("evaluation:bid", lot.pk, bid.key)
    context = {"lot": lot, "tender": lot.tender, "form": form, "refusal": refusal, **comparison.shown(offered)}
    return render(request, "tenders/offer.html", context)
