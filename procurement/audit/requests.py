"""Asking for a bundle of several decisions, and making it in a worker."""

from hashlib import sha256 as digest

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from procurement.audit import dossier, shelf
from procurement.audit.bundles import Bundle, Kind
from procurement.audit.models import Export
from procurement.audit.names import told
from procurement.audit.services import export_bundle
from procurement.evaluation.models import Decision, DecisionQuerySet
from procurement.jobs import services as jobs
from procurement.jobs.models import Job
from procurement.ledger import services as ledger
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.refusals import Invalid, Refused, Stale
from procurement.people.writes import service
from scoring.canonical import sha256

TASK = "procurement.audit.tasks.make_bundle"
COLLECTING = gettext_noop("Collecting the decisions.")
MOST_DECISIONS = 100


@service
def request_export(*, decisions: DecisionQuerySet, kind: str, by: User) -> Export:
    """Ask for one bundle of ``decisions``, those the reader sees; a worker makes it after the commit.

    Raises PermissionDenied by role, Invalid for an unknown kind, no decision or more than a hundred.
    """
    permissions.require(by, Permission.EXPORT_DECISION)
    if kind not in Kind.values:
        raise Invalid(_("A bundle is “full” or “communicable”."))
    chosen = list(decisions.visible_to(by).order_by("pk").values_list("pk", flat=True)[: MOST_DECISIONS + 1])
    if not 1 <= len(chosen) <= MOST_DECISIONS:
        raise Invalid(
            _("A bundle made here holds from 1 to %(most)d decisions: narrow the filter.") % {"most": MOST_DECISIONS}
        )
    now, asked = timezone.now(), sha256([str(pk) for pk in chosen])
    job = jobs.enqueue(task=TASK, arguments={}, provenance={"decisions": asked}, by=by, now=now)
    export = Export.objects.create(kind=kind, job=job, requested_by=by, requested_at=now)
    export.decisions.set(chosen)
    ledger.record("export.requested", export, by=by, at=now, after=asked)
    return export


def make(*, job: Job) -> None:
    """Make the bundle of a running job, lay it on the shelf, and finish both together, once."""
    export = Export.objects.get(job=job)
    decisions = list(export.decisions.order_by("pk"))

    def follow(done: int, total: int) -> None:
        jobs.progress(job=job, done=done, total=total, message=COLLECTING)

    follow(0, len(decisions))
    shelf.clear()
    bundle = export_bundle(
        decisions=decisions, kind=export.kind, by=job.requested_by, at=timezone.now(), progress=follow
    )
    file = f"{job.claim}.zip"  # of this run: one that was believed dead writes beside it, never over it
    shelf.put(file, bundle.content)
    try:
        _finish(export, job, bundle, file)
    except (jobs.Superseded, Refused):  # surely rolled back; of any other failure the row may be there and needs it
        shelf.discard(file)
        raise


def names_told(decision: Decision) -> list[str]:
    """The secret names a communicable bundle of the decision would spell all the same, one sentence each."""
    return told(dossier.read([decision], Kind.COMMUNICABLE))


@transaction.atomic
def _finish(export: Export, job: Job, bundle: Bundle, file: str) -> None:
    written = Export.objects.filter(pk=export.pk, finished_at__isnull=True).update(
        name=bundle.name,
        file=file,
        size=len(bundle.content),
        sha256=digest(bundle.content).hexdigest(),
        fingerprint=bundle.fingerprint,
        told=bundle.told,
        finished_at=timezone.now(),
    )
    if not written:
        raise Stale(_("This bundle was made already."))
    jobs.finish(job=job, result={export._meta.label: export.pk})
