"""The step curve of a simulation, lot by lot: where each one changes its winner."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from procurement.people.permissions import Permission, fetch
from procurement.simulation.exports import links
from procurement.simulation.freshness import freshness
from procurement.simulation.present.result import Result
from procurement.simulation.present.steps import steps, switching
from procurement.simulation.views.sweeps import SWEEPS, about
from procurement.simulation.worker_files import Switches

CURVES = SWEEPS.exclude(curve_file_sha256="")


@require_safe
def switches(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every change of a winner on the way, in the order of the amounts."""
    found = fetch(request.user, Permission.RUN_SWEEP, CURVES, pk)
    page = Paginator(Switches(found), 25).get_page(request.GET.get("page"))
    context = {"sweep": found, "freshness": freshness([found])[found.pk], "steps": steps(Result(found))}
    context |= {"page": page, "rows": switching(page.object_list), "files": links.of_switches(found)}
    return render(request, "simulation/switches.html", context | about(found))
