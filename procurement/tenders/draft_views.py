"""Drafting a procedure: its terms, then lot by lot."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from procurement.people.permissions import Permission, fetch, require
from procurement.people.reader import reader
from procurement.tenders import services
from procurement.tenders.drafted import lot_document, terms_document
from procurement.tenders.drafting_forms import LotDraft, StartForm, TermsForm
from procurement.tenders.models import Lot, Stage
from procurement.tenders.rules import sha256
from procurement.tenders.services.drafting import next_number
from procurement.tenders.views import GET_OR_POST, TENDERS


@GET_OR_POST
def draft(request: HttpRequest) -> HttpResponse:
    """The terms of a new procedure; its lots follow one by one."""
    require(request.user, Permission.DRAFT_TENDER)
    form = TermsForm(request.POST if request.method == "POST" else None, reader=reader(request))
    write = partial(services.draft_tender, by=reader(request), at=timezone.now())
    if request.method == "POST" and form.save(lambda document: write(document={**document, "lots": []})):
        messages.success(request, _("The draft is saved. Add its first lot."))
        return redirect("tenders:add_lot", form.saved.pk)
    return render(request, "tenders/terms.html", {"form": form})


@GET_OR_POST
def terms(request: HttpRequest, pk: int) -> HttpResponse:
    """The terms of a draft, changed without its lots."""
    found = fetch(request.user, Permission.DRAFT_TENDER, TENDERS, pk)
    document = terms_document(found)
    values = TermsForm.values_of(document, sha256(document))
    form = TermsForm(request.POST if request.method == "POST" else None, reader=reader(request), initial=values)
    write = partial(services.change_terms, tender=found, by=reader(request), at=timezone.now())
    if request.method == "POST" and form.save(partial(write, read=request.POST.get("read", ""))):
        messages.success(request, _("The terms of the draft are changed."))
        return redirect("tenders:tender", found.pk)
    return render(request, "tenders/terms.html", {"form": form, "tender": found})


@GET_OR_POST
def add_lot(request: HttpRequest, pk: int) -> HttpResponse:
    """A new lot of a draft: from nothing, a template, a published grid (`?grid=`) or as a copy of another."""
    found = fetch(request.user, Permission.DRAFT_TENDER, TENDERS, pk)
    if found.stage != Stage.DRAFT:
        return redirect("tenders:tender", found.pk)
    start = StartForm(request.GET, reader=reader(request), tender=found)
    data = request.POST if request.method == "POST" else None
    lot = LotDraft(found, reader(request), data=data, document=start.document(next_number(found)), read="")
    write = partial(services.add_lot, tender=found, by=reader(request), at=timezone.now())
    if request.method == "POST" and not lot.asked and lot.save(write):
        messages.success(request, _("The lot is added to the draft."))
        return redirect("tenders:tender", found.pk)
    return render(request, "tenders/lot_draft.html", {"draft": lot, "tender": found, "start": start})


@GET_OR_POST
def change_lot(request: HttpRequest, pk: int) -> HttpResponse:
    """A lot of a draft, changed."""
    found = fetch(request.user, Permission.DRAFT_TENDER, Lot.objects.for_draft(), pk)
    tender = TENDERS.get(pk=found.tender_id)
    if found.stage != Stage.DRAFT:
        return redirect("tenders:tender", tender.pk)
    document = lot_document(found)
    data = request.POST if request.method == "POST" else None
    lot = LotDraft(tender, reader(request), data=data, document=document, read=sha256(document))
    write = partial(services.change_lot, lot=found, by=reader(request), at=timezone.now())
    if request.method == "POST" and not lot.asked and lot.save(partial(write, read=request.POST.get("read", ""))):
        messages.success(request, _("Lot %(number)d is changed.") % {"number": found.number})
        return redirect("tenders:tender", tender.pk)
    return render(request, "tenders/lot_draft.html", {"draft": lot, "tender": tender, "lot": found})


@GET_OR_POST
def drop_lot(request: HttpRequest, pk: int) -> HttpResponse:
    """What taking a lot out of a draft means, read again; then it is done."""
    found = fetch(request.user, Permission.DRAFT_TENDER, Lot.objects.select_related("tender__copied_from"), pk)
    if request.method == "POST":
        services.drop_lot(lot=found, by=reader(request), at=timezone.now())
        messages.success(request, _("Lot %(number)d is taken out of the draft.") % {"number": found.number})
    if request.method == "POST" or found.stage != Stage.DRAFT:
        return redirect("tenders:tender", found.tender_id)
    return render(request, "tenders/drop.html", {"tender": found.tender, "lot": found})


@GET_OR_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """What deleting a draft means, read again; then it is done."""
    found = fetch(request.user, Permission.DRAFT_TENDER, TENDERS, pk)
    if request.method == "POST":
        services.drop_tender(tender=found, by=reader(request), at=timezone.now())
        messages.success(request, _("The draft %(reference)s is deleted.") % {"reference": found.reference})
        return redirect("tenders:list")
    if found.stage != Stage.DRAFT:
        return redirect("tenders:tender", found.pk)
    return render(request, "tenders/drop.html", {"tender": found})
