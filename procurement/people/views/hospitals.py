"""Administrators' pages: the hospitals and their groups."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from procurement.people import permissions, services
from procurement.people.forms import GroupForm, HospitalForm
from procurement.people.models import Hospital, HospitalGroup
from procurement.people.permissions import Permission
from procurement.people.reader import reader
from procurement.people.refusals import Refused

P = Permission.MANAGE_PEOPLE


@require_safe
def hospitals(request: HttpRequest) -> HttpResponse:
    """Every hospital under its group."""
    permissions.require(request.user, P)
    rows = Hospital.objects.select_related("group").order_by("group__name", "name")
    return render(request, "people/hospitals.html", {"hospitals": rows, "groups": HospitalGroup.objects.all()})


@require_http_methods(["GET", "HEAD", "POST"])
def new_hospital(request: HttpRequest) -> HttpResponse:
    return _register(request, HospitalForm(request.POST or None), services.register_hospital, _("New hospital"))


@require_http_methods(["GET", "HEAD", "POST"])
def hospital(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a registered hospital, to be corrected."""
    permissions.require(request.user, P)
    found = get_object_or_404(Hospital, pk=pk)
    form = HospitalForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.correct_hospital(hospital=found, **form.cleaned_data, by=reader(request))
            messages.success(request, _("%(name)s is corrected.") % {"name": found})
            return redirect("people:hospitals")
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
    return render(request, "people/hospital.html", {"form": form, "hospital": Hospital.objects.get(pk=pk)})


@require_http_methods(["GET", "HEAD", "POST"])
def new_group(request: HttpRequest) -> HttpResponse:
    return _register(request, GroupForm(request.POST or None), services.register_group, _("New group"))


def _register(request: HttpRequest, form: BaseForm, register: Callable[..., object], title: str) -> HttpResponse:
    """The form of what is registered, then the list with it."""
    permissions.require(request.user, P)
    if request.method == "POST" and form.is_valid():
        registered = register(**form.cleaned_data, by=reader(request))
        messages.success(request, _("%(name)s is registered.") % {"name": registered})
        return redirect("people:hospitals")
    return render(request, "people/register.html", {"form": form, "title": title})
