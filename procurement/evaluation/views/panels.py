"""The panel of a lot, as the buyer composes it, writes down what it agreed on and locks its marks."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from procurement.evaluation import services
from procurement.evaluation.mark_forms import SeatForm
from procurement.evaluation.models import MarkDraft, Panel, Panelist
from procurement.evaluation.panels import locked
from procurement.evaluation.present.grids import grid_context
from procurement.evaluation.present.panels import agreed_grid, agreed_sections, panel_page
from procurement.evaluation.present.progress import progress as progress_of
from procurement.evaluation.standing import kept_of_panel, number_read
from procurement.evaluation.views.drafts import waits
from procurement.evaluation.views.lots import LOTS
from procurement.people.permissions import Permission, fetch
from procurement.people.reader import reader
from procurement.people.refusals import Refused, Stale
from procurement.people.scope import administrators, evaluators_of

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def panel(request: HttpRequest, pk: int) -> HttpResponse:
    """Who sits on the panel, what each declared, how far they are, and what comes next."""
    lot = fetch(request.user, Permission.COMPOSE_PANEL, LOTS, pk)
    context = panel_page(lot)
    seated = [member.seat.user_id for member in context["members"]]
    free = evaluators_of(lot.tender.contracting_body).exclude(pk__in=seated)
    composing = services.may_compose(lot)
    shown = {"form": SeatForm(people=free), "composing": composing}
    shown |= {"progress": progress_of(lot), "administrators": administrators()}
    return render(request, "evaluation/panel.html", {**context, **shown})


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page of a panel that renews itself: how far its members are."""
    lot = fetch(request.user, Permission.COMPOSE_PANEL, LOTS, pk)
    return render(request, "evaluation/progress.html", {"lot": lot, "progress": progress_of(lot)})


@require_POST
def seat(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an evaluator sit down; back to the panel."""
    lot = fetch(request.user, Permission.COMPOSE_PANEL, LOTS, pk)
    form = SeatForm(request.POST, people=evaluators_of(lot.tender.contracting_body))
    if not form.is_valid():
        raise Refused(_("Choose an evaluator of the contracting body."))
    services.seat(lot=lot, **form.cleaned_data, by=reader(request), at=timezone.now())
    messages.success(request, _("%(person)s sits on the panel.") % form.cleaned_data)
    return redirect("evaluation:panel", pk)


@require_POST
def unseat(request: HttpRequest, pk: int, seat: int) -> HttpResponse:
    """Take somebody off; back to the panel."""
    lot = fetch(request.user, Permission.COMPOSE_PANEL, LOTS, pk)
    found = get_object_or_404(Panelist.objects.select_related("panel__lot__tender", "user"), pk=seat, panel__lot=lot)
    services.unseat(panelist=found, by=reader(request), at=timezone.now())
    messages.success(request, _("%(person)s sits on the panel no more.") % {"person": found.user})
    return redirect("evaluation:panel", pk)


@GET_OR_POST
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """The marks the panel agreed on, beside those of its members."""
    lot = fetch(request.user, Permission.AGREE_MARK, LOTS, pk)
    found = get_object_or_404(Panel.objects.select_related("lot__tender"), lot=lot)
    form = agreed_grid(found, request.user, request.POST or None)
    if waits(request, found, MarkDraft.Kind.AGREED, form):
        return redirect("evaluation:agree", pk)
    if request.method == "POST" and "later" not in request.POST and form.is_valid():
        try:
            count = services.agree_marks(lot=lot, given=form.marks(), by=reader(request), at=timezone.now())
        except Stale:  # between the reading of the form and the writing; what stands is now said beside each mark
            form = agreed_grid(found, request.user, request.POST)
        else:
            messages.success(request, _agreed(count))
            return redirect("evaluation:panel", pk)
    context = {"lot": lot, "form": form, "sections": agreed_sections(form, lot), "locked": lot.decided or locked(lot)}
    kept = grid_context(found, MarkDraft.Kind.AGREED, request.user, form)
    return render(request, "evaluation/agreed.html", {**context, **kept})


def _agreed(count: int) -> str:
    told = ngettext("%(count)d agreed mark is written down.", "%(count)d agreed marks are written down.", count)
    return told % {"count": count}


@GET_OR_POST
def lock(request: HttpRequest, pk: int) -> HttpResponse:
    """Lock the agreed marks once they were read again: it cannot be undone."""
    lot = fetch(request.user, Permission.LOCK_MARKS, LOTS, pk)
    if request.method == "POST":
        read = number_read(request.POST)
        services.lock_marks(lot=lot, read=read, by=reader(request), at=timezone.now())
        messages.success(request, _("The marks are locked: the lot can be scored."))
        return redirect("evaluation:lot", pk)
    context = {"read": kept_of_panel(lot).number, **panel_page(lot)}
    return render(request, "evaluation/lock.html", context)
