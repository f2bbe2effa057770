"""The budget room: estimates of cash-back by hospital and year."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from procurement.cashback import presentation, services
from procurement.cashback.exports import table
from procurement.cashback.forms import EstimateForm
from procurement.cashback.models import Estimate
from procurement.cashback.staleness import freshness
from procurement.evaluation.exports.csv_tables import attachment
from procurement.people.permissions import Permission, fetch, may, require
from procurement.people.reader import reader
from procurement.people.refusals import Refused
from procurement.people.services import record_file

ESTIMATES = Estimate.objects.select_related(
    "hospital", "policy_version__policy", "scheme_version__policy", "job", "requested_by"
)


@require_safe
def estimates(request: HttpRequest) -> HttpResponse:
    """The estimates the reader may see, by hospital and year, the latest first."""
    require(request.user, Permission.READ_ESTIMATE)
    ordered = ESTIMATES.visible_to(request.user).order_by("hospital__name", "-year", "-requested_at")
    page = Paginator(ordered, 25).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    fresh = freshness(shown)
    return render(
        request,
        "cashback/list.html",
        {
            "page": page,
            "rows": [{"estimate": each, "freshness": fresh.get(each.pk)} for each in shown],
            "may_estimate": may(request.user, Permission.ESTIMATE_CASHBACK),
            "risks": presentation.RISKS,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for an estimate; a worker computes it."""
    require(request.user, Permission.ESTIMATE_CASHBACK)
    form = EstimateForm(request.POST or None, user=request.user)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(services.request_estimate(**form.cleaned_data, by=reader(request)))
        except Refused as refused:
            refusal = refused
    return render(request, "cashback/new.html", {"form": form, "refusal": refusal, "risks": presentation.RISKS})


@require_safe
def estimate(request: HttpRequest, pk: int) -> HttpResponse:
    """One estimate: its progress while it is computed, then its table, its totals and its risks."""
    found = fetch(request.user, Permission.READ_ESTIMATE, ESTIMATES, pk)
    result = found.result
    return render(
        request,
        "cashback/estimate.html",
        {
            "estimate": found,
            "own_job": found.job.requested_by_id == request.user.pk,
            "freshness": freshness([found]).get(found.pk),
            "lines": presentation.lines(result) if result else [],
            "left_out": presentation.left_out(result) if result else [],
            "risks": presentation.RISKS,
            "may_estimate": may(request.user, Permission.ESTIMATE_CASHBACK),
        },
    )


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Compute an estimate again, on today's data and versions, beside the one there is."""
    found = fetch(request.user, Permission.ESTIMATE_CASHBACK, ESTIMATES, pk)
    fresh = services.recompute(estimate=found, by=reader(request))
    messages.success(request, _("The new estimate is being computed; the earlier one stays."))
    return redirect(fresh)


@require_safe
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """A finished estimate as a table to download."""
    found = fetch(request.user, Permission.READ_ESTIMATE, ESTIMATES, pk)
    if found.finished_at is None:
        raise Http404(_("This estimate has no result yet."))
    name = f"cashback-{found.hospital.finess}-{found.year}-{found.pk}"
    record_file(row=found, name=f"{name}.csv", by=reader(request))
    return attachment(name, table(found, stale=freshness([found])[found.pk].stale))
