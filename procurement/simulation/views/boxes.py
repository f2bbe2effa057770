"""How often bids win over ranges of values: the questions, the form that asks one, the archive, and one lot of it."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from procurement.cashback.rules import combined
from procurement.people.permissions import Permission, fetch, require
from procurement.people.reader import reader
from procurement.people.refusals import Refused
from procurement.simulation import question, services
from procurement.simulation.box_forms import BoxSubjectForm, RangesForm
from procurement.simulation.exports import links
from procurement.simulation.filters import BoxLotsForm
from procurement.simulation.freshness import freshness
from procurement.simulation.models import Box
from procurement.simulation.names import short
from procurement.simulation.present import shares
from procurement.simulation.snapshot_files import archived_row
from procurement.simulation.views.sweeps import of_archive
from procurement.simulation.worker_files import BoxLots, box_lot

BOXES = Box.objects.select_related("snapshot", "policy_version__policy", "job", "requested_by")


@require_safe
def boxes(request: HttpRequest) -> HttpResponse:
    """Every question over ranges of values, the latest first."""
    require(request.user, Permission.RUN_SWEEP)
    page = Paginator(BOXES.defer("result").visible_to(request.user), 25).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    fresh = freshness(shown)
    rows = [{"box": each, "freshness": fresh[each.pk], "ranges": len(each.ranges)} for each in shown]
    return render(request, "simulation/boxes.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def new_box(request: HttpRequest) -> HttpResponse:
    """The form of a question: what its address says stands in it, and posting it starts the work."""
    require(request.user, Permission.RUN_SWEEP)
    asked = request.POST if request.method == "POST" else request.GET
    subject = BoxSubjectForm(asked if "snapshot" in asked else None, user=request.user)
    chosen = subject.chosen()
    if chosen is None:
        return render(request, "simulation/new_box.html", {"subject": subject})
    snapshot, policy = chosen["snapshot"], chosen["policy_version"]
    whole = {"document": combined(policy, None), "countries": snapshot.countries}
    form = RangesForm(asked if "samples" in asked else None, **whole)
    refusal = None
    if request.method == "POST" and subject.is_valid() and form.is_valid():
        asked_for = {"snapshot": snapshot, "policy_version": policy, **form.question()}
        try:
            found = services.request_box(**asked_for, by=reader(request))
            return redirect(question.with_lot(found.get_absolute_url(), request.POST.get("lot", "")))
        except Refused as refused:
            refusal = refused
    context = {"subject": subject, "chosen": chosen, "form": form, "refusal": refusal, "lot": asked.get("lot", "")}
    return render(request, "simulation/new_box.html", context | of_archive(snapshot))


@require_safe
def box(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One question: its progress, then what becomes of the awards, and the lots, the least steady first."""
    found = fetch(request.user, Permission.RUN_SWEEP, BOXES, pk)
    context = {"box": found, "own_job": found.job.requested_by_id == request.user.pk} | _about(found)
    if found.finished_at:
        narrowed = BoxLotsForm(request.GET or None)
        page = Paginator(BoxLots(found, **narrowed.chosen()), 25).get_page(request.GET.get("page"))
        context |= {"filter": {"form": narrowed}, "page": page, "lots": shares.listed(page.object_list, found)}
        context |= {"sentences": shares.sentences(found), "certificate": shares.certificate(found)}
        context |= {"files": links.of_box(found)}
    return render(request, "simulation/box.html", context)


@require_safe
def lot(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """How often each bid of one lot wins: bars and their table."""
    found = fetch(request.user, Permission.RUN_SWEEP, BOXES.filter(result__isnull=False), pk)
    row = box_lot(found, number)
    if row is None:
        raise Http404(_("The archive has no lot of this number."))
    archived = archived_row(found.snapshot, number)
    portions = shares.portions(row, archived["bids"], found)
    context = {"box": found, "lot": archived, "called": short(archived["id"]), "portions": portions}
    context |= {"verdict": shares.verdict(portions), "width": shares.WIDTH}
    return render(request, "simulation/box_lot.html", context | _about(found))


def _about(found: Box) -> dict[str, object]:
    """What both pages of a box repeat."""
    return of_archive(found.snapshot) | {
        "address": question.of_box(found),
        "freshness": freshness([found])[found.pk],
        "ranges": shares.ranges(found),
        "error": shares.error(found),
    }
