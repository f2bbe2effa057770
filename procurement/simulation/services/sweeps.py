"""Asking what a policy would have changed on an archive, and keeping the answer of the workers."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from procurement.cashback.rules import combined
from procurement.jobs import parts
from procurement.jobs import services as jobs
from procurement.jobs.models import Job
from procurement.ledger import services as ledger
from procurement.people.models import User
from procurement.people.permissions import Permission, require
from procurement.people.refusals import Invalid, Refused, Stale
from procurement.people.writes import service
from procurement.policies.models import Policy, PolicyVersion
from procurement.simulation import sweeping
from procurement.simulation.bindings import code_sha256, document_sha256
from procurement.simulation.freshness import freshness
from procurement.simulation.models import ArchiveSnapshot, Box, Look, Sweep
from procurement.simulation.parameters import carbon_indicators
from procurement.simulation.scenarios import Axis, require_fit, scenarios_of, unfit
from procurement.simulation.studies import require_file
from scoring.canonical import sha256

Asked = TypeVar("Asked", Sweep, Box)
SWEEP = "procurement.simulation.tasks.sweep"
LOOK = "procurement.simulation.tasks.look"
REPLAYING = gettext_noop("Replaying the archive.")
LOOKING = gettext_noop("Looking at every award of the scenario.")


@service
def request_sweep(
    *,
    snapshot: ArchiveSnapshot,
    policy_version: PolicyVersion,
    scheme_version: PolicyVersion | None = None,
    axes: Sequence[Axis],
    local_area: str = "",
    carbon: str = "",
    by: User,
) -> Sweep:
    """Ask a question; workers answer it after the commit. One that was answered, and is as it was, is not asked again.

    Raises Invalid for a question that makes no sense, Refused when it cannot be answered here and now.
    """
    require(by, Permission.RUN_SWEEP)
    require_file(snapshot)
    document = usable(policy_version, scheme_version)
    require_area(local_area, document)
    _require_indicator(carbon, document, snapshot)
    scenarios = require_fit(axes, document)
    asked = Sweep(
        snapshot=snapshot,
        policy_version=policy_version,
        scheme_version=scheme_version,
        policy_document=document,
        axes=[dict(axis) for axis in axes],
        local_area=local_area,
        carbon=carbon,
        policy_sha256=sha256(document),
        scenarios_sha256=sha256([scenario.sha256 for scenario in scenarios]),
        code_sha256=code_sha256(),
        requested_by=by,
        requested_at=timezone.now(),
    )
    asked.question_sha256 = sha256({**sweeping.bound(asked), "local_area": local_area, "carbon": carbon})
    return asked_before(asked) or _enqueued(asked)


@service
def request_look(*, sweep: Sweep, scenario: int, by: User) -> Look:
    """Ask to see one scenario of an answered sweep closely; whoever asks again gets the look that is there."""
    require(by, Permission.RUN_SWEEP, sweep)
    require_file(sweep.snapshot)
    if not 0 <= scenario < len(scenarios_of(sweep.axes)):
        raise Invalid(_("The simulation has no scenario %(number)s.") % {"number": scenario})
    if sweep.finished_at is None:
        raise Refused(_("The simulation is not finished: its scenarios can be looked at once it is."))
    if sweep.code_sha256 != code_sha256():
        raise Refused(_("The software has changed since: run the simulation again, then look at its scenarios."))
    Sweep.objects.select_for_update().only("pk").get(pk=sweep.pk)  # two who ask at once get one look, and one job
    known = Look.objects.select_related("job").filter(sweep=sweep, scenario=scenario).first()
    if known is not None and (known.finished_at or not known.job.ended):
        return known
    job = jobs.enqueue(task=LOOK, arguments={}, provenance=sweeping.bound(sweep), by=by)
    asked, _new = Look.objects.update_or_create(sweep=sweep, scenario=scenario, defaults={"job": job})
    ledger.record("look.requested", asked, by=by)
    return asked


@service
def cancel_sweep(*, sweep: Sweep, by: User) -> None:
    """Stop the work on a question at once; what has ended is left alone. Whoever asked it stops it."""
    stop(sweep, by)


def sweep(*, job: Job) -> None:
    """Answer the question of a running job with the other workers, and finish both together, once."""
    asked = Sweep.objects.select_related("snapshot").get(job=job)
    arguments = sweeping.parts_of(asked)
    results = parts.share(job=job, arguments=arguments, message=REPLAYING)
    document, curve_file_sha256 = sweeping.assembled(asked, arguments, results)
    with transaction.atomic():
        result_sha256 = kept(asked, job, document, curve_file_sha256=curve_file_sha256)
        ledger.record("sweep.finished", asked, by=job.requested_by, after=result_sha256)


def look(*, job: Job) -> None:
    """Look at the scenario of a running job, and finish both together, once."""
    (found,) = parts.share(job=job, arguments=[{}], message=LOOKING)
    asked = Look.objects.get(job=job)
    with transaction.atomic():
        result_sha256 = kept(asked, job, found["document"], file_sha256=found["file_sha256"])
        ledger.record("look.finished", asked, by=job.requested_by, after=result_sha256)


def kept(asked: Sweep | Look | Box, job: Job, document: dict[str, Any], **files: str) -> str:
    """Keep the answer and finish the job, in the transaction it is called in; the SHA-256 of the answer."""
    result_sha256 = document_sha256(document)
    written = (
        type(asked)
        ._default_manager.filter(pk=asked.pk, job=job, result__isnull=True)
        .update(result=document, result_sha256=result_sha256, finished_at=timezone.now(), **files)
    )
    if not written:
        raise Stale(_("This simulation was finished already."))
    jobs.finish(job=job, result={asked._meta.label: str(asked.pk)})
    return result_sha256


def stop(asked: Sweep | Box, by: User) -> None:
    """Cancel the job of a question, in the transaction it is called in. Raises PermissionDenied for somebody else's."""
    require(by, Permission.RUN_SWEEP, asked)
    if asked.requested_by_id != by.pk:
        raise PermissionDenied(_("A simulation is stopped by whoever asked for it."))
    jobs.cancel(job=asked.job, by=by)


