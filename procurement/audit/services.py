"""Bundles of evidence leave the portal here, each export recorded before it is made."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

import scoring
from procurement.audit import dossier, names
from procurement.audit.bundles import Bundle, Kind, name_of, packed
from procurement.audit.documents import Files, Progress, files_of
from procurement.audit.dossier import Dossier
from procurement.evaluation.evidence import moment
from procurement.evaluation.models import Decision
from procurement.ledger import anchors, proofs
from procurement.ledger import services as ledger
from procurement.ledger.models import Anchor, Line
from procurement.people import permissions
from procurement.people.models import User
from procurement.people.permissions import Permission
from procurement.people.refusals import Invalid, Refused
from procurement.people.writes import refusals_recorded, service
from scoring.canonical import canonical

MOST_DECISIONS = 1000


def unheard(_done: int, _all: int) -> None:
    """The progress nobody follows."""


@refusals_recorded
def export_bundle(
    *, decisions: Iterable[Decision], kind: str, by: User | None, at: datetime, progress: Progress = unheard
) -> Bundle:
    """Export decisions as one bundle of evidence (docs/bundle.md), outside any transaction; ``by`` None: the operator.

    The documents are read, the export is recorded, the record is anchored, which must see that line, and the lines
    are proved. Raises PermissionDenied by role or for a decision the reader does not see, Invalid for no decision, too
    many or an unknown kind, Refused for what was recorded before bundles existed. Refused too when the record cannot be
    anchored or contradicts its anchor: the line of the export then stands without its file.
    """
    kind = _known(kind)
    file = dossier.read(_readable(decisions, by), kind)
    files = files_of(file, kind, progress)
    files["manifest.json"] = _manifest(file, kind, files, at)
    exports = record_export(decisions=file.decisions, kind=kind, manifest=files["manifest.json"], by=by, at=at)
    lines = [*file.lines, *exports]
    anchor, proof = _proved(lines)
    files["ledger/lines.json"] = canonical([{**line.content(), "hash": line.hash} for line in lines])
    files["ledger/proof.json"] = canonical(proof)
    return Bundle(
        name=name_of(file.decisions, kind),
        content=packed(files),
        fingerprint=anchors.fingerprint() if anchor else "",
        told=names.told(file) if kind == Kind.COMMUNICABLE else [],
    )


@service
def record_export(
    *, decisions: list[Decision], kind: Kind, manifest: bytes, by: User | None, at: datetime
) -> list[Line]:
    """Record on every decision that it leaves in a bundle with this manifest."""
    digest = hashlib.sha256(manifest).hexdigest()
    return [
        ledger.record("bundle.exported", decision, by=by, at=at, after=digest, reason=str(kind))
        for decision in decisions
    ]


def _known(kind: str) -> Kind:
    if kind not in Kind.values:
        raise Invalid(_("A bundle is “full” or “communicable”."))
    return Kind(kind)


def _readable(decisions: Iterable[Decision], by: User | None) -> list[Decision]:
    """The decisions by number, each once, as they are now; the reader must see them all."""
    wanted = {decision.pk for decision in decisions}
    if not wanted or len(wanted) > MOST_DECISIONS:
        raise Invalid(_("A bundle holds from 1 to %(most)d decisions.") % {"most": MOST_DECISIONS})
    if by is not None:
        permissions.require(by, Permission.EXPORT_DECISION)
    rows = Decision.objects.visible_to(by) if by is not None else Decision.objects.all()
    found = list(rows.filter(pk__in=wanted).select_related("lot__tender", "bid").order_by("pk"))
    if len(found) < len(wanted):
        raise PermissionDenied(_("This belongs to a hospital you do not work for."))
    return found


def _proved(lines: list[Line]) -> tuple[Anchor | None, dict[str, Any]]:
    """The anchor over the record as it is now, and the proof that these lines are in it."""
    try:
        anchor = anchors.anchor()
        return anchor, proofs.proof([line.sequence for line in lines], anchor)
    except (anchors.NotAnchored, proofs.Contradiction) as problem:
        raise Refused(str(problem)) from problem


def _manifest(file: Dossier, kind: Kind, files: Files, at: datetime) -> bytes:
    """What the lines of this export vouch for: every file, and every line of the record but themselves."""
    return canonical(
        {
            "schema": "bareme-bundle/1",
            "kind": str(kind),
            "created_at": moment(at),
            "software": scoring.__version__,
            "decisions": [str(decision.pk) for decision in file.decisions],
            "lines": [line.hash for line in file.lines],
            "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        }
    )
