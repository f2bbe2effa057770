"""The archive room: what was imported, what became of each row, the cases."""

from decimal import Decimal

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from procurement.people.permissions import Permission, require
from procurement.simulation import back_test
from procurement.simulation.filters import ArchiveFilter
from procurement.simulation.models import ArchiveCase, ArchiveImport
from procurement.simulation.reasons import REASONS
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
            "imports": [_import(row) for row in ArchiveImport.objects.all()],
            "filter": cases,
            "page": Paginator(cases.qs, 25).get_page(request.GET.get("page")),
            "ordering": request.GET.get("ordering", ""),
        },
    )


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
    excluded = [bids[row["bid"]]["supplier"] for row in plain["excluded"]]
    return render(
        request,
        "simulation/case.html",
        {"case": found, "rows": rows, "excluded": excluded, "currency": found.document["tender"]["currency"]},
    )


def _preferred(found: ArchiveCase) -> dict[str, dict[str, str]]:
    if not found.domestic_and_foreign:
        return {}
    sheet = evaluate({**found.document, "policy": back_test.preference(found.country, PREFERENCE)})
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
    return {"import": row, "files": files, "cases": row.counts["cases"]}
