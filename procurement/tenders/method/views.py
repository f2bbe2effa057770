"""The check of a lot's method: its page, its invented bids, and the line that says it was done."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from procurement.people.permissions import Permission, fetch
from procurement.people.reader import reader
from procurement.problems import listed
from procurement.tenders import services
from procurement.tenders.method.check import Check
from procurement.tenders.method.forms import ProfileForms
from procurement.tenders.models import Lot, Stage
from procurement.tenders.price_curve import price_curve
from procurement.tenders.profiles import checked, profiles_of, proposed, rules_as_they_stand
from procurement.tenders.views import GET_OR_POST
from scoring.problems import InvalidDocument

LOTS = Lot.objects.for_rules().select_related("tender__copied_from").prefetch_related("profiles")


@GET_OR_POST
def method(request: HttpRequest, pk: int) -> HttpResponse:
    """What the rules of a lot do to its invented bids; that this was looked at is then recorded."""
    lot = fetch(request.user, Permission.DRAFT_TENDER, LOTS, pk)
    if request.method == "POST":
        services.check_method(lot=lot, by=reader(request), at=timezone.now())
        messages.success(request, _("The check of the method is recorded."))
        return redirect("tenders:method", lot.pk)
    profiles = profiles_of(lot)
    context = {
        "lot": lot,
        "tender": lot.tender,
        "profiles": profiles,
        "curve": price_curve(lot, rules_as_they_stand(lot)),
        "draft": lot.stage == Stage.DRAFT,
        "checked": lot.pk in checked([lot]),
    }
    try:
        context["check"] = Check(lot, profiles, timezone.localdate()) if profiles else None
    except InvalidDocument as invalid:
        context["problems"] = listed(invalid.problems)
    return render(request, "tenders/method.html", context)


@GET_OR_POST
def profiles(request: HttpRequest, pk: int) -> HttpResponse:
    """The invented bids of a draft lot, typed."""
    lot = fetch(request.user, Permission.DRAFT_TENDER, LOTS, pk)
    forms = ProfileForms(lot, profiles_of(lot), request.POST if request.method == "POST" else None)
    write = partial(services.invent_profiles, lot=lot, by=reader(request), at=timezone.now())
    if request.method == "POST" and forms.save(lambda typed: write(profiles=typed)):
        messages.success(request, _("The invented bids are kept."))
        return redirect("tenders:method", lot.pk)
    if lot.stage != Stage.DRAFT:
        return redirect("tenders:method", lot.pk)
    return render(request, "tenders/profiles.html", {"lot": lot, "tender": lot.tender, "forms": forms})


@require_POST
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Six invented bids made of the plausible prices, in the place of those there are."""
    lot = fetch(request.user, Permission.DRAFT_TENDER, LOTS, pk)
    services.invent_profiles(lot=lot, profiles=proposed(lot), by=reader(request), at=timezone.now())
    messages.success(request, _("Six invented bids are proposed; change them as you like."))
    return redirect("tenders:method", lot.pk)
