"""The room of simulations: what was asked, the form that asks, and what came of it."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from procurement.cashback.rules import combined
from procurement.people.permissions import Permission, fetch, require
from procurement.people.reader import reader
from procurement.people.refusals import Refused
from procurement.simulation import question, services
from procurement.simulation.exports import links
from procurement.simulation.forms import SubjectForm, VariationForm
from procurement.simulation.freshness import freshness
from procurement.simulation.models import ArchiveSnapshot, Look, Sweep
from procurement.simulation.present import figures, provenance
from procurement.simulation.present.currencies import moved
from procurement.simulation.present.groups import BY, groups
from procurement.simulation.present.heat import heat
from procurement.simulation.present.result import Result, Standing
from procurement.simulation.present.scatter import scatter
from procurement.simulation.present.steps import steps
from procurement.simulation.present.table import ordered
from procurement.simulation.scenarios import MOST_SCENARIOS

SWEEPS = Sweep.objects.select_related(
    "snapshot", "policy_version__policy", "scheme_version__policy", "job", "requested_by"
)
COMPARED = 5  # scenarios side by side at most


@require_safe
def sweeps(request: HttpRequest) -> HttpResponse:
    """Every simulation, the latest first."""
    require(request.user, Permission.RUN_SWEEP)
    asked = SWEEPS.defer("result").visible_to(request.user)
    page = Paginator(asked, 25).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    fresh = freshness(shown)
    rows = [{"sweep": each, "freshness": fresh[each.pk], "scenarios": question.scenarios(each)} for each in shown]
    return render(request, "simulation/sweeps.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def new_sweep(request: HttpRequest) -> HttpResponse:
    """The form of a question: what its address says stands in it, and posting it starts the work."""
    require(request.user, Permission.RUN_SWEEP)
    asked = request.POST if request.method == "POST" else request.GET
    subject = SubjectForm(asked if "snapshot" in asked else None, user=request.user)
    chosen = subject.chosen()
    if chosen is None:
        return render(request, "simulation/new_sweep.html", {"subject": subject})
    document = combined(chosen["policy_version"], chosen["scheme_version"])
    snapshot = chosen["snapshot"]
    known = {"document": document, "countries": snapshot.countries, "measured": snapshot.measured}
    variation = VariationForm(asked if "parameter_1" in asked else None, **known)
    refusal = None
    if request.method == "POST" and subject.is_valid() and variation.is_valid():
        try:
            return redirect(services.request_sweep(**chosen, **variation.question(), by=reader(request)))
        except Refused as refused:
            refusal = refused
    context = {"subject": subject, "chosen": chosen, "variation": variation, "refusal": refusal, "most": MOST_SCENARIOS}
    context["unread"] = provenance.unread(snapshot.provenance, document)
    return render(request, "simulation/new_sweep.html", context | of_archive(snapshot))


@require_safe
def sweep(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One simulation: its progress, then a scenario of it against the baseline, the drawings and the table of all."""
    found = fetch(request.user, Permission.RUN_SWEEP, SWEEPS, pk)
    context = {"sweep": found, "own_job": found.job.requested_by_id == request.user.pk} | about(found)
    if found.finished_at:
        context |= {"freshness": freshness([found])[found.pk]} | _finished(found, request)
    return render(request, "simulation/sweep.html", context)


@require_safe
def compare(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Up to five scenarios of a simulation side by side: `?s=3&s=7`."""
    found = fetch(request.user, Permission.RUN_SWEEP, SWEEPS.filter(result__isnull=False), pk)
    result = Result(found, request.GET.get("currency", ""))
    asked = dict.fromkeys(number for number in request.GET.getlist("s") if number.isdecimal())
    compared = [each for each in result.scenarios if str(each.number) in asked]
    context = {"sweep": found, "result": result, "compared": [_named(result, each) for each in compared[:COMPARED]]}
    context |= {"too_many": len(compared) > COMPARED, "most": COMPARED}
    context["lines"] = figures.lines(result, [result.baseline, *compared[:COMPARED]])
    values = zip(*(result.values(each) for each in compared[:COMPARED]), strict=True)
    context["varied"] = list(zip(result.parameters, values, strict=False))
    return render(request, "simulation/compare.html", context | about(found))


def about(sweep: Sweep) -> dict[str, Any]:
    """What every page of a simulation repeats: what its archive's figures mean, and the link that asks again."""
    return of_archive(sweep.snapshot) | {"address": question.address(sweep)}


def of_archive(snapshot: ArchiveSnapshot) -> dict[str, Any]:
    """What an archive's figures mean and where it comes from, in the reader's language."""
    known = snapshot.provenance
    said = {"strip": provenance.strip, "meanings": provenance.meanings, "source": provenance.source}
    return {name: say(known) for name, say in said.items()}


def _finished(found: Sweep, request: HttpRequest) -> dict[str, Any]:
    result = Result(found, request.GET.get("currency", ""))
    chosen = result.chosen(request.GET)
    ordering = request.GET.get("ordering", "")
    page = Paginator(ordered(result, ordering), 25).get_page(request.GET.get("page"))
    look = Look.objects.filter(sweep=found, scenario__in=[chosen.number], result__isnull=False).first()
    return {
        "groups": groups(look.result, request.GET.get("by", ""), result.currency) if look and look.result else None,
        "kinds": BY,
        "result": result,
        "chosen": _named(result, chosen),
        "choices": result.choices(chosen),
        "headline": figures.headline(result, chosen),
        "certificate": figures.certificate(result),
        "lines": figures.lines(result, [result.baseline, chosen]),
        "unread": provenance.unread(found.snapshot.provenance, found.policy_document),
        "moved": moved(result, chosen),
        "scatter": scatter(result, chosen) if len(result.scenarios) > 1 and result.knows_goods else None,
        "steps": steps(result),
        "heat": heat(result, request.GET.get("heat", "")),
        "page": page,
        "files": links.of_scenarios(found),
        "rows": [_named(result, each) for each in page.object_list],
        "ordering": ordering,
    }


def _named(result: Result, standing: Standing) -> dict[str, Any]:
    return {"standing": standing, "name": result.name(standing), "values": result.values(standing)}
