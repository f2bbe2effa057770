"""Too many wrong passwords: counted by address and by name at every door, and answered alike whoever has an account.

`django-axes` locks one name for one address; the bounds here stop who tries many names, or one name from many places.
"""

import math
import unicodedata

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import ngettext

from procurement.people.addresses import client_address
from procurement.people.bounds import FOR_ONE_NAME, FROM_ONE_ADDRESS
from procurement.people.forms import LoginForm


def wait(request: HttpRequest, username: str) -> int:
    """Seconds until a password may be tried for this name from this address; 0 when it may be now."""
    return max(FROM_ONE_ADDRESS.wait(client_address(request)), FOR_ONE_NAME.wait(_one_writing(username)))


def count(request: HttpRequest, username: str) -> None:
    """Count one wrong password."""
    FROM_ONE_ADDRESS.count(client_address(request))
    FOR_ONE_NAME.count(_one_writing(username))


def _one_writing(username: str) -> str:
    """The log-in page takes a name in any width of its letters for the same."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def sentence(seconds: int) -> str:
    minutes = math.ceil(seconds / 60)
    return ngettext(
        "Too many wrong passwords: wait %(minutes)s minute, then try again.",
        "Too many wrong passwords: wait %(minutes)s minutes, then try again.",
        minutes,
    ) % {"minutes": minutes}


def refused(request: HttpRequest, seconds: int) -> HttpResponse:
    """The wait, as the log-in page or as JSON."""
    if request.path.startswith("/api/"):
        answer: HttpResponse = JsonResponse({"detail": sentence(seconds), "errors": []}, status=429)
    else:
        context = {"form": LoginForm(request), "locked": sentence(seconds)}
        answer = render(request, "people/login.html", context, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, str] | None) -> HttpResponse:
    """What `django-axes` answers while a name is locked for an address."""
    return refused(request, int(settings.AXES_COOLOFF_TIME.total_seconds()))
