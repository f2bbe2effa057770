"""Scoring a lot: from rows to a stored sheet, and only under the published rules while it is open."""

import json
import subprocess
import sys
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

import scoring
from procurement.evaluation import case, services
from procurement.evaluation.evidence import sheet_digest
from procurement.evaluation.models import ScoreSheet
from procurement.ledger.models import Line
from procurement.ledger.services import name_of
from procurement.people.models import User
from procurement.people.refusals import Refused
from procurement.policies.models import PolicyVersion
from procurement.tenders import services as tenders
from procurement.tenders.models import Criterion, Lot, Stage
from tests.evaluation.conftest import LATER, NOW, published_lot
from tests.ledger.told import reason_of


def test_scoring_stores_the_sheet_of_the_case_with_its_hashes(lot: Lot, sheet: ScoreSheet) -> None:
    assert sheet.sheet == scoring.evaluate(sheet.case)
    assert (sheet.case_sha256, sheet.sheet_sha256) == (scoring.sha256(sheet.case), scoring.sha256(sheet.sheet))
    assert (sheet.number, sheet.purpose, sheet.software) == (1, "published_rules", scoring.__version__)
    assert [row["bid"] for row in sheet.sheet["ranking"]] == ["alpha", "beta", "gamma"]
    lot.refresh_from_db()
    assert (lot.stage, lot.tender.stage) == (Stage.EVALUATED, Stage.EVALUATED)


def test_the_exported_case_gives_the_same_sheet_at_the_command_line(sheet: ScoreSheet, tmp_path: Any) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(sheet.case), encoding="utf-8")
    command = [sys.executable, "-m", "scoring", "evaluate", str(file)]

    printed = subprocess.run(command, capture_output=True, check=True, text=True).stdout

    assert json.loads(printed) == ScoreSheet.objects.get().sheet


def test_the_case_holds_marks_facts_and_the_policy_of_the_published_rules(sheet: ScoreSheet) -> None:
    assert sheet.case["policy"] == sheet.policy_version.document
    assert sheet.case["assessed_on"] == "2026-11-02"
    assert sheet.case["bids"][0]["marks"] == {"quality": "8", "carbon": "4"}
    assert sheet.case["facts"] == {
        "buyer_category": "sub_central",
        "ipi_announced": False,
        "ipi_exception": None,
        "published_policy": {"id": "environment-2026", "version": 1},
        "purpose": "award",
        "abnormally_low_explanations": [],
        "self_assessed_marks": [],
    }


def test_scoring_again_adds_a_sheet_and_keeps_the_first(lot: Lot, sheet: ScoreSheet, buyer: User) -> None:
    again = services.score(lot=lot, by=buyer, at=LATER)

    assert [kept.number for kept in lot.sheets.all()] == [1, 2]
    assert ScoreSheet.objects.get(number=1).sheet == sheet.sheet
    last = Line.objects.filter(action="lot.scored").last()
    assert (last.object, last.before, last.after) == (name_of(lot), sheet_digest(sheet), sheet_digest(again))


def test_the_database_refuses_to_change_or_delete_a_sheet(sheet: ScoreSheet) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ScoreSheet.objects.update(software="other")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ScoreSheet.objects.all()._raw_delete(using="default")


def test_rows_changed_after_the_publication_do_not_change_the_rules(lot: Lot, buyer: User) -> None:
    Criterion.objects.filter(lot=lot, key="price").update(title="Something else")

    sheet = services.score(lot=lot, by=buyer, at=NOW)

    assert sheet.case["criteria"][0]["title"] == "Price"


def test_rules_whose_hash_differs_are_refused(lot: Lot) -> None:
    lot.rules = {**lot.rules, "rounding": {"decimals": 4}}

    with pytest.raises(Refused, match="not those that were published"):
        case.build(lot, purpose="award", assessed_on=NOW.date())


def test_a_policy_that_is_not_the_published_one_is_refused(lot: Lot, proposal: PolicyVersion) -> None:
    lot.policy_version = proposal

    with pytest.raises(Refused, match="not the one that was published"):
        case.build(lot, purpose="award", assessed_on=NOW.date())


