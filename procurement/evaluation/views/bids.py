"""A bid of a lot, its exclusion, and the exceptions a lot is judged with."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from procurement.evaluation import services
from procurement.evaluation.forms import ExclusionForm, GroupOriginForm, IpiExceptionForm
from procurement.evaluation.present.bid import bid_page, may_exclude
from procurement.evaluation.views.lots import LOTS
from procurement.people.permissions import Permission, fetch
from procurement.people.reader import reader
from procurement.tenders import services as tenders
from procurement.tenders.partners import origins_to_retain

ORIGIN_IS_OPEN = gettext_lazy(
    "A member of this consortium originates in a country of the measure on medical devices, its leader does not. Which "
    "origin the whole bid then has is written nowhere we could read: say which one you retain, and why."
)
NOTHING_TO_RETAIN = gettext_lazy(
    "Nothing is to be retained: this bid has one origin before the measure, or its lot is decided."
)
GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def bid(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """What a tenderer offers, line by line: prices, origins, evidence, marks."""
    lot = fetch(request.user, Permission.READ_LOT, LOTS, pk)
    found = get_object_or_404(lot.bids.with_lines(), key=key)
    return render(request, "evaluation/bid.html", bid_page(found, lot, request.user))


@GET_OR_POST
def exclude(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Exclude a bid with its ground and reason; read again before it is done."""
    lot = fetch(request.user, Permission.EXCLUDE_BID, LOTS, pk)
    found = get_object_or_404(lot.bids.select_related("supplier", "lot"), key=key)
    form = ExclusionForm(request.POST or None)
    filled = request.method == "POST" and form.is_valid()
    if filled and "confirmed" in request.POST:
        given = {**form.cleaned_data, "explanations_rejected": services.price_rejected(found)}
        tenders.exclude_bid(bid=found, **given, by=reader(request), at=timezone.now())
        messages.success(request, _("The bid is excluded; it stays visible with its reason. Score the lot again."))
        return redirect("evaluation:lot", pk)
    stopped = not may_exclude(found, lot, request.user)
    context = {
        "lot": lot,
        "bid": found,
        "here": _("Exclusion"),
        "form": form,
        "title": _("Exclude the bid of %(supplier)s") % {"supplier": found.supplier},
        "verb": _("Exclude the bid") if filled else _("Continue"),
        "confirm": filled,
        "summary": form.summary() if filled else [],
        "advice": _("This bid is excluded already, or its lot is not under evaluation.") if stopped else "",
        "stopped": stopped,
    }
    return render(request, "evaluation/form.html", context)


@GET_OR_POST
def ipi_exception(request: HttpRequest, pk: int) -> HttpResponse:
    """Why the measure on medical devices is not applied to a lot (Regulation (EU) 2022/1031, art. 9)."""
    lot = fetch(request.user, Permission.DECIDE_LOT, LOTS, pk)
    form = IpiExceptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        tenders.record_ipi_exception(lot=lot, **form.cleaned_data, by=reader(request), at=timezone.now())
        messages.success(request, _("The exception is recorded: score the lot again."))
        return redirect("evaluation:lot", pk)
    title = _("Record an exception to the measure on medical devices")
    context = {"lot": lot, "form": form, "title": title, "verb": _("Record the exception")}
    return render(request, "evaluation/form.html", context)


@GET_OR_POST
def group_origin(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Which origin the buyer retains for a consortium that a member alone brings before the measure, and why."""
    lot = fetch(request.user, Permission.DECIDE_LOT, LOTS, pk)
    found = get_object_or_404(lot.bids.with_lines(), key=key)
    found.lot = lot
    origins = [] if lot.decided else origins_to_retain(found)
    form = GroupOriginForm(request.POST or None, origins=origins)
    if request.method == "POST" and form.is_valid():
        tenders.retain_group_origin(bid=found, **form.cleaned_data, by=reader(request), at=timezone.now())
        messages.success(request, _("The origin retained is recorded: score the lot again."))
        return redirect("evaluation:bid", pk, key)
    context = {
        "lot": lot,
        "bid": found,
        "form": form,
        "title": _("Origin retained for the consortium of %(supplier)s") % {"supplier": found.supplier},
        "here": _("Origin retained"),
        "verb": _("Record the origin retained"),
        "advice": ORIGIN_IS_OPEN if origins else NOTHING_TO_RETAIN,
        "stopped": not origins,
    }
    return render(request, "evaluation/form.html", context)
