"""The law: every legal value with its reference, and how well it is known."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from procurement.people.permissions import Permission, require
from procurement.policies.presentation import law as presentation


@require_safe
def law(request: HttpRequest) -> HttpResponse:
    """Every legal value, by topic."""
    require(request.user, Permission.READ_LAW)
    return render(request, "policies/law.html", {"topics": presentation.topics()})


@require_safe
def parameter(request: HttpRequest, key: str) -> HttpResponse:
    """The card of one legal value: the latest line, and those before it."""
    require(request.user, Permission.READ_LAW)
    cards = presentation.cards(key)
    if not cards:
        raise Http404(_("No legal value has this name."))
    return render(request, "policies/parameter.html", {"card": cards[0], "earlier": cards[1:]})