def test_a_lot_without_a_mark_is_refused_with_the_place_of_what_is_missing(lot: Lot, buyer: User) -> None:
    lot.bids.get(key="beta").marks.get(criterion__key="quality").delete()

    with pytest.raises(Refused, match="give them over the API") as refusal:
        services.score(lot=lot, by=buyer, at=NOW)

    assert [problem["message"] for problem in refusal.value.details] == ["Nordmed – Technical value"]
    assert not ScoreSheet.objects.exists()
    assert Lot.objects.get().stage == Stage.OPENED


def test_a_lot_that_nobody_marked_leads_to_its_panel(lot: Lot, buyer: User) -> None:
    for bid in lot.bids.all():
        bid.marks.all().delete()

    with pytest.raises(Refused, match="seat the panel") as refusal:
        services.score(lot=lot, by=buyer, at=NOW)

    assert len(refusal.value.details) == 6


def test_a_lot_is_not_scored_before_the_opening(buyer: User, lot: Lot) -> None:
    Lot.objects.update(stage=Stage.PUBLISHED)

    with pytest.raises(Refused, match="not opened yet"):
        services.score(lot=lot, by=buyer, at=NOW)


def test_a_decided_lot_is_not_scored_again(lot: Lot, decision: object, buyer: User) -> None:
    with pytest.raises(Refused, match="is decided"):
        services.score(lot=lot, by=buyer, at=LATER)


def test_another_hospital_cannot_score_or_simulate(lot: Lot, stranger: User) -> None:
    with pytest.raises(PermissionDenied):
        services.score(lot=lot, by=stranger, at=NOW)
    with pytest.raises(PermissionDenied):
        services.simulate(lot=lot, policy_version=None, by=stranger, at=NOW)


def test_an_auditor_cannot_score(lot: Lot, auditor: User) -> None:
    with pytest.raises(PermissionDenied):
        services.score(lot=lot, by=auditor, at=NOW)


def test_no_other_rule_is_computed_while_the_procedure_is_open(
    lot: Lot, sheet: ScoreSheet, proposal: PolicyVersion, buyer: User
) -> None:
    for version in (proposal, None):
        with pytest.raises(Refused, match="only its published rules"):
            services.simulate(lot=lot, policy_version=version, by=buyer, at=NOW)
    assert lot.sheets.count() == 1


def test_after_the_decision_a_proposal_is_simulated_and_recorded(
    lot: Lot, decision: object, proposal: PolicyVersion, buyer: User
) -> None:
    sheet = services.simulate(lot=lot, policy_version=proposal, by=buyer, at=LATER)

    assert (sheet.number, sheet.purpose, sheet.policy_version) == (2, "simulation", proposal)
    assert sheet.case["facts"]["purpose"] == "simulation"
    line = Line.objects.last()
    assert (line.action, line.after, reason_of(line)) == ("lot.simulated", sheet_digest(sheet), "proposal-2020 1")


def test_a_draft_version_is_not_simulated(lot: Lot, decision: object, proposal: PolicyVersion, buyer: User) -> None:
    PolicyVersion.objects.filter(pk=proposal.pk).update(state="retired")

    with pytest.raises(Refused, match="approved"):
        services.simulate(lot=lot, policy_version=proposal, by=buyer, at=LATER)


def test_a_training_copy_is_scored_and_simulated_but_never_awarded(
    lot: Lot, decision: object, proposal: PolicyVersion, buyer: User
) -> None:
    copy = tenders.copy_for_training(tender=lot.tender, by=buyer, at=LATER)
    trained = copy.lots.get()
    services.take_marks(lot=trained, by=buyer, at=LATER)

    sheet = services.score(lot=trained, by=buyer, at=LATER)
    services.simulate(lot=trained, policy_version=proposal, by=buyer, at=LATER)

    assert sheet.case["facts"]["purpose"] == "simulation"
    with pytest.raises(Refused, match="training copy"):
        services.award(lot=trained, bid=trained.bids.first(), sheet=sheet, reason="Trying.", by=buyer, at=LATER)
    with pytest.raises(Refused, match="training copy"):
        services.end(lot=trained, outcome="without_follow_up", reason="Trying.", by=buyer, at=LATER)


def test_a_lot_without_bids_is_scored_without_a_winner(buyer: User) -> None:
    lot = published_lot(buyer)

    sheet = services.score(lot=lot, by=buyer, at=NOW)

    assert (sheet.sheet["winner"], sheet.sheet["ranking"]) == (None, [])
