"""What the record keeps of a sheet and of a decision can be told again from the rows, and its key by no door."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

import scoring
from procurement.evaluation import services
from procurement.evaluation.commitment import case_root
from procurement.evaluation.evidence import decision_document, sheet_digest
from procurement.evaluation.models import Decision, ScoreSheet, SheetEvidence
from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.tenders.models import Lot
from scoring.canonical import sha256
from tests.evaluation.conftest import LATER, NOW, REASON, with_findings
from tests.repository.files import texts

BLOCK = "ipi-2025-1197"


def test_the_line_of_a_sheet_names_its_case_the_root_of_the_case_and_itself(sheet: ScoreSheet) -> None:
    evidence = SheetEvidence.objects.get()
    root = case_root(sheet.case, evidence.commitment_key)
    named = {"case": sha256(sheet.case), "case_root": root, "sheet": sha256(sheet.sheet)}
    assert Line.objects.get(action="lot.scored").after == sha256(named)


def test_every_sheet_has_a_key_of_its_own(lot: Lot, sheet: ScoreSheet, buyer: User) -> None:
    again = services.score(lot=lot, by=buyer, at=NOW)
    assert again.case == sheet.case
    assert again.evidence.commitment_key != sheet.evidence.commitment_key
    assert again.evidence.case_root != sheet.evidence.case_root


def test_the_legal_values_are_those_the_guards_looked_at(sheet: ScoreSheet) -> None:
    told = SheetEvidence.objects.get().legal_values
    assert told == [value.as_json() for value in scoring.evaluate_with_law(sheet.case)[1]]
    assert {value["mark"] for value in told} <= {"P", "S", "R"}
    assert told


def test_the_database_refuses_to_change_or_delete_evidence(sheet: ScoreSheet) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        SheetEvidence.objects.update(case_root="0" * 64)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        SheetEvidence.objects.all().delete()


def test_a_sheet_of_before_is_named_by_its_hash(lot: Lot, sheet: ScoreSheet, buyer: User) -> None:
    older = with_findings(sheet)
    assert sheet_digest(older) == older.sheet_sha256
    services.score(lot=lot, by=buyer, at=LATER)
    assert Line.objects.filter(action="lot.scored").last().before == older.sheet_sha256


def test_the_line_of_an_award_is_the_hash_of_its_document(decision: Decision) -> None:
    stored = Decision.objects.get()
    document = decision_document(stored, list(stored.lot.lifted_blocks.all()))
    line = Line.objects.get(action="lot.awarded")
    assert (line.after, line.before) == (sha256(document), stored.sheet.sheet_sha256)
    assert document == {
        "schema": "bareme-decision/1",
        "id": str(stored.pk),
        "lot": f"tenders.Lot:{stored.lot_id}",
        "tender": f"tenders.Tender:{stored.lot.tender_id}",
        "outcome": "awarded",
        "bid": "alpha",
        "sheet": 1,
        "draw": "",
        "reason": REASON,
        "decided_at": "2026-11-03T09:00:00.000000+00:00",
        "lifted": [],
    }


def test_an_award_names_the_lifted_blocks_it_rests_on(
    lot: Lot, sheet: ScoreSheet, award: Callable[..., Decision], second: User, buyer: User
) -> None:
    blocked = with_findings(sheet, BLOCK)
    [lift] = services.lift_block(lot=lot, code=BLOCK, reason="An exception holds.", by=second, at=NOW)
    award(sheet=blocked)
    stored = Decision.objects.get()
    document = decision_document(stored, list(stored.lot.lifted_blocks.all()))
    assert Line.objects.get(action="lot.awarded").after == sha256(document)
    [told] = document["lifted"]
    assert told == {
        "code": BLOCK,
        "finding_sha256": lift.finding_sha256,
        "reason": "An exception holds.",
        "lifted_at": "2026-11-02T09:00:00.000000+00:00",
    }


def test_an_end_rests_on_no_lifted_block(lot: Lot, sheet: ScoreSheet, second: User, buyer: User) -> None:
    with_findings(sheet, BLOCK)
    services.lift_block(lot=lot, code=BLOCK, reason="An exception holds.", by=second, at=NOW)
    services.end(lot=lot, outcome="without_follow_up", reason="The need is gone.", by=buyer, at=LATER)
    stored = Decision.objects.get()
    document = decision_document(stored, list(stored.lot.lifted_blocks.all()))
    assert Line.objects.get(action="lot.ended").after == sha256(document)
    assert (document["lifted"], document["bid"], document["sheet"]) == ([], None, 2)


def test_the_key_of_the_salts_leaves_by_no_door(decision: Decision, buyer: User, auditor: User) -> None:
    lot, sheet = decision.lot_id, decision.sheet
    key = sheet.evidence.commitment_key
    doors = [
        reverse("evaluation:lot", args=[lot]),
        reverse("evaluation:ranking_csv", args=[lot, sheet.number]),
        reverse("evaluation:sheet_json", args=[lot, sheet.number]),
        reverse("evaluation:decision", args=[decision.pk]),
        *[reverse(f"{name}-list") for name in ("sheet", "decision", "lot")],
        *[reverse(f"{name}-detail", args=[pk]) for name, pk in (("sheet", sheet.pk), ("decision", decision.pk))],
    ]
    for person in (buyer, auditor):
        client = Client()
        client.force_login(person)
        for door in doors:
            answer = client.get(door)
            assert answer.status_code == 200, door
            assert key not in answer.content.decode(), door


def test_only_these_files_speak_of_the_key() -> None:
    named = {
        path.as_posix()
        for path, text in texts(".py", ".html", under="procurement/").items()
        if "commitment_key" in text
    }
    named |= {path.as_posix() for path, text in texts(".html", under="templates/").items() if "commitment_key" in text}
    assert {name for name in named if "/migrations/" not in name} <= {
        "procurement/evaluation/models/judging.py",
        "procurement/evaluation/services/sheets.py",
        "procurement/audit/documents.py",
    }
