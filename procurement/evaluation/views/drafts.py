"""Typed marks that wait, tables pasted, changes undone: alike for a member's own marks and for the agreed ones."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from procurement.evaluation import services
from procurement.evaluation.mark_forms import MarksForm
from procurement.evaluation.models import MarkDraft, Panel
from procurement.evaluation.panels import require_sitting
from procurement.evaluation.pasted import keep_table, table_of
from procurement.evaluation.present.grids import DRAFT, GRIDS, doors, grid_context
from procurement.people.permissions import Permission, fetch
from procurement.people.reader import reader
from procurement.people.refusals import Invalid, Refused
from procurement.people.templatetags.reading import clock
from procurement.tenders.models import Lot

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
OWN, AGREED = MarkDraft.Kind.INDIVIDUAL, MarkDraft.Kind.AGREED
PANELS = Panel.objects.select_related("lot__tender__contracting_body")


@require_POST
def keep_own(request: HttpRequest, pk: int) -> HttpResponse:
    """What a member types, as a script sends it."""
    return _keep(request, _own(request, pk), OWN)


@require_POST
def keep_agreed(request: HttpRequest, pk: int) -> HttpResponse:
    """What the buyer types of the agreed marks, as a script sends it."""
    return _keep(request, _agreed(request, pk), AGREED)


@GET_OR_POST
def paste_own(request: HttpRequest, pk: int) -> HttpResponse:
    """A member's whole grid as a table of a spreadsheet."""
    return _paste(request, _own(request, pk), OWN)


@GET_OR_POST
def paste_agreed(request: HttpRequest, pk: int) -> HttpResponse:
    """The agreed marks as a table of a spreadsheet."""
    return _paste(request, _agreed(request, pk), AGREED)


@require_POST
def undo_own(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo what a member changed last; back to the grid."""
    return _undo(request, _own(request, pk), OWN)


@require_POST
def undo_agreed(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo what the buyer changed last of the agreed marks; back to the grid."""
    return _undo(request, _agreed(request, pk), AGREED)


def waits(request: HttpRequest, panel: Panel, kind: str, form: MarksForm) -> bool:
    """Whether the form was sent to wait without being given, and nothing in it is wrong; then it does."""
    if request.method != "POST" or "later" not in request.POST:
        return False
    services.keep_drafts(lot=panel.lot, kind=kind, typed=form.typed(), by=reader(request), at=timezone.now())
    if not form.mistakes():
        messages.success(request, _("What you typed waits here; it is not given yet."))
        return True
    return False


def _own(request: HttpRequest, pk: int) -> Panel:
    panel = fetch(request.user, Permission.SIT_ON_PANEL, PANELS, pk)
    require_sitting(panel.lot, request.user)
    return panel


def _agreed(request: HttpRequest, pk: int) -> Panel:
    lot = fetch(request.user, Permission.AGREE_MARK, Lot.objects.all(), pk)
    return get_object_or_404(PANELS, lot=lot)


def _keep(request: HttpRequest, panel: Panel, kind: MarkDraft.Kind) -> HttpResponse:
    at, by = timezone.now(), reader(request)
    form = GRIDS[kind](panel, by, request.POST)
    try:
        services.keep_drafts(lot=panel.lot, kind=kind, typed=form.typed(), by=by, at=at)
    except Refused as refusal:
        return JsonResponse({"told": refusal.sentence}, status=refusal.status)
    kept = GRIDS[kind](panel, by, None)
    here = form.mistakes()
    wrong = GRIDS[kind](panel, by, kept.drafted()).mistakes() | here  # in the whole grid, not only in what was sent now
    bar = render_to_string("evaluation/grid_state.html", grid_context(panel, kind, by, kept), request)
    told = _saved(at, len(wrong), form.unkept())
    return JsonResponse({"told": told, "mistakes": here, "waiting": kept.waiting(), "bar": bar})


def _saved(at: datetime, wrong: int, unkept: int) -> str:
    """What the status line of the grid says; nothing is called saved beside what is not."""
    if unkept:
        not_saved = ngettext(
            "Not saved: what is typed in %(count)d place is too long, see beside the field.",
            "Not saved: what is typed in %(count)d places is too long, see beside the fields.",
            unkept,
        )
        return not_saved % {"count": unkept}
    told = _("Saved at %(time)s.") % {"time": clock(at)}
    if not wrong:
        return told
    more = ngettext("%(count)d field is to be corrected.", "%(count)d fields are to be corrected.", wrong)
    return f"{told} {more % {'count': wrong}}"


def _paste(request: HttpRequest, panel: Panel, kind: MarkDraft.Kind) -> HttpResponse:
    by = reader(request)
    ways = doors(panel, kind)
    context = {"lot": panel.lot, "own": kind == OWN, "doors": ways}
    if request.method != "POST":
        return render(request, "evaluation/paste.html", {**context, "table": table_of(GRIDS[kind](panel, by, None))})
    table = request.POST.get("table", "")
    try:
        keep_table(table, panel, kind, by=by, at=timezone.now())
    except Invalid as refusal:
        return render(request, "evaluation/paste.html", {**context, "table": table, "refusal": refusal}, status=400)
    messages.success(request, _("The table stands in the grid; nothing of it is given yet."))
    return redirect(ways["page"])


def _undo(request: HttpRequest, panel: Panel, kind: MarkDraft.Kind) -> HttpResponse:
    at, by, seen = timezone.now(), reader(request), request.POST.get("seen", "")
    if request.POST.get("what") == DRAFT:
        services.forget_draft(lot=panel.lot, kind=kind, seen=seen, by=by, at=at)
        messages.success(request, _("What you typed there is forgotten."))
    else:
        services.undo_marks(lot=panel.lot, kind=kind, seen=seen, by=by, at=at)
        messages.success(request, _("The change is undone."))
    return redirect(doors(panel, kind)["page"])
