"""One's tokens for the API."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from procurement.people import permissions, services
from procurement.people.forms import TokenForm
from procurement.people.models import Token
from procurement.people.permissions import Permission
from procurement.people.reader import reader


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The list, and the form for a new one, whose text is shown in the answer and never again."""
    permissions.require(request.user, Permission.MANAGE_TOKENS)
    form, text = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        _token, text = services.create_token(name=form.cleaned_data["name"], by=reader(request))
        form = TokenForm()
    context = {"form": form, "text": text, "tokens": Token.objects.visible_to(request.user)}
    return render(request, "people/tokens.html", context)


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    token = permissions.fetch(request.user, Permission.MANAGE_TOKENS, Token.objects.all(), pk)
    services.revoke_token(token=token, by=reader(request))
    messages.success(request, _("The token “%(name)s” is revoked.") % {"name": token.name})
    return redirect("people:tokens")
