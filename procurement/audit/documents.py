"""The files of a bundle that its manifest lists (docs/bundle.md), from the rows of a dossier."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from procurement.audit.bundles import Kind
from procurement.audit.dossier import Dossier
from procurement.audit.proofs import proofs_listed
from procurement.audit.redaction import secrets_of
from procurement.evaluation.commitment import redacted
from procurement.evaluation.evidence import decision_document, sheet_digest
from procurement.evaluation.models import Decision, ScoreSheet
from procurement.ledger.reasons import COMMITMENT
from procurement.people.refusals import Refused
from scoring.canonical import canonical, sha256

Document = dict[str, Any]
Files = dict[str, bytes]
Progress = Callable[[int, int], None]
VERIFIER = Path(__file__).with_name("verify.py")
DECIDED, SCORED = ("lot.awarded", "lot.ended"), ("lot.scored", "lot.simulated")


def files_of(dossier: Dossier, kind: Kind, progress: Progress) -> Files:
    """Every file but the manifest and those of the ledger; raises Refused for what the record cannot vouch for.

    ``progress`` hears after each decision how many are written, of how many.
    """
    recorded = {(line.action, line.object, line.after) for line in dossier.lines}
    _require_commitments(dossier)
    files = {
        "documents.json": canonical(proofs_listed(dossier, kind)),
        "verify.py": VERIFIER.read_bytes(),
        **{_policy_name(version.document): canonical(version.document) for version in dossier.policies},
    }
    told: list[tuple[str, ScoreSheet]] = []
    for done, decision in enumerate(dossier.decisions, start=1):
        folder = f"decisions/{decision.pk}"
        files |= _decision(folder, decision, dossier, recorded)
        for sheet in dossier.sheets.get(decision.lot_id, []):
            if any((action, f"tenders.Lot:{sheet.lot_id}", sheet_digest(sheet)) in recorded for action in SCORED):
                place = f"{folder}/sheets/{sheet.number}"
                files |= _sheet(place, sheet, kind, decision)
                told.append((place, sheet))
        progress(done, len(dossier.decisions))
    files["parameters.json"] = canonical(_legal_values(told))
    return files


def _require_commitments(dossier: Dossier) -> None:
    """What was recorded before bundles existed none can prove: sheets had no root, reasons stood in the lines."""
    for line in dossier.lines:
        if line.reason and not COMMITMENT.fullmatch(line.reason):
            raise Refused(
                _("Line %(sequence)d of the record holds its reason itself, as lines once did: no bundle can hold it.")
                % {"sequence": line.sequence}
            )
    for decision in dossier.decisions:
        for sheet in dossier.sheets.get(decision.lot_id, []):
            if not hasattr(sheet, "evidence"):
                raise Refused(
                    _("Sheet %(number)d of %(lot)s was scored before cases had commitments: no bundle can hold it.")
                    % {"number": sheet.number, "lot": decision.lot}
                )


def _decision(
    folder: str, decision: Decision, dossier: Dossier, recorded: set[tuple[str, str, str]]
) -> Iterator[tuple[str, bytes]]:
    """The decision, the rules its lot was published with and announced, and the hashes of those of the whole tender."""
    document = decision_document(decision, dossier.lifted.get(decision.lot_id, []))
    digest = sha256(document)
    if not any((action, document["lot"], digest) in recorded for action in DECIDED):
        raise Refused(
            _("The record holds no line of the decision on %(lot)s as it stands: no bundle can hold it.")
            % {"lot": decision.lot}
        )
    yield f"{folder}/decision.json", canonical(document)
    yield f"{folder}/rules.json", canonical(decision.lot.rules)
    tender = {"lots": dossier.lots[decision.lot.tender_id]}
    if announced := dossier.announced.get(decision.lot.tender_id):
        tender["announced"] = announced
        yield f"{folder}/announcement.json", canonical(dossier.announcements[decision.lot_id])
    yield f"{folder}/tender.json", canonical(tender)


def _sheet(place: str, sheet: ScoreSheet, kind: Kind, decision: Decision) -> Iterator[tuple[str, bytes]]:
    """The sheet, and its case whole with the key of its salts, or with its secrets hidden."""
    root, key = sheet.evidence.case_root, sheet.evidence.commitment_key
    yield f"{place}/sheet.json", canonical(sheet.sheet)
    if kind == Kind.FULL:
        yield f"{place}/case.json", canonical(sheet.case)
        commitment = {"schema": "bareme-commitment/1", "case_root": root, "key": key}
        yield f"{place}/commitment.json", canonical(commitment)
    else:
        awarded = decision.bid.key if decision.bid else None
        yield f"{place}/case.redacted.json", canonical(redacted(sheet.case, key, secrets_of(sheet.case, awarded)))


def _legal_values(told: list[tuple[str, ScoreSheet]]) -> list[Document]:
    """The legal values the guards of the sheets looked at, each once, with the folders of those sheets."""
    values: dict[str, Document] = {}
    for place, sheet in told:
        for value in sheet.evidence.legal_values:
            values.setdefault(sha256(value), {**value, "sheets": []})["sheets"].append(place)
    return sorted(values.values(), key=lambda value: (value["key"], value["valid_from"] or "", canonical(value)))


def _policy_name(document: Document) -> str:
    return f"policies/{document['id']}-{document['version']}.json"
