"""Answers kept by nobody, the reader's language, the first password of one's own, and refusals said in words."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from procurement.people.refusals import Refused
from procurement.people.writes import record_closed_page

Next = Callable[[HttpRequest], HttpResponse]
SAFE = {"GET", "HEAD", "OPTIONS"}
WITHOUT_OWN_PASSWORD = {"password", "logout", "language"}  # URL names of `people`


class ConfidentialMiddleware:
    """No browser or proxy keeps an answer: pages show prices that are business secrets (CE 30.3.2016 n°375529).

    Nor may a page of another site take one in, as an image or a script. A static file says itself how long it is kept.
    """

    HEADERS = {
        "Cache-Control": "private, no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in self.HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class HeadMiddleware:
    """An answer to HEAD says how long the page would be and has no body: the server would drop it with a warning.

    Outermost, because what stands below it makes the same answer as to GET.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = self.get_response(request)
        if request.method == "HEAD" and isinstance(response, StreamingHttpResponse):
            response.streaming_content = iter(())
        elif request.method == "HEAD" and isinstance(response, HttpResponse):
            response.headers.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        return response


class ReadersLanguageMiddleware:
    """A person who is logged in reads in the language of the account, whatever the browser asks for."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


class LoggedInMiddleware(LoginRequiredMiddleware):
    """Whoever sends a form once the session has ended is told that it was not taken, and is led back to its page.

    The address that takes a form often has no page of its own to come back to.
    """

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        if request.method in SAFE:
            return super().handle_no_permission(request, view_func)
        messages.warning(
            request, _("You are no longer logged in: nothing of what you sent was saved. Log in, then send it again.")
        )
        field = self.get_redirect_field_name(view_func)
        return redirect_to_login(_within(_came_from(request)), resolve_url(self.get_login_url(view_func)), field)


class OwnPasswordMiddleware:
    """Whoever logs in with the password an administrator gave chooses another before anything else."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        match = request.resolver_match
        if not request.user.is_authenticated or not request.user.password_is_temporary or match is None:
            return None
        if match.app_names == ["people"] and match.url_name in WITHOUT_OWN_PASSWORD:
            return None
        return redirect("people:password")


class RefusalMiddleware:
    """A service's refusal that no view caught becomes a page with its sentence, never a server error.

    So does an address that only takes what a form sends: it may stand in a bookmark or in the history of a browser.
    What a role may not open leaves a line in the record; that page is Django's.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if request.method == "GET" and isinstance(answer, HttpResponseNotAllowed):
            refused = Refused(_("This address takes what a button sends; it has no page to show."))
            page = _told(request, refused, answer.status_code)
            page["Allow"] = answer["Allow"]
            return page
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return _told(request, exception, exception.status)
        if isinstance(exception, PermissionDenied):
            record_closed_page(request, exception)
        return None


def _told(request: HttpRequest, refused: Refused, status: int) -> HttpResponse:
    back = _came_from(request)
    context = {"refusal": refused, "back": back, "read_next": _within(back)}
    return render(request, "people/refused.html", context, status=status)


def _came_from(request: HttpRequest) -> str:
    """The page of the portal the refused request was sent from; the home page where the browser does not say."""
    address = request.headers.get("Referer", "")
    own = url_has_allowed_host_and_scheme(address, request.get_host(), require_https=request.is_secure())
    return address if own else reverse("people:home")


def _within(address: str) -> str:
    """An address without its host: in another language the page before is read, as what was refused may take no GET."""
    return urlsplit(address)._replace(scheme="", netloc="").geturl()
