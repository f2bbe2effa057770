"""Evidence that leaves the portal: how to verify a bundle, the bundle of one decision, and bundles of several."""

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from procurement.audit import requests, shelf
from procurement.audit import verifier as published
from procurement.audit.bundles import Kind
from procurement.audit.models import Export
from procurement.audit.services import export_bundle
from procurement.evaluation.filters import DecisionFilter
from procurement.evaluation.models import Decision
from procurement.ledger import anchors
from procurement.people.permissions import Permission, require
from procurement.people.reader import reader
from procurement.people.refusals import Invalid

PER_PAGE = 25
ZIP = "application/zip"
EXPORTS = Export.objects.select_related("job").prefetch_related("decisions__lot__tender")


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """How to verify a bundle in three steps, on a machine that has nothing but Python."""
    require(request.user, Permission.VERIFY_BUNDLE)
    context = {"sha256": published.SHA256, "fingerprint": anchors.fingerprint()}
    return render(request, "audit/verify.html", context)


@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """The program that verifies, to download."""
    require(request.user, Permission.VERIFY_BUNDLE)
    return attachment(published.NAME, published.CONTENT, "text/x-python; charset=utf-8")


@require_POST
def bundle(request: HttpRequest, pk: int) -> HttpResponse:
    """The bundle of a decision; a communicable one that spells a secret name is read about before it is made."""
    require(request.user, Permission.EXPORT_DECISION)
    decision = get_object_or_404(Decision.objects.visible_to(request.user).select_related("lot__tender", "bid"), pk=pk)
    kind = request.POST.get("kind", "")
    if kind == Kind.COMMUNICABLE and "confirmed" not in request.POST and (told := requests.names_told(decision)):
        return render(request, "audit/told.html", {"decision": decision, "told": told})
    made = export_bundle(decisions=[decision], kind=kind, by=reader(request), at=timezone.now())
    return attachment(made.name, made.content, ZIP)


@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    """The bundles the reader asked for, newest first."""
    require(request.user, Permission.EXPORT_DECISION)
    page = Paginator(EXPORTS.visible_to(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "audit/exports.html", {"page": page})


@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """Ask for one bundle of the decisions a filter shows; the filter is in the address, as on their list."""
    require(request.user, Permission.EXPORT_DECISION)
    found = DecisionFilter(request.GET, Decision.objects.visible_to(request.user))
    if not found.is_valid():  # its rows would be those of the conditions that could be read: more than were asked for
        raise Invalid(_("This filter cannot be read: mend it on the list of decisions, then ask again."))
    kind = request.POST.get("kind", "")
    return redirect(requests.request_export(decisions=found.qs, kind=kind, by=reader(request)))


@require_safe
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """One bundle: its progress while it is made, then what it holds and its file, for a day."""
    require(request.user, Permission.EXPORT_DECISION)
    found = get_object_or_404(EXPORTS.visible_to(request.user), pk=pk)
    return render(request, "audit/export.html", {"export": found, "waiting": shelf.find(found.file) is not None})


@require_safe
def download(request: HttpRequest, pk: int) -> FileResponse:
    """The file of a bundle, for who asked for it."""
    require(request.user, Permission.EXPORT_DECISION)
    found = get_object_or_404(Export.objects.visible_to(request.user), pk=pk)
    path = shelf.find(found.file)
    if path is None:
        raise Http404(_("The file of this bundle is not here any more: ask for it again."))
    return FileResponse(path.open("rb"), as_attachment=True, filename=found.name, content_type=ZIP)


def attachment(name: str, content: bytes, kind: str) -> HttpResponse:
    """A file to keep; ``name`` in ASCII."""
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
