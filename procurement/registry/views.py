"""The register of suppliers, with the bids the reader's own hospitals received from them."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from procurement.people.permissions import Permission, fetch, require
from procurement.registry.filters import SupplierFilter
from procurement.registry.models import Supplier

PER_PAGE = 25
ORDERS = ("name", "operator_country", "own_bids")


@require_safe
def suppliers(request: HttpRequest) -> HttpResponse:
    """The suppliers by name, filtered, ordered and paged by the address."""
    require(request.user, Permission.READ_SUPPLIER)
    rows = Supplier.objects.visible_to(request.user).with_bids_for(request.user)
    found = SupplierFilter(request.GET, rows)
    ordering = request.GET.get("ordering", "")
    order = ordering if ordering.removeprefix("-") in ORDERS else "name"
    page = Paginator(found.qs.order_by(order, "name", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "registry/suppliers.html", {"filter": found, "page": page, "ordering": ordering or "name"})


@require_safe
def supplier(request: HttpRequest, pk: int) -> HttpResponse:
    """One supplier: where it is, where its operator originates, its bids for the reader's hospitals."""
    found = fetch(request.user, Permission.READ_SUPPLIER, Supplier.objects.all(), pk)
    own = found.bids.visible_to(request.user).select_related("lot__tender").order_by("-lot__tender__launched_on", "pk")
    page = Paginator(own, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "registry/supplier.html", {"supplier": found, "page": page})
