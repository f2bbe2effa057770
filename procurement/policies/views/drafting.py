"""Drafting: the document is typed as JSON, and comes back as typed with every problem when it cannot be used."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from procurement.people.permissions import Permission, fetch, require
from procurement.people.reader import reader
from procurement.people.refusals import Refused
from procurement.policies import documents, services
from procurement.policies.forms import DraftForm
from procurement.policies.models import Policy, PolicyVersion
from procurement.policies.views.reading import VERSIONS


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    """Draft a new policy, or with `?policy=` the next version of one, from its latest document."""
    require(request.user, Permission.DRAFT_POLICY)
    policy = None
    if identifier := request.GET.get("policy"):
        policy = get_object_or_404(Policy.objects.visible_to(request.user), identifier=identifier)
    form = DraftForm(request.POST or None, policy=policy, initial=_next(policy) if policy else _first())
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            version = services.draft_version(**_typed(form), by=reader(request), at=timezone.now())
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("The draft is saved."))
            return redirect("policies:version", version.pk)
    return render(request, "policies/draft.html", {"form": form, "policy": policy, "refusal": refusal})


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the document of a draft."""
    version = fetch(request.user, Permission.DRAFT_POLICY, VERSIONS, pk)
    initial = {"note": version.note, "document": documents.pretty(version.document), "sha256": version.sha256}
    form = DraftForm(request.POST or None, policy=version.policy, initial=initial)
    refusal = None
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        version.sha256 = typed["sha256"]  # what was being changed: another document since is refused as moved
        try:
            document = documents.read(typed["document"])
            services.change_draft(
                version=version, document=document, note=typed["note"], by=reader(request), at=timezone.now()
            )
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("The draft is saved."))
            return redirect("policies:version", pk)
    context = {"form": form, "policy": version.policy, "version": version, "refusal": refusal}
    return render(request, "policies/draft.html", context)


def _typed(form: DraftForm) -> dict[str, Any]:
    """What was typed, its document read. Raises Invalid with every problem of the JSON."""
    typed = {name: form.cleaned_data[name] for name in ("identifier", "title", "kind", "note")}
    document = documents.read(form.cleaned_data["document"])
    return {**typed, "document": documents.named(document, typed["identifier"], typed["title"])}


def _first() -> dict[str, str]:
    """A policy that does nothing yet."""
    return {"document": documents.pretty(documents.blank(on=timezone.localdate()))}


def _next(policy: Policy) -> dict[str, str]:
    """The latest version's document with the next number, as a proposal."""
    latest = PolicyVersion.objects.filter(policy=policy).order_by("-version")[0]
    document = latest.document
    if policy.kind == Policy.Kind.PREFERENCE:
        document = {**document, "version": latest.version + 1, "status": PolicyVersion.Status.PROPOSED.value}
    return {"document": documents.pretty(document)}
