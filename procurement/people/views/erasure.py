"""The page where an administrator erases the text of a reason."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from procurement.people import permissions
from procurement.people.erasure import erase_reason
from procurement.people.forms import ErasureForm
from procurement.people.permissions import Permission
from procurement.people.reader import reader


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Erase by number: the line need not be one the administrator may read. `?line=` fills the number in."""
    permissions.require(request.user, Permission.ERASE_REASON)
    form = ErasureForm(request.POST or None, initial={"line": request.GET.get("line")})
    if request.method == "POST" and form.is_valid():
        line = form.cleaned_data["line"]
        erase_reason(line=line, reason=form.cleaned_data["reason"], by=reader(request))
        messages.success(request, _("The text of line %(number)d is erased.") % {"number": line.sequence})
        return redirect("ledger:erase")
    return render(request, "ledger/erase.html", {"form": form})
