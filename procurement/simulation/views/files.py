"""Simulations taken out of the portal: the scenarios of one, the lots that one of them changes, the lots of a box."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from procurement.people.permissions import Permission, fetch
from procurement.people.reader import reader
from procurement.people.services import record_file
from procurement.simulation.exports.files import FORMATS, attachment
from procurement.simulation.exports.tables import of_box, of_curve, of_look, of_sweep
from procurement.simulation.freshness import freshness
from procurement.simulation.models import Look
from procurement.simulation.views.boxes import BOXES
from procurement.simulation.views.curves import CURVES
from procurement.simulation.views.sweeps import SWEEPS


@require_safe
def sweep(request: HttpRequest, pk: UUID, extension: str) -> HttpResponse:
    """The scenarios of a finished simulation as a file."""
    found = fetch(request.user, Permission.RUN_SWEEP, SWEEPS.filter(result__isnull=False), pk)
    _require_known(extension)
    name = f"simulation-{str(pk)[:8]}"
    table = of_sweep(found, stale=freshness([found])[found.pk].stale)
    answer = attachment(name, extension, table, found.result or {})
    record_file(row=found, name=f"{name}.{extension}", by=reader(request))
    return answer


@require_safe
def look(request: HttpRequest, pk: UUID, scenario: int, extension: str) -> HttpResponse:
    """The lots that a scenario changes as a file."""
    sweep = fetch(request.user, Permission.RUN_SWEEP, SWEEPS.filter(result__isnull=False), pk)
    _require_known(extension)
    found = Look.objects.filter(sweep=sweep, scenario=scenario, result__isnull=False).first()
    if found is None:
        raise Http404(_("Nobody has looked at this scenario yet."))
    found.sweep = sweep
    name = f"simulation-{str(pk)[:8]}-scenario-{scenario}"
    table = of_look(found, stale=freshness([sweep])[sweep.pk].stale)
    answer = attachment(name, extension, table, found.result or {})
    record_file(row=found, name=f"{name}.{extension}", by=reader(request))
    return answer


@require_safe
def switches(request: HttpRequest, pk: UUID, extension: str) -> HttpResponse:
    """Every change of a winner on the step curve as a file."""
    found = fetch(request.user, Permission.RUN_SWEEP, CURVES, pk)
    _require_known(extension)
    name = f"simulation-{str(pk)[:8]}-step-curve"
    table = of_curve(found, stale=freshness([found])[found.pk].stale)
    answer = attachment(name, extension, table, found.result or {})
    record_file(row=found, name=f"{name}.{extension}", by=reader(request))
    return answer


@require_safe
def box(request: HttpRequest, pk: UUID, extension: str) -> HttpResponse:
    """Who wins the samples of every lot of a box as a file."""
    found = fetch(request.user, Permission.RUN_SWEEP, BOXES.filter(result__isnull=False), pk)
    _require_known(extension)
    name = f"box-{str(pk)[:8]}"
    table = of_box(found, stale=freshness([found])[found.pk].stale)
    answer = attachment(name, extension, table, found.result or {})
    record_file(row=found, name=f"{name}.{extension}", by=reader(request))
    return answer


def _require_known(extension: str) -> None:
    if extension not in FORMATS:
        raise Http404(_("There are files of these kinds: %(kinds)s.") % {"kinds": ", ".join(FORMATS)})
