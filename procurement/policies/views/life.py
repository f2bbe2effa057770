"""The life of a version: submitted, sent back, approved, retired."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from procurement.people.permissions import Permission, fetch
from procurement.people.reader import reader
from procurement.people.refusals import Refused
from procurement.policies import references, services
from procurement.policies.forms import ApprovalForm, ReasonForm
from procurement.policies.views.reading import VERSIONS


@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a draft over for approval."""
    version = fetch(request.user, Permission.SUBMIT_POLICY, VERSIONS, pk)
    services.submit(version=version, by=reader(request), at=timezone.now())
    messages.success(request, _("The version waits for the approval of a second person."))
    return redirect("policies:version", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the status of a submitted version, for good; or send it back."""
    version = fetch(request.user, Permission.APPROVE_POLICY, VERSIONS, pk)
    form = ApprovalForm(request.POST or None, initial={"sha256": version.sha256})
    if request.method == "POST" and form.is_valid():
        version.sha256 = form.cleaned_data["sha256"]  # what was read: another document since is refused as moved
        try:
            services.approve(version=version, status=form.cleaned_data["status"], by=reader(request), at=timezone.now())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("The version is approved and no longer changes."))
            return redirect("policies:version", pk)
    today = timezone.localdate()
    unfounded = references.unfounded(version.document, on=today)
    context = {
        "version": version,
        "form": form,
        "unfounded": [(row["pointer"], references.look_up(row["reference"], on=today)) for row in unfounded],
        "back": ReasonForm(prefix="back"),
        "own": request.user in (version.drafted_by, version.submitted_by),
    }
    return render(request, "policies/approve.html", context)


@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a submitted version back to its drafter."""
    version = fetch(request.user, Permission.APPROVE_POLICY, VERSIONS, pk)
    form = ReasonForm(request.POST, prefix="back")
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    services.send_back(version=version, reason=reason, by=reader(request), at=timezone.now())
    messages.success(request, _("The version is a draft again; the record keeps your reason."))
    return redirect("policies:version", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw an approved version from new procedures: what that means, read first; then it is done."""
    version = fetch(request.user, Permission.RETIRE_POLICY, VERSIONS, pk)
    if request.method != "POST":
        return render(request, "policies/retire.html", {"version": version})
    services.retire(version=version, by=reader(request), at=timezone.now())
    messages.success(request, _("The version is retired: procedures that publish it keep it, new ones cannot."))
    return redirect("policies:version", pk)
