"""The versions of a bid: a former one read, another one typed in or read from a price schedule."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from procurement.evaluation import services
from procurement.evaluation.present import versions as present
from procurement.evaluation.standing import number_read
from procurement.evaluation.version_forms import VersionEntry, WhyOfScheduleForm
from procurement.evaluation.versions import number_of, snapshot
from procurement.evaluation.views.bids import GET_OR_POST
from procurement.evaluation.views.lots import LOTS
from procurement.people.permissions import Permission, fetch
from procurement.people.reader import reader
from procurement.people.refusals import Refused
from procurement.tenders.models import Bid, Lot
from procurement.tenders.schedules import comparison, read_schedule, waiting
from procurement.tenders.schedules.container import LONGEST
from procurement.tenders.schedules.forms import FileForm
from procurement.uploads import takes_a_file

ENTERED = gettext_lazy("The new version is entered; the former one stays readable. Score the lot again.")


@require_safe
def version(request: HttpRequest, pk: int, key: str, number: int) -> HttpResponse:
    """A version of a bid that was replaced, whole, and what the next one changed of it."""
    lot = fetch(request.user, Permission.READ_LOT, LOTS, pk)
    bid = get_object_or_404(lot.bids.with_lines(), key=key)
    bid.lot = lot
    versions = {each.number: each for each in present.versions_of(bid, lot)}
    shown = versions.get(number)
    if shown is None or shown.former is None:
        raise Http404(_("Nothing here under this number."))
    context = {"lot": lot, "tender": lot.tender, "bid": bid, "version": shown, "next": versions[number + 1]}
    return render(request, "evaluation/version.html", context | {"read": present.read(shown.former, lot)})


@GET_OR_POST
def enter(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Another version is typed, what it changes is read again, then it is entered."""
    lot, bid = _changing(request, pk, key)
    data = request.POST if request.method == "POST" else None
    typed = VersionEntry(bid, data)
    context = {"lot": lot, "tender": lot.tender, "bid": bid, "typed": typed, "too_many": typed.too_many}
    context["stopped"] = services.refusal_of(bid)
    if data and "enter" in data and typed.enter(reader(request), timezone.now()):
        messages.success(request, str(ENTERED))
        return redirect("evaluation:bid", pk, key)
    if data and not {"enter", "change"} & set(data) and (entry := typed.check()):
        changed = present.differences(typed.before, typed.after(entry), present.designations(lot))
        return render(request, "evaluation/version_read_again.html", context | {"differences": changed})
    return render(request, "evaluation/version_form.html", context)


@takes_a_file(LONGEST)
@GET_OR_POST
def schedule(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """A filled price schedule is read, and waits for what it changes to be looked at."""
    lot, bid = _changing(request, pk, key)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    refusal = None
    if form.is_valid():
        content = form.cleaned_data["file"].read()
        try:
            read_schedule(content, lot)
        except Refused as refused:
            refusal = refused
        else:
            return redirect("evaluation:version_offer", pk, key, waiting.put(content, lot, reader(request)))
    context = {"lot": lot, "tender": lot.tender, "bid": bid, "form": form, "refusal": refusal}
    return render(request, "evaluation/version_schedule.html", context | {"stopped": services.refusal_of(bid)})


@GET_OR_POST
def offer(request: HttpRequest, pk: int, key: str, token: str) -> HttpResponse:
    """What a filled schedule changes of a bid; then it is entered as another version."""
    lot, bid = _changing(request, pk, key)
    content = waiting.find(token, lot, reader(request))
    if content is None:
        raise Http404(_("This file is not here any more: send it again."))
    offered = read_schedule(content, lot)
    form = WhyOfScheduleForm(request.POST if request.method == "POST" else None, bid=bid, offered=offered)
    refusal = None
    if form.is_valid():
        try:
            given = {**form.why(), "read": number_read(request.POST)}
            services.enter_version_of_schedule(bid=bid, content=content, **given, by=reader(request), at=timezone.now())
        except Refused as refused:
            refusal = refused
        else:
            waiting.discard(token, lot, reader(request))
            messages.success(request, str(ENTERED))
            return redirect("evaluation:bid", pk, key)
    changed = present.differences(snapshot(bid), present.of_schedule(offered, bid, lot), present.designations(lot))
    context = {"lot": lot, "tender": lot.tender, "bid": bid, "form": form, "refusal": refusal, "differences": changed}
    context |= {"number": number_of(bid), "tenderer": offered.tenderer["name"]}
    context |= {"stated": comparison.differences(offered), "doubtful": offered.doubtful}
    return render(request, "evaluation/version_offer.html", context)


def _changing(request: HttpRequest, pk: int, key: str) -> tuple[Lot, Bid]:
    """The lot and the bid another version is entered of."""
    lot = fetch(request.user, Permission.ENTER_BID, LOTS, pk)
    bid = get_object_or_404(lot.bids.select_related("supplier"), key=key)
    bid.lot = lot
    return lot, bid
