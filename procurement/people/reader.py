"""Who makes a request."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from rest_framework.request import Request

from procurement.people.models import User


def reader(request: HttpRequest | Request) -> User:
    """The person who makes the request. Every address asks for a log-in first; PermissionDenied if one did not."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
