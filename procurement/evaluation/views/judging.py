"""What members of a panel see and do: declare their interests, then mark the bids."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from procurement.evaluation import services
from procurement.evaluation.disclosure import prices_may_be_shown
from procurement.evaluation.mark_forms import DeclarationForm
from procurement.evaluation.models import MarkDraft, Panel
from procurement.evaluation.panels import conflicted, declared, locked, require_sitting
from procurement.evaluation.present.grids import grid_context
from procurement.evaluation.present.own_panels import own_panels
from procurement.evaluation.present.panels import own_grid
from procurement.evaluation.views.drafts import waits
from procurement.people.permissions import Permission, fetch, require
from procurement.people.reader import reader
from procurement.people.refusals import Stale
from procurement.tenders.models import Stage

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
OWN = MarkDraft.Kind.INDIVIDUAL
PANELS = Panel.objects.select_related("lot__tender__contracting_body")


@require_safe
def panels(request: HttpRequest) -> HttpResponse:
    """The panels the reader sits on."""
    require(request.user, Permission.SIT_ON_PANEL)
    return render(request, "evaluation/panels.html", {"panels": own_panels(request.user)})


@GET_OR_POST
def declare(request: HttpRequest, pk: int) -> HttpResponse:
    """The declaration of interests, before anything of the bids is read."""
    panel = fetch(request.user, Permission.SIT_ON_PANEL, PANELS, pk)
    form = DeclarationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.declare_interests(lot=panel.lot, **form.cleaned_data, by=reader(request), at=timezone.now())
        messages.success(request, _("Your declaration is recorded."))
        return redirect("evaluation:panels") if form.cleaned_data["conflict"] else redirect("evaluation:judge", pk)
    context = {"panel": panel, "form": form, "closed": conflicted(panel.lot, request.user)}
    return render(request, "evaluation/declaration.html", context)


@GET_OR_POST
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole grid of a member: for each criterion the bids, each with its mark and the reason."""
    panel = fetch(request.user, Permission.SIT_ON_PANEL, PANELS, pk)
    lot = panel.lot
    if not declared(lot, request.user):
        return redirect("evaluation:declare", pk)
    require_sitting(lot, request.user)
    form = own_grid(panel, request.user, request.POST or None)
    if waits(request, panel, OWN, form):
        return redirect("evaluation:judge", pk)
    if request.method == "POST" and "later" not in request.POST and form.is_valid():
        try:
            count = len(services.give_marks(lot=lot, given=form.marks(), by=reader(request), at=timezone.now()))
        except Stale:  # another window was faster; what stands is now said beside each mark
            form = own_grid(panel, request.user, request.POST)
        else:
            messages.success(request, _given(count))
            return redirect("evaluation:judge", pk)
    shown = {"panel": panel, "form": form, "prices": prices_may_be_shown(lot, request.user)}
    shown |= {"locked": lot.decided or locked(lot), "opened": lot.stage != Stage.PUBLISHED}
    return render(request, "evaluation/judge.html", {**grid_context(panel, OWN, request.user, form), **shown})


def _given(count: int) -> str:
    return ngettext("%(count)d mark is given.", "%(count)d marks are given.", count) % {"count": count}
