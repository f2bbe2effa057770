"""The room of procedures: the list, one tender, and the steps of its life."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from procurement.people.permissions import Permission, fetch, may, require
from procurement.people.reader import reader
from procurement.people.refusals import Invalid, Refused
from procurement.tenders import present, services
from procurement.tenders.filters import TenderFilter
from procurement.tenders.forms import DeadlineForm, OpeningForm, PublicationForm
from procurement.tenders.models import Stage, Tender

PER_PAGE = 25
TENDERS = Tender.objects.select_related("contracting_body", "copied_from", "drafted_by")
GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def tenders(request: HttpRequest) -> HttpResponse:
    """The procedures of the reader's hospitals or mandates, filtered, ordered and paged by the address."""
    require(request.user, Permission.READ_TENDER)
    rows = TENDERS.visible_to(request.user).annotate(lot_count=Count("lots"))
    found = TenderFilter(request.GET, rows, request=request)
    context = {
        "filter": found,
        "page": Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page")),
        "ordering": request.GET.get("ordering", "-launched_on"),
        "filtered": bool(request.GET),
        "may_read_reference": may(request.user, Permission.READ_REFERENCE),
        "may_draft": may(request.user, Permission.DRAFT_TENDER),
    }
    return render(request, "tenders/list.html", context)


@require_safe
def tender(request: HttpRequest, pk: int) -> HttpResponse:
    """One procedure: who buys what, under which rules, where it is in its life."""
    found = fetch(request.user, Permission.READ_TENDER, TENDERS, pk)
    lots = present.lots_of(found)
    page = Paginator(lots, present.LOTS_AT_ONCE).get_page(request.GET.get("page"))
    context = {
        "tender": found,
        "lots": lots,
        "page": page,
        "rules": present.shown_rules(found, list(page)),
        "step": present.next_step(found, lots, request.user),
        "may_copy": may(request.user, Permission.COPY_FOR_TRAINING),
        "may_draft": found.stage == Stage.DRAFT and may(request.user, Permission.DRAFT_TENDER),
        "may_change_deadline": found.stage in services.CHANGING and may(request.user, Permission.OPEN_BIDS),
    }
    return render(request, "tenders/tender.html", context)


@GET_OR_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """What publication freezes, read again with its findings; then it is done."""
    found = fetch(request.user, Permission.PUBLISH_TENDER, TENDERS, pk)
    form = PublicationForm(request.POST if request.method == "POST" else None, tender=found)
    if request.method == "POST" and form.is_valid():
        services.publish(tender=found, by=reader(request), at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The procedure is published: its rules no longer change."))
    if found.stage != Stage.DRAFT:
        return redirect("tenders:tender", found.pk)
    lots = present.checked_lots(found)
    page = Paginator(lots, present.LOTS_AT_ONCE).get_page(request.GET.get("page"))
    context = {
        "tender": found,
        "lots": lots,
        "page": page,
        "rules": present.shown_rules(found, list(page)),
        "blocked": any(listed.blocks for listed in lots),
        "form": form,
    }
    return render(request, "tenders/publish.html", context)


@GET_OR_POST
def open_bids(request: HttpRequest, pk: int) -> HttpResponse:
    """What opening means, read again; then it is done."""
    found = fetch(request.user, Permission.OPEN_BIDS, TENDERS, pk)
    said = {"bids_due_at": found.bids_due_at}
    form = OpeningForm(request.POST if request.method == "POST" else None, initial=said)
    if form.is_valid():
        try:
            services.open_bids(tender=found, by=reader(request), at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The bids are opened: they may be entered."))
        except Invalid as refusal:
            form.add_error("bids_due_at", refusal.sentence)
    if found.stage != Stage.PUBLISHED:
        return redirect("tenders:tender", found.pk)
    return render(request, "tenders/open.html", {"tender": found, "form": form})


@GET_OR_POST
def deadline(request: HttpRequest, pk: int) -> HttpResponse:
    """Another deadline for the receipt of bids, read again before it is recorded."""
    found = fetch(request.user, Permission.OPEN_BIDS, TENDERS, pk)
    form = DeadlineForm(request.POST if request.method == "POST" else None)
    confirm, refusal = request.method == "POST" and form.is_valid(), None
    if confirm:
        try:
            if "confirmed" in request.POST:
                services.change_deadline(tender=found, by=reader(request), at=timezone.now(), **form.cleaned_data)
                messages.success(request, _("The deadline is changed and recorded."))
                return redirect("tenders:tender", found.pk)
            services.require_changeable(found, form.cleaned_data["bids_due_at"])
        except Refused as refused:
            confirm, refusal = False, refused
    summary = form.summary(found) if confirm else []
    context = {"tender": found, "form": form, "confirm": confirm, "refusal": refusal, "summary": summary}
    return render(request, "tenders/deadline.html", context)


@require_POST
def training_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Copy a procedure for training, and say what the copy holds."""
    found = fetch(request.user, Permission.COPY_FOR_TRAINING, TENDERS, pk)
    copy = services.copy_for_training(tender=found, by=reader(request), at=timezone.now())
    messages.success(request, services.what_was_copied(copy))
    return redirect("tenders:tender", copy.pk)
