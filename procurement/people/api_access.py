"""Who may ask what of the API."""

from typing import Any

from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

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
