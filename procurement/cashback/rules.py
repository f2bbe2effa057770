"""The rules of an estimate: a policy with the cash-back scheme it embeds, or with one put in its place."""

from typing import Any

from django.utils.translation import gettext as _

from procurement.people.refusals import Invalid, Refused
from procurement.policies.models import Policy, PolicyVersion
from procurement.problems import listed
from scoring.policy_reading import read_policy
from scoring.problems import InvalidDocument


def combined(policy: PolicyVersion, scheme: PolicyVersion | None) -> dict[str, Any]:
    """The policy's document with the scheme's in place of its own; its SHA-256 is that of the rules."""
    document: dict[str, Any] = policy.document
    return document if scheme is None else {**document, "cashback": scheme.document}


def latest(version: PolicyVersion) -> PolicyVersion:
    """The latest approved version of the same policy or scheme, or this one when none is approved any more."""
    return PolicyVersion.objects.approved().filter(policy=version.policy_id).order_by("-version").first() or version


def require_usable(policy: PolicyVersion, scheme: PolicyVersion | None) -> dict[str, Any]:
    """The combined document, or the refusal that says what is missing or does not fit."""
    for version, kind in ((policy, Policy.Kind.PREFERENCE), (scheme, Policy.Kind.CASHBACK)):
        if version is not None and version.policy.kind != kind:
            raise Invalid(
                _("“%(title)s” is not a %(kind)s: choose another one.")
                % {"title": version.policy, "kind": kind.label.lower()}
            )
        if version is not None and version.state != PolicyVersion.State.APPROVED:
            raise Refused(_("“%(title)s” is not approved: choose an approved version.") % {"title": version})
    document = combined(policy, scheme)
    try:
        read = read_policy(document)
    except InvalidDocument as invalid:
        raise Invalid(
            _("The scheme does not fit the policy: each problem is listed with its place."),
            listed(invalid.problems),
        ) from invalid
    if read.cashback is None:
        raise Invalid(_("“%(title)s” pays no cash-back: choose a scheme beside it.") % {"title": policy})
    return document