def require_area(local_area: str, document: Mapping[str, Any]) -> None:
    """Raises Invalid for an area, to stand for the contract's own country, that the policy does not have."""
    if local_area and local_area not in document["areas"]:
        areas = ", ".join(document["areas"])
        sentence = _("The policy has no area %(area)s: it has %(areas)s.") % {"area": local_area, "areas": areas}
        raise unfit(sentence, "/local_area")


def _require_indicator(carbon: str, document: dict[str, Any], snapshot: ArchiveSnapshot) -> None:
    """Raises Invalid for an indicator that cannot hold kilograms of CO2e."""
    known = carbon_indicators(document, snapshot.measured)
    if carbon and carbon not in known:
        sentence = _("An archive under this policy has no kilograms of CO2e under %(indicator)s: it has %(known)s.") % {
            "indicator": carbon,
            "known": ", ".join(known) or _("none"),
        }
        raise unfit(sentence, "/carbon")


def usable(policy: PolicyVersion, scheme: PolicyVersion | None) -> dict[str, Any]:
    """The document to replay, drafts included. Raises Invalid or Refused."""
    for version, kind in ((policy, Policy.Kind.PREFERENCE), (scheme, Policy.Kind.CASHBACK)):
        if version is not None and version.policy.kind != kind:
            raise Invalid(
                _("“%(title)s” is not a %(kind)s: choose another one.")
                % {"title": version.policy, "kind": kind.label.lower()}
            )
        if version is not None and version.state == PolicyVersion.State.RETIRED:
            raise Refused(_("“%(title)s” is retired: choose another version.") % {"title": version})
    return combined(policy, scheme)


def asked_before(asked: Asked) -> Asked | None:
    """The same question, answered and as it was, or still being worked on for the same person."""
    same = (
        type(asked)
        ._default_manager.filter(question_sha256=asked.question_sha256)
        .defer("result")
        .select_related("job", "snapshot", "policy_version")
    )
    answered = list(same.filter(finished_at__isnull=False)[:1])
    if answered and not freshness(answered)[answered[0].pk].stale:
        return answered[0]
    return next((each for each in same.filter(requested_by=asked.requested_by) if not each.job.ended), None)


def _enqueued(asked: Sweep) -> Sweep:
    asked.job = jobs.enqueue(
        task=SWEEP, arguments={}, provenance=sweeping.bound(asked), by=asked.requested_by, now=asked.requested_at
    )
    asked.save()
    ledger.record("sweep.requested", asked, by=asked.requested_by, at=asked.requested_at, after=asked.question_sha256)
    return asked
