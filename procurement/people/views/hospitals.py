"""Administrators' pages: the hospitals and their groups."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from procurement.people import permissions, services
from procurement.people.forms import GroupForm, HospitalForm
from procurement.people.models import Hospital, HospitalGroup
from procurement.people.permissions import Permission
from procurement.people.reader import reader

P = Permission.MANAGE_PEOPLE


@require_safe
def hospitals(request: HttpRequest) -> HttpResponse:
    """Every hospital under its group."""
    permissions.require(request.user, P)
    rows = Hospital.objects.select_related("group").order_by("group__name", "name")
    return render(request, "people/hospitals.html", {"hospitals": rows, "groups": HospitalGroup.objects.all()})


@require_http_methods(["GET", "HEAD", "POST"])
def new_hospital(request: HttpRequest) -> HttpResponse:
    permissions.require(request.user, P)
    form = HospitalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        hospital = services.register_hospital(**form.cleaned_data, by=reader(request))
        messages.success(request, _("%(name)s is registered.") % {"name": hospital})
        return redirect("people:hospitals")
    return render(request, "people/new_hospital.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def new_group(request: HttpRequest) -> HttpResponse:
    permissions.require(request.user, P)
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        group = services.register_group(**form.cleaned_data, by=reader(request))
        messages.success(request, _("%(name)s is registered.") % {"name": group})
        return redirect("people:hospitals")
    return render(request, "people/new_group.html", {"form": form})
