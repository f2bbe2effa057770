"""Who may ask what of the API, and how often."""

from typing import Any

from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from procurement.people.addresses import client_address
from procurement.people.bounds import BY_ONE_PERSON, SCORING, WITHOUT_LOG_IN, Bound
from procurement.people.permissions import require

UNBOUND = (None, "metadata")  # methods the view does not have, and OPTIONS: answered as 405


class RoleMay(IsAuthenticated):
    """Whether the caller's role holds what the action needs, before anything of the request is read.

    A view names it in `needs`: by action of a viewset, by method of a plain view. What has no entry is refused.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        method = (request.method or "").lower()
        action = getattr(view, "action", method if hasattr(view, method) else None)
        if action in UNBOUND:
            return True
        permission = view.needs.get(action)
        if permission:
            require(request.user, permission)
        return permission is not None


class NotTooOften(BaseThrottle):
    """As often as a program in its right mind asks: by person, by address where nobody is logged in (429)."""

    by_person: Bound = BY_ONE_PERSON

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.user.is_authenticated:
            self.seconds = self.by_person.count(request.user.pk)
        else:
            self.seconds = WITHOUT_LOG_IN.count(client_address(request))
        return not self.seconds

    def wait(self) -> float:
        return self.seconds


class NotTooManyScorings(NotTooOften):
    """For what keeps a processor busy while the caller waits."""

    by_person = SCORING
