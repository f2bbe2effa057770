"""Reading policies: the list, one with its versions, one version, its document."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from procurement.people.permissions import Permission, fetch, may, require
from procurement.people.reader import reader
from procurement.people.services import record_file
from procurement.policies import documents
from procurement.policies.models import Policy, PolicyVersion
from procurement.policies.presentation.differences import differences
from procurement.policies.presentation.document import of_version
from procurement.problems import listed
from scoring.canonical import canonical

HEADINGS = {Policy.Kind.PREFERENCE: _("Preference policies"), Policy.Kind.CASHBACK: _("Cash-back schemes")}
VERSIONS = PolicyVersion.objects.select_related("policy", "drafted_by", "submitted_by", "approved_by")


@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """The policies and the schemes, each with its latest version the reader may see."""
    require(request.user, Permission.READ_POLICY)
    latest: dict[int, PolicyVersion] = {}
    for version in VERSIONS.visible_to(request.user).order_by("policy__title", "-version").defer("document"):
        latest.setdefault(version.policy_id, version)
    groups = [
        (heading, [version for version in latest.values() if version.policy.kind == kind])
        for kind, heading in HEADINGS.items()
    ]
    return render(
        request,
        "policies/list.html",
        {"groups": groups, "drafts": may(request.user, Permission.DRAFT_POLICY), "any": bool(latest)},
    )


@require_safe
def policy(request: HttpRequest, identifier: str) -> HttpResponse:
    """One policy: its versions, the latest first."""
    require(request.user, Permission.READ_POLICY)
    found = get_object_or_404(Policy.objects.visible_to(request.user), identifier=identifier)
    versions = list(VERSIONS.visible_to(request.user).filter(policy=found).order_by("-version").defer("document"))
    finished = versions[0].state in {PolicyVersion.State.APPROVED, PolicyVersion.State.RETIRED}
    return render(
        request,
        "policies/policy.html",
        {
            "policy": found,
            "versions": versions,
            "drafts": finished and may(request.user, Permission.DRAFT_POLICY),
        },
    )


@require_safe
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: what its document says in words, what it changes, where it is in its life."""
    found = fetch(request.user, Permission.READ_POLICY, VERSIONS, pk)
    before = (
        VERSIONS.visible_to(request.user)
        .filter(policy=found.policy, version__lt=found.version)
        .order_by("-version")
        .first()
    )
    return render(
        request,
        "policies/version.html",
        {
            "version": found,
            "document": of_version(found, on=timezone.localdate()),
            "text": documents.pretty(found.document),
            "warnings": listed(documents.report(found.document, kind=found.policy.kind).warnings),
            "before": before,
            "differences": differences(before.document, found.document) if before else [],
            "officer": may(request.user, Permission.SUBMIT_POLICY),
            "second_person": request.user.pk not in {found.drafted_by_id, found.submitted_by_id},
        },
    )


@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The document itself in canonical JSON: the bytes that were hashed."""
    found = fetch(request.user, Permission.READ_POLICY, VERSIONS, pk)
    name = f"{found.policy.identifier}-{found.version}.json"
    record_file(row=found, name=name, by=reader(request))
    return HttpResponse(
        canonical(found.document),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
