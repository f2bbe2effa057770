"""The archive room: the snapshots that can be replayed, what was imported, what became of each row, the cases."""

from decimal import Decimal

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from procurement.people.permissions import Permission, may, require
from procurement.people.reader import reader
from procurement.simulation.back_test import preference
from procurement.simulation.filters import ArchiveFilter
from procurement.simulation.models import ArchiveCase, ArchiveImport, ArchiveSnapshot
from procurement.simulation.present.provenance import meanings, source
from procurement.simulation.reasons import REASONS
from procurement.simulation.services import request_snapshot
from procurement.simulation.sources import ARCHIVED, SOURCES
from scoring import evaluate

PREFERENCE = Decimal("0.10")


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """The imports with their counts, and the cases, filtered and paged."""
    require(request.user, Permission.READ_ARCHIVE)
    cases = ArchiveFilter(request.GET, ArchiveCase.objects.defer("document"))
    return render(
        request,
        "simulation/archive.html",
        {
            "snapshots": [_snapshot(row) for row in ArchiveSnapshot.objects.visible_to(request.user)],
            "sources": [(key, ArchiveSnapshot.Source(key).label) for key, found in SOURCES.items() if found.any()],
            "may_import": may(request.user, Permission.IMPORT_ARCHIVE),
            "imports": [_import(row) for row in ArchiveImport.objects.all()],
            "filter": cases,
            "page": Paginator(cases.qs, 25).get_page(request.GET.get("page")),
            "ordering": request.GET.get("ordering", ""),
        },
    )


@require_POST
def make_snapshot(request: HttpRequest) -> HttpResponse:
    """Ask for a snapshot of a source as it stands, and follow the work."""
    job = request_snapshot(source=request.POST.get("source", ""), by=reader(request))
    return redirect(job)


@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One past contract: its bids by evaluated price, plain and, where it can be, with the domestic preference."""
    require(request.user, Permission.READ_ARCHIVE)
    found = get_object_or_404(ArchiveCase, pk=pk)
    bids = {bid["id"]: bid for bid in found.document["bids"]}
    plain = evaluate(found.document)
    preferred = _preferred(found)
    rows = [
        {
            "bid": row,
            "supplier": bids[row["bid"]]["supplier"],
            "preferred": preferred.get(row["bid"]),
            "awarded": row["bid"] == found.awarded_bid,
        }
        for row in plain["ranking"]
    ]
    context = {
        "case": found,
        "rows": rows,
        "tied": plain["winner"] is None and bool(rows),
        "excluded": [bids[row["bid"]] for row in plain["excluded"]],
        "tender": found.document["tender"],
        "source": source(ARCHIVED[found.source].provenance),
    }
    return render(request, "simulation/case.html", context)


def _snapshot(row: ArchiveSnapshot) -> dict[str, object]:
    return {"snapshot": row, "source": source(row.provenance), "meanings": meanings(row.provenance)}


def _preferred(found: ArchiveCase) -> dict[str, dict[str, str]]:
    if not found.domestic_and_foreign:
        return {}
    sheet = evaluate({**found.document, "policy": preference(PREFERENCE, [found.country])})
    return {row["bid"]: row for row in sheet["ranking"]}


def _import(row: ArchiveImport) -> dict[str, object]:
    files = [
        {
            "name": name,
            "read": count["read"],
            "kept": count["kept"],
            "merged": sum(count["merged"].values()),
            "refused": sum(count["refused"].values()),
            "reasons": [
                {"sentence": REASONS[reason], "number": number}
                for reason, number in [*count["merged"].items(), *count["refused"].items()]
            ],
        }
        for name, count in row.counts["files"].items()
    ]
    return {
        "import": row,
        "name": ArchiveSnapshot.Source(row.source).label,
        "source": source(ARCHIVED[row.source].provenance),
        "files": files,
        "cases": row.counts["cases"],
    }
