"""The lot page and what is done from it before the decision."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from procurement.evaluation import services
from procurement.evaluation.disclosure import for_reader
from procurement.evaluation.exports import csv_tables
from procurement.evaluation.exports.lots import ranking_table
from procurement.evaluation.forms import ReasonForm, SimulationForm
from procurement.evaluation.models import ScoreSheet
from procurement.evaluation.present import blocked
from procurement.evaluation.present.lot import lot_page
from procurement.people.permissions import Permission, fetch
from procurement.people.reader import reader
from procurement.people.refusals import Refused
from procurement.people.services import record_file
from procurement.tenders.models import Lot

LIFTS_ONE_FINDING = gettext_lazy(
    "Your reason lifts this very finding; the same one about other bids would block again."
)
LOTS = Lot.objects.select_related("tender__contracting_body", "policy_version__policy")


@require_safe
def lot(request: HttpRequest, pk: int) -> HttpResponse:
    """A lot: who wins and why, under which rules, and what may be done next."""
    found = fetch(request.user, Permission.READ_LOT, LOTS, pk)
    return render(request, "evaluation/lot.html", lot_page(found, request.user, request.GET))


@require_POST
def score(request: HttpRequest, pk: int) -> HttpResponse:
    """Score under the published rules; back to the lot."""
    found = fetch(request.user, Permission.SCORE_LOT, LOTS, pk)
    services.score(lot=found, by=reader(request), at=timezone.now())
    messages.success(request, _("The lot is scored under its published rules."))
    return redirect("evaluation:lot", pk)


@require_POST
def take_marks(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a training copy the marks of its decided original; back to the copy."""
    found = fetch(request.user, Permission.SCORE_LOT, LOTS, pk)
    services.take_marks(lot=found, by=reader(request), at=timezone.now())
    messages.success(request, _("The marks of the original are taken over."))
    return redirect("evaluation:lot", pk)


@require_POST
def simulate(request: HttpRequest, pk: int) -> HttpResponse:
    """Score a decided lot or a training copy under other rules; to the page of that simulation."""
    found = fetch(request.user, Permission.SIMULATE_LOT, LOTS, pk)
    form = SimulationForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose an approved policy version, or no policy."))
    sheet = services.simulate(lot=found, **form.cleaned_data, by=reader(request), at=timezone.now())
    return redirect(f"{reverse('evaluation:lot', args=[pk])}?sheet={sheet.number}")


@require_http_methods(["GET", "HEAD", "POST"])
def lift_block(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """A second person's written reason against a finding that blocks."""
    found = fetch(request.user, Permission.LIFT_BLOCK, LOTS, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.lift_block(lot=found, code=code, **form.cleaned_data, by=reader(request), at=timezone.now())
        messages.success(request, _("The block is lifted; the reason stands in the record."))
        return redirect("evaluation:lot", pk)
    findings = blocked.standing_of(found, code)
    scorer = blocked.scored_by(found.sheets.published().last(), request.user)
    context = {
        "lot": found,
        "form": form,
        "title": _("Lift a block"),
        "verb": _("Lift this block"),
        "advice": services.LIFTED_BY_ANOTHER if scorer else LIFTS_ONE_FINDING,
        "findings": findings,
        "stopped": scorer or not findings,
    }
    return render(request, "evaluation/form.html", context)


@require_safe
def ranking_csv(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The ranking of one sheet as a table."""
    found, sheet = _sheet(request, pk, number)
    name = f"lot-{pk}-sheet-{number}"
    record_file(row=sheet, name=f"{name}.csv", by=reader(request))
    return csv_tables.attachment(name, ranking_table(sheet, found))


@require_safe
def case_json(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The case of a sheet: `python -m scoring evaluate` makes the same sheet of it."""
    _lot, sheet = _sheet(request, pk, number)
    record_file(row=sheet, name=f"lot-{pk}-case-{number}.json", by=reader(request))
    return _download(sheet.case, f"lot-{pk}-case-{number}")


@require_safe
def sheet_json(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A sheet as it may be read now."""
    found, sheet = _sheet(request, pk, number)
    record_file(row=sheet, name=f"lot-{pk}-sheet-{number}.json", by=reader(request))
    return _download(for_reader(sheet, found), f"lot-{pk}-sheet-{number}")


def _sheet(request: HttpRequest, pk: int, number: int) -> tuple[Lot, ScoreSheet]:
    found = fetch(request.user, Permission.READ_LOT, LOTS, pk)
    return found, get_object_or_404(found.sheets.select_related("policy_version__policy"), number=number)


def _download(document: object, name: str) -> HttpResponse:
    response = JsonResponse(document, safe=False, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response
