"""One scenario of a simulation seen closely: its groups, the lots it changes, and why each of them changes."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from procurement.people.permissions import Permission, fetch
from procurement.people.reader import reader
from procurement.people.refusals import Refused
from procurement.simulation import question, services
from procurement.simulation.explanation import explained
from procurement.simulation.exports import links
from procurement.simulation.filters import ChangedLotsForm
from procurement.simulation.freshness import freshness
from procurement.simulation.models import Look, Sweep
from procurement.simulation.names import short
from procurement.simulation.present import figures, lot
from procurement.simulation.present.changed import shown
from procurement.simulation.present.groups import BY, groups
from procurement.simulation.present.result import Result, Standing
from procurement.simulation.present.room import room
from procurement.simulation.views.sweeps import SWEEPS, about
from procurement.simulation.worker_files import ChangedLots, changed_lot

LOOKS = Look.objects.select_related("job")


@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest, pk: UUID, scenario: int) -> HttpResponse:
    """A scenario seen closely; posting to its address asks for it, since it takes a worker some time."""
    sweep, result, standing = _scenario(request, pk, scenario)
    if request.method == "POST":
        asked = services.request_look(sweep=sweep, scenario=scenario, by=reader(request))
        return HttpResponseClientRefresh() if request.headers.get("HX-Request") else redirect(asked)
    found = LOOKS.filter(sweep=sweep, scenario=scenario).first()
    context = {
        "sweep": sweep,
        "result": result,
        "scenario": standing,
        "name": result.name(standing),
        "lines": figures.lines(result, [result.baseline, standing]),
        "look": found,
        "freshness": freshness([sweep])[sweep.pk],
        "own_job": found is not None and found.job.requested_by_id == request.user.pk,
    }
    if found and found.result:
        context |= _finished(found, found.result, result.currency, request)
    return render(request, "simulation/look.html", context | about(sweep))


@require_safe
def explanation(request: HttpRequest, pk: UUID, scenario: int, number: int) -> HttpResponse:
    """Why a scenario changes the winner of one lot: the engine scores it again under both policies."""
    sweep, result, standing = _scenario(request, pk, scenario)
    found = LOOKS.filter(sweep=sweep, scenario=scenario, result__isnull=False).first()
    if found is None:
        raise Http404(_("Nobody has looked at this scenario yet."))
    found.sweep = sweep
    context = {"sweep": sweep, "scenario": standing, "name": result.name(standing), "look": found}
    row = changed_lot(found, number)
    if row is None:
        raise Http404(_("This scenario does not change this lot."))
    scored = explained(found, number)
    context |= {"row": row, "called": short(scored.row["id"]), "lot": scored.row, "sentences": lot.sentences(scored)}
    context |= {"tenderers": lot.tenderers(scored), "accounts": lot.accounts(scored)}
    context |= {"box_address": question.box_around(sweep, scored.row["id"])}
    return render(request, "simulation/changed_lot.html", context | about(sweep))


def _scenario(request: HttpRequest, pk: UUID, scenario: int) -> tuple[Sweep, Result, Standing]:
    sweep = fetch(request.user, Permission.RUN_SWEEP, SWEEPS.filter(result__isnull=False), pk)
    result = Result(sweep, request.GET.get("currency", ""))
    if scenario >= len(result.scenarios):
        raise Http404(_("This simulation has no scenario of this number."))
    return sweep, result, result.scenarios[scenario]


def _finished(found: Look, document: dict[str, Any], currency: str, request: HttpRequest) -> dict[str, Any]:
    narrowed = ChangedLotsForm(request.GET or None)
    context = {
        "groups": groups(document, request.GET.get("by", ""), currency),
        "kinds": BY,
        "room": room(document),
        "filter": {"form": narrowed},
    }
    try:
        changed = ChangedLots(found, **narrowed.chosen())
    except Refused as refusal:
        return context | {"refusal": refusal}
    page = Paginator(changed, 25).get_page(request.GET.get("page"))
    return context | {"page": page, "lots": shown(page.object_list), "files": links.of_lots(found)}
