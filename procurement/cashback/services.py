"""Asking for an estimate, and computing it in a worker."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from procurement.cashback import rules
from procurement.cashback.awards import Award, awards_of, digest
from procurement.cashback.computation import LeftOut, line_of, result_of
from procurement.cashback.models import Estimate
from procurement.evaluation.models import ScoreSheet
from procurement.jobs import services as jobs
from procurement.jobs.models import Job
from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import Hospital, User
from procurement.people.permissions import Permission
from procurement.people.refusals import Invalid, Stale
from procurement.people.scope import hospitals_of
from procurement.people.writes import service
from procurement.policies.models import PolicyVersion
from scoring.canonical import sha256

TASK = "procurement.cashback.tasks.estimate"
READING = gettext_noop("Reading the awarded lots.")
FIRST_YEAR = 2000


@service
def request_estimate(
    *,
    hospital: Hospital,
    year: int,
    policy_version: PolicyVersion,
    scheme_version: PolicyVersion | None = None,
    by: User,
) -> Estimate:
    """Ask for the cash-back of one of one's hospitals in a calendar year; a worker computes it after the commit.

    ``scheme_version`` takes the place of the scheme the policy embeds, if any. Raises Invalid or Refused when
    the two cannot be computed together, PermissionDenied for another's hospital.
    """
    permissions.require(by, Permission.ESTIMATE_CASHBACK)
    if not hospitals_of(by).filter(pk=hospital.pk).exists():
        raise PermissionDenied(_("This belongs to a hospital you do not work for."))
    now = timezone.now()
    if not FIRST_YEAR <= year <= timezone.localdate(now).year:
        raise Invalid(_("Choose a year from %(first)s to this one.") % {"first": FIRST_YEAR})
    rules_sha256 = sha256(rules.require_usable(policy_version, scheme_version))
    job = jobs.enqueue(task=TASK, arguments={}, provenance={"rules": rules_sha256}, by=by, now=now)
    asked = Estimate.objects.create(
        hospital=hospital,
        year=year,
        policy_version=policy_version,
        scheme_version=scheme_version,
        job=job,
        rules_sha256=rules_sha256,
        requested_by=by,
        requested_at=now,
    )
    ledger.record("cashback_estimate.requested", asked, by=by, at=now, after=rules_sha256)
    return asked


def estimate(*, job: Job) -> None:
    """Compute the estimate of a running job, lot by lot, and finish both together, once."""
    asked = Estimate.objects.select_related("hospital", "policy_version__policy", "scheme_version").get(job=job)
    document = rules.combined(asked.policy_version, asked.scheme_version)
    year = (asked.hospital_id, asked.year)
    awards = awards_of([year])[year]
    lines: list[dict[str, Any]] = []
    left_out: list[dict[str, Any]] = []
    jobs.progress(job=job, done=0, total=len(awards), message=READING)
    for done, award in enumerate(awards, start=1):
        try:
            lines.append(line_of(award, _decided_case(award), rules=document, hospital=asked.hospital_id))
        except LeftOut as out:
            left_out.append(_left_out(award, out))
        jobs.progress(job=job, done=done, total=len(awards), message=READING)
    data_sha256 = digest(awards)
    result = result_of(
        lines,
        left_out,
        scheme=document["cashback"],
        hospital=asked.hospital.finess,
        year=asked.year,
        provenance={"data_sha256": data_sha256, "rules_sha256": asked.rules_sha256},
    )
    _finish(asked, job, result, data_sha256)


def recompute(*, estimate: Estimate, by: User) -> Estimate:
    """Ask again for the same hospital's year, under the versions that are approved now."""
    return request_estimate(
        hospital=estimate.hospital,
        year=estimate.year,
        policy_version=rules.latest(estimate.policy_version),
        scheme_version=rules.latest(estimate.scheme_version) if estimate.scheme_version else None,
        by=by,
    )


@transaction.atomic
def _finish(asked: Estimate, job: Job, result: dict[str, Any], data_sha256: str) -> None:
    now, result_sha256 = timezone.now(), sha256(result)
    written = Estimate.objects.filter(pk=asked.pk, result__isnull=True).update(
        result=result, result_sha256=result_sha256, data_sha256=data_sha256, finished_at=now
    )
    if not written:
        raise Stale(_("This estimate was finished already."))
    jobs.finish(job=job, result={asked._meta.label: asked.pk})
    ledger.record("cashback_estimate.finished", asked, by=job.requested_by, at=now, after=result_sha256)


def _decided_case(award: Award) -> dict[str, Any]:
    case: dict[str, Any] = ScoreSheet.objects.values_list("case", flat=True).get(pk=award.sheet)
    return case


def _left_out(award: Award, out: LeftOut) -> dict[str, Any]:
    return {
        "id": str(award.lot),
        "lot": award.reference,
        "title": award.title,
        "awarded_on": award.awarded_on.isoformat(),
        "reason": out.reason,
        "place": out.place,
    }
