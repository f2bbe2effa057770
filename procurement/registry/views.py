"""The register of suppliers, with the bids the reader's own hospitals received from them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from procurement.people.permissions import Permission, fetch, require
from procurement.people.reader import reader
from procurement.people.refusals import Refused
from procurement.registry import services
from procurement.registry.countries import country_names
from procurement.registry.filters import SupplierFilter
from procurement.registry.forms import FindingForm, RegistrationForm
from procurement.registry.models import Supplier

PER_PAGE = 25
GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
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
    parts = found.parts_in_bids.visible_to(request.user).select_related("bid__supplier", "bid__lot__tender")
    context = {
        "supplier": found,
        "page": page,
        "parts": parts.order_by("-bid__lot__tender__launched_on", "pk")[:PER_PAGE],
        "findings": found.origin_findings.order_by("-pk"),
    }
    return render(request, "registry/supplier.html", context)


@GET_OR_POST
def register(request: HttpRequest) -> HttpResponse:
    """A supplier is entered in the register, with what is known of its origin."""
    require(request.user, Permission.REGISTER_SUPPLIER)
    form = RegistrationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            entered = services.register_supplier(**form.values(), by=reader(request), at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("%(supplier)s is in the register.") % {"supplier": entered})
            return redirect("registry:supplier", entered.pk)
    context = {"form": form, "countries": country_names(), "title": _("Register a supplier"), "verb": _("Register")}
    return render(request, "registry/form.html", context)


@GET_OR_POST
def origin(request: HttpRequest, pk: int) -> HttpResponse:
    """What was found about where an operator originates; the earlier findings stay beside it."""
    found = fetch(request.user, Permission.REGISTER_SUPPLIER, Supplier.objects.all(), pk)
    stands = {"country": found.operator_country, "basis": found.operator_origin_basis}
    form = FindingForm(request.POST if request.method == "POST" else None, initial=stands)
    if form.is_valid():
        try:
            services.record_operator_origin(supplier=found, **form.cleaned_data, by=reader(request), at=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("The finding is recorded; bids entered earlier keep theirs."))
            return redirect("registry:supplier", pk)
    title = _("Record the origin of %(supplier)s") % {"supplier": found}
    context = {"form": form, "supplier": found, "countries": country_names(), "title": title, "verb": _("Record it")}
    return render(request, "registry/form.html", context)
