"""Deciding a lot, and the decisions that were taken."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from procurement.evaluation import services
from procurement.evaluation.exports import csv_tables
from procurement.evaluation.exports.lots import decision_table
from procurement.evaluation.filters import DecisionFilter
from procurement.evaluation.forms import AwardForm, EndForm, ReasonForm
from procurement.evaluation.models import Decision
from procurement.evaluation.present import blocked
from procurement.evaluation.present.decision import decision_page
from procurement.evaluation.present.reading import Reading
from procurement.evaluation.views.lots import LOTS
from procurement.ledger import anchors
from procurement.people.permissions import Permission, fetch, may, require
from procurement.people.reader import reader
from procurement.people.refusals import Refused
from procurement.people.services import record_file
from procurement.tenders.models import Lot

PER_PAGE = 25
DECISIONS = Decision.objects.select_related(
    "lot__tender__contracting_body", "lot__policy_version__policy", "bid__supplier", "decided_by"
)


@require_http_methods(["GET", "HEAD", "POST"])
def award(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill in, read again, confirm: an award cannot be undone."""
    lot = fetch(request.user, Permission.DECIDE_LOT, LOTS, pk)
    if lot.decided:
        return _see_decision(request, lot.pk)
    latest = lot.sheets.published().last()
    if latest is None:
        raise Refused(_("Score the lot first: an award rests on its score sheet."))
    if another := blocked.another_awards(lot, latest, lot.lifted_blocks.all(), request.user):
        raise Refused(another)
    form = AwardForm(request.POST or None, sheet=latest, reading=Reading.of(latest, lot))
    filled = request.method == "POST" and form.is_valid()
    if filled and "confirmed" in request.POST:
        given = dict(form.cleaned_data)
        sheet = get_object_or_404(lot.sheets, pk=given.pop("sheet"))
        bid = get_object_or_404(lot.bids, key=given.pop("bid"))
        services.award(lot=lot, bid=bid, sheet=sheet, **given, by=reader(request), at=timezone.now())
        return _decided(request, lot.pk)
    return _step(request, lot, form, _("Award"), confirm=filled)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a lot without an award, with its reason; read again before it is done."""
    lot = fetch(request.user, Permission.DECIDE_LOT, LOTS, pk)
    if lot.decided:
        return _see_decision(request, lot.pk)
    form = EndForm(request.POST or None)
    filled = request.method == "POST" and form.is_valid()
    if filled and "confirmed" in request.POST:
        services.end(lot=lot, **form.cleaned_data, by=reader(request), at=timezone.now())
        return _decided(request, lot.pk)
    return _step(request, lot, form, _("End without an award"), confirm=filled)


@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """The decisions of the reader's hospitals or mandates, latest first."""
    require(request.user, Permission.READ_DECISION)
    found = DecisionFilter(request.GET, DECISIONS.visible_to(request.user))
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": found,
        "page": page,
        "ordering": request.GET.get("ordering", ""),
        "exports": may(request.user, Permission.EXPORT_DECISION),
    }
    return render(request, "evaluation/decisions.html", context)


@require_safe
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision: what, who, when, on which rules, and everything that was done until then."""
    found = fetch(request.user, Permission.READ_DECISION, DECISIONS, pk)
    context = {
        **decision_page(found, reader(request)),
        "estimates": may(request.user, Permission.ESTIMATE_CASHBACK),
        "exports": may(request.user, Permission.EXPORT_DECISION),
        "records": may(request.user, Permission.READ_RECORD),
        "fingerprint": anchors.fingerprint(),
    }
    return render(request, "evaluation/decision.html", context)


@require_safe
def decision_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """A decision as a table."""
    found = fetch(request.user, Permission.EXPORT_DECISION, DECISIONS, pk)
    record_file(row=found, name=f"decision-{pk}.csv", by=reader(request))
    return csv_tables.attachment(f"decision-{pk}", decision_table(found, found.lot))


def _step(request: HttpRequest, lot: Lot, form: ReasonForm, title: str, *, confirm: bool) -> HttpResponse:
    """The form, with what blocks an award; once it is filled in, what will be recorded."""
    findings = blocked.standing_of(lot) if isinstance(form, AwardForm) else []
    context = {
        "lot": lot,
        "form": form,
        "title": title,
        "confirm": confirm,
        "verb": title if confirm else _("Continue"),
        "summary": form.summary() if confirm else [],
        "findings": findings,
        "stopped": bool(findings),
    }
    return render(request, "evaluation/form.html", context)


def _decided(request: HttpRequest, lot: int) -> HttpResponse:
    messages.success(request, _("The decision is recorded."))
    return redirect("evaluation:decision", Decision.objects.get(lot=lot).pk)


def _see_decision(request: HttpRequest, lot: int) -> HttpResponse:
    """Whoever comes back to the form of a decided lot, by the back button or from another tab, reads the decision."""
    messages.info(request, _("This lot is decided already: nothing was changed."))
    return redirect("evaluation:decision", Decision.objects.get(lot=lot).pk)
