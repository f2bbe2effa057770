"""The pages of the record. They stand here because the record knows no person: lines name people by text ids."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from procurement.ledger import at_once, chain
from procurement.ledger.state import state
from procurement.people import permissions
from procurement.people.actions import actors
from procurement.people.coded_reasons import reasons_of
from procurement.people.filters import LineFilter
from procurement.people.permissions import Permission
from procurement.people.readable import lines_visible_to

PER_PAGE = 50


@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """Lines, latest first, and how well they are protected; with `?check=1` the chain is computed again."""
    permissions.require(request.user, Permission.READ_RECORD)
    found = LineFilter(request.GET, lines_visible_to(request.user).order_by("-sequence"))
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    lines = page.object_list
    context = {"filter": found, "page": page, "names": actors(lines), "reasons": reasons_of(lines), "state": state()}
    context["erases"] = permissions.may(request.user, Permission.ERASE_REASON)
    if request.GET.get("check"):
        context["checked"] = at_once.check()
    return render(request, "ledger/record.html", context)


@require_safe
def line(request: HttpRequest, sequence: int) -> HttpResponse:
    """One line, whole."""
    permissions.require(request.user, Permission.READ_RECORD)
    found = lines_visible_to(request.user).filter(sequence=sequence).first()
    if found is None:
        raise Http404(_("The record has no such line."))
    context = {
        "line": found,
        "names": actors([found]),
        "reasons": reasons_of([found]),
        "intact": chain.intact(found),
        "erasable": bool(found.reason) and permissions.may(request.user, Permission.ERASE_REASON),
    }
    return render(request, "ledger/line.html", context)
