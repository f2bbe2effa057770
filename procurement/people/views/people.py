"""Administrators' pages: everybody, one person, the hospitals."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from procurement.people import permissions, services
from procurement.people.filters import PersonFilter
from procurement.people.forms import MandateForm, MembershipForm, NewPersonForm, RoleForm
from procurement.people.models import Mandate, Membership, User
from procurement.people.permissions import Permission
from procurement.people.reader import reader
from procurement.people.refusals import Invalid

P = Permission.MANAGE_PEOPLE
PER_PAGE = 25


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, by name."""
    permissions.require(request.user, P)
    rows = User.objects.visible_to(request.user).order_by("last_name", "first_name", "username")
    rows = rows.prefetch_related(
        Prefetch("memberships", Membership.objects.select_related("hospital", "group")), "mandates__hospitals"
    )
    found = PersonFilter(request.GET, rows)
    page = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "people/people.html", {"filter": found, "page": page})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_person(request: HttpRequest) -> HttpResponse:
    """A new account; its password is shown in the answer and never again."""
    permissions.require(request.user, P)
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person, password = services.create_person(**form.cleaned_data, by=reader(request))
        return render(request, "people/handed_over.html", {"person": person, "password": password})
    return render(request, "people/new_person.html", {"form": form})


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: role, where they work, and what an administrator may change."""
    found = permissions.fetch(request.user, P, User.objects.all(), pk)
    return _page(request, found)


@require_POST
def change_role(request: HttpRequest, pk: int) -> HttpResponse:
    found = permissions.fetch(request.user, P, User.objects.all(), pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _page(request, found, role_form=form)
    services.change_role(person=found, role=form.cleaned_data["role"], by=reader(request))
    return _done(request, found, _("The role of %(person)s is changed."))


@require_POST
def join(request: HttpRequest, pk: int) -> HttpResponse:
    found = permissions.fetch(request.user, P, User.objects.all(), pk)
    form = MembershipForm(request.POST)
    try:
        if form.is_valid():
            services.join(person=found, **form.cleaned_data, by=reader(request))
            return _done(request, found, _("%(person)s now works for one more hospital or group."))
    except Invalid as refusal:
        form.add_error(None, refusal.sentence)
    return _page(request, found, membership_form=form)


@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    membership = permissions.fetch(request.user, P, Membership.objects.select_related("user"), pk)
    services.leave(membership=membership, by=reader(request))
    return _done(request, membership.user, _("%(person)s no longer works for that hospital or group."))


@require_POST
def give_mandate(request: HttpRequest, pk: int) -> HttpResponse:
    found = permissions.fetch(request.user, P, User.objects.all(), pk)
    form = MandateForm(request.POST)
    if not form.is_valid():
        return _page(request, found, mandate_form=form)
    mandate = {**form.cleaned_data, "hospitals": list(form.cleaned_data["hospitals"])}
    services.give_mandate(auditor=found, **mandate, by=reader(request))
    return _done(request, found, _("%(person)s has one more mandate."))


@require_POST
def withdraw_mandate(request: HttpRequest, pk: int) -> HttpResponse:
    mandate = permissions.fetch(request.user, P, Mandate.objects.select_related("auditor"), pk)
    services.withdraw_mandate(mandate=mandate, by=reader(request))
    return _done(request, mandate.auditor, _("%(person)s has one mandate less."))


@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    found = permissions.fetch(request.user, P, User.objects.all(), pk)
    services.deactivate(person=found, by=reader(request))
    return _done(request, found, _("The account of %(person)s is closed."))


@never_cache
@require_POST
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    found = permissions.fetch(request.user, P, User.objects.all(), pk)
    password = services.reactivate(person=found, by=reader(request))
    return render(request, "people/handed_over.html", {"person": found, "password": password})


@never_cache
@require_POST
def renew_password(request: HttpRequest, pk: int) -> HttpResponse:
    found = permissions.fetch(request.user, P, User.objects.all(), pk)
    password = services.renew_password(person=found, by=reader(request))
    return render(request, "people/handed_over.html", {"person": found, "password": password})


def _page(request: HttpRequest, found: User, **entered: BaseForm) -> HttpResponse:
    """The page of a person; `entered` holds the form that came back with something to mend."""
    forms: dict[str, Any] = {
        "role_form": RoleForm(initial={"role": found.role}),
        "membership_form": MembershipForm(),
        "mandate_form": MandateForm(),
    }
    rows = {
        "memberships": found.memberships.select_related("hospital", "group"),
        "mandates": found.mandates.prefetch_related("hospitals"),
    }
    status = 400 if entered else 200
    return render(request, "people/person.html", {"person": found, **rows, **forms, **entered}, status=status)


def _done(request: HttpRequest, found: User, sentence: str) -> HttpResponse:
    messages.success(request, sentence % {"person": found})
    return redirect("people:person", found.pk)
