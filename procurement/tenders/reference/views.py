"""The corpus of published criteria, to search, and the templates a lot can start from, to read."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from procurement.people.permissions import Permission, require
from procurement.tenders import grids
from procurement.tenders.models import ReferenceGrid, ReferenceImport, Stage, Tender
from procurement.tenders.present import TIE_BREAKS
from procurement.tenders.reference import present, shapes
from procurement.tenders.reference.filters import ReferenceFilter

PER_PAGE = 25
MOST_DRAFTS = 10


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """What other buyers published, narrowed and paged by the address, with the shapes found most often in it."""
    require(request.user, Permission.READ_REFERENCE)
    found = ReferenceFilter(request.GET, ReferenceGrid.objects.all())
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": found,
        "page": page,
        "grids": [present.grid(row) for row in page],
        "ordering": request.GET.get("ordering", ""),
        "shapes": present.frequent_shapes(found.qs),
        "shape": shapes.told(page[0].shape) if request.GET.get("shape") and page.object_list else "",
        "imports": [(row, present.fates(row.counts)) for row in ReferenceImport.objects.all()],
    }
    return render(request, "tenders/reference.html", context)


@require_safe
def grid(request: HttpRequest, pk: int) -> HttpResponse:
    """One published grid: its criteria and weights as they were published, and how they were read."""
    require(request.user, Permission.READ_REFERENCE)
    found = get_object_or_404(ReferenceGrid.objects.select_related("reference_import"), pk=pk)
    alike = ReferenceGrid.objects.filter(shape=found.shape).exclude(notice=found.notice)
    context = {
        "shown": present.grid(found),
        "alike": alike.values("notice").distinct().count(),
        "drafts": _drafts_of(request.user),
    }
    return render(request, "tenders/reference_grid.html", context)


@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    """The templates a lot can start from, each with how often its shape was seen."""
    require(request.user, Permission.READ_REFERENCE)
    offered = [(template, shapes.told(template.shape)) for template in grids.all()]
    return render(request, "tenders/templates.html", {"templates": offered, "notices": grids.NOTICES})


@require_safe
def template(request: HttpRequest, identifier: str) -> HttpResponse:
    """One template: criteria, weights, what each step of their scales means; the drafts a lot can be added to."""
    require(request.user, Permission.READ_REFERENCE)
    try:
        found = grids.template(identifier)
    except grids.Unknown as unknown:
        raise Http404(_("No template has this name.")) from unknown
    lot = found.lot(request.LANGUAGE_CODE)
    context = {
        "template": found,
        "drafts": _drafts_of(request.user),
        "criteria": [present.criterion_of(criterion) for criterion in lot["criteria"]],
        "tie_break": [TIE_BREAKS[rule] for rule in lot["tie_break"]],
        "decimals": lot["rounding"]["decimals"],
        "shape": shapes.told(found.shape),
        "notices": grids.NOTICES,
    }
    return render(request, "tenders/template.html", context)


def _drafts_of(reader: Any) -> QuerySet[Tender]:
    """The drafts a lot can be added to, the latest first."""
    return Tender.objects.visible_to(reader).filter(stage=Stage.DRAFT).order_by("-pk")[:MOST_DRAFTS]
