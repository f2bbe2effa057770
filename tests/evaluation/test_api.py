"""Judging and deciding over the API, and scoring a case that is not stored."""

import csv
import io
import json
from typing import Any

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

import scoring
from procurement.evaluation.models import AbnormallyLowExplanation, Decision, LiftedBlock, Mark, ScoreSheet
from procurement.people.models import User
from procurement.policies.models import PolicyVersion
from procurement.tenders.models import Lot
from tests.evaluation.conftest import REASON, with_findings
from tests.evaluation.test_present import BONUSES, TWO, reading


def as_(person: User) -> APIClient:
    client = APIClient(headers={"Accept-Language": "en"})
    client.force_authenticate(person)
    return client


def post(person: User, name: str, lot: Lot, **body: Any) -> Any:
    return as_(person).post(reverse(f"lot-{name}", args=[lot.pk]), body, format="json")


def test_a_lot_is_scored_awarded_and_exported(lot: Lot, buyer: User) -> None:
    scored = post(buyer, "score", lot)
    assert scored.status_code == 201
    sheet = scored.json()
    assert sheet["sheet"]["winner"] == "alpha"

    decided = post(buyer, "award", lot, bid="alpha", sheet=sheet["id"], reason=REASON)

    assert decided.status_code == 201
    assert (decided.json()["bid"], decided.json()["tenderer"]) == ("alpha", "MedTech Loire")
    address = reverse("decision-export", args=[decided.json()["id"]])
    assert address.endswith("/export.csv")
    for accept in ("*/*", "text/csv"):
        answer = as_(buyer).get(address, headers={"Accept": accept})
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
        assert rows[0] == ["Status", "In force"]
        assert ["Awarded to", "MedTech Loire"] in rows
        assert [row[1] for row in rows if row and row[0] in ("1", "2", "3")] == ["alpha", "beta", "gamma"]


def test_a_french_caller_reads_in_french_what_is_wrong_with_a_case(buyer: User) -> None:
    client = APIClient(headers={"Accept-Language": "fr"})
    client.force_authenticate(buyer)

    answer = client.post(
        reverse("score"), {"schema": "bareme-case/1", "tender": [], "criteria": [], "bids": "none"}, format="json"
    )

    assert answer.status_code == 400
    assert [(error["pointer"], error["message"]) for error in answer.json()["errors"]] == [
        ("/tender", "Il faut ici un objet, et non une liste."),
        ("/criteria", "La liste est vide\u00a0; donnez au moins un critère."),
        ("/bids", 'Il faut ici une liste, et non "none".'),
    ]
    assert answer.json()["detail"].endswith("Il faut ici un objet, et non une liste.")


def test_the_exported_points_add_up_to_the_exported_total(decision: Decision, buyer: User) -> None:
    answer = as_(buyer).get(reverse("decision-export", args=[decision.pk]))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    header = next(row for row in rows if row[:2] == ["Rank", "Bid"])
    first, last = header.index("Evaluated price") + 1, header.index("Total")

    for row in rows[rows.index(header) + 1 : rows.index(header) + 4]:
        assert round(sum(float(points) for points in row[first:last]), 6) == float(row[last])


def test_a_supplier_named_like_a_formula_is_exported_as_text(lot: Lot, buyer: User) -> None:
    lot.bids.get(key="alpha").supplier.__class__.objects.filter(name="MedTech Loire").update(name="=HYPERLINK(1)")
    sheet = post(buyer, "score", lot).json()
    decision = post(buyer, "award", lot, bid="alpha", sheet=sheet["id"], reason="@SUM(1)").json()

    text = as_(buyer).get(reverse("decision-export", args=[decision["id"]])).content.decode("utf-8-sig")

    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert "'=HYPERLINK(1)" in cells
    assert "'@SUM(1)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "@"))]


def test_a_refusal_is_a_sentence_with_its_findings(lot: Lot, sheet: ScoreSheet, buyer: User) -> None:
    blocked = with_findings(sheet, "ipi-2025-1197")

    answer = post(buyer, "award", lot, bid="alpha", sheet=blocked.pk, reason=REASON)

    assert answer.status_code == 409
    assert answer.json()["detail"].startswith("A finding blocks the award")
    assert [error["code"] for error in answer.json()["errors"]] == ["ipi-2025-1197"]
    assert "MedTech Loire" in answer.json()["errors"][0]["sentence"]


def test_a_missing_mark_is_answered_with_its_place_and_may_be_given(lot: Lot, buyer: User) -> None:
    lot.bids.get(key="beta").marks.get(criterion__key="quality").delete()

    refused = post(buyer, "score", lot)
    assert (refused.status_code, "POST /api/v1/lots/" in refused.json()["detail"]) == (409, True)
    [missing] = refused.json()["errors"]
    assert (missing["bid"], missing["criterion"]) == ("beta", "quality")
    given = post(buyer, "mark", lot, bid="beta", criterion="quality", value="7.25", reason="Tried by the ward.")
    assert (given.status_code, given.json()["value"]) == (201, "7.25")
    assert post(buyer, "score", lot).status_code == 201


def test_a_mark_that_was_read_before_another_was_given_replaces_nothing(lot: Lot, buyer: User, second: User) -> None:
    place = {"bid": "beta", "criterion": "quality"}
    first = post(buyer, "mark", lot, **place, value="7", reason="Tried by the ward.").json()
    later = post(second, "mark", lot, **place, value="8", reason="Tried again.", read=first["version"])
    assert later.status_code == 201

    for read in (0, first["version"]):
        refused = post(buyer, "mark", lot, **place, value="6", reason="One batch leaked.", read=read)
        assert (refused.status_code, "Tried again." in refused.json()["detail"]) == (409, True)
    assert lot.bids.get(key="beta").marks.get(criterion__key="quality").value == 8

    read = later.json()["version"]
    assert post(buyer, "mark", lot, **place, value="6", reason="One batch leaked.", read=read).status_code == 201


def test_a_block_is_lifted_by_a_second_person(lot: Lot, sheet: ScoreSheet, buyer: User, second: User) -> None:
    with_findings(sheet, "ipi-2025-1197")
    body = {"code": "ipi-2025-1197", "reason": "No other bid complies."}

    assert post(buyer, "lift-block", lot, **body).status_code == 409
    answer = post(second, "lift-block", lot, **body)
    assert (answer.status_code, answer.json()["lifted"][0]["code"]) == (201, "ipi-2025-1197")
    assert LiftedBlock.objects.count() == 1


def test_explanations_are_recorded(lot: Lot, sheet: ScoreSheet, buyer: User) -> None:
    body = {"bid": "beta", "request": "How?", "answer": "Thus.", "conclusion": "accepted"}

    assert post(buyer, "explain-abnormally-low", lot, **body).json() == body
    [kept] = as_(buyer).get(reverse("lot-explain-abnormally-low", args=[lot.pk])).json()
    assert {name: kept[name] for name in body} == body
    assert AbnormallyLowExplanation.objects.get().bid.key == "beta"


def test_a_lot_is_ended(lot: Lot, buyer: User) -> None:
    answer = post(buyer, "end", lot, outcome="without_follow_up", reason="The need is gone.")

    assert (answer.status_code, answer.json()["outcome"], answer.json()["bid"]) == (201, "without_follow_up", None)


def test_simulations_open_after_the_decision(
    lot: Lot, sheet: ScoreSheet, proposal: PolicyVersion, buyer: User, award: Any
) -> None:
    assert post(buyer, "simulate", lot, policy_version=proposal.pk).status_code == 409
    award()
    answer = post(buyer, "simulate", lot, policy_version=proposal.pk)
    assert (answer.status_code, answer.json()["purpose"], answer.json()["withheld"]) == (201, "simulation", [])
    assert post(buyer, "simulate", lot, policy_version=None).json()["sheet"]["policy"] is None


def test_sheets_are_listed_without_and_read_with_their_documents(lot: Lot, sheet: ScoreSheet, buyer: User) -> None:
    [line] = as_(buyer).get(reverse("sheet-list"), {"lot": lot.pk, "purpose": "published_rules"}).json()["results"]
    whole = as_(buyer).get(reverse("sheet-detail", args=[sheet.pk])).json()

    assert line.items() <= whole.items()
    assert "sheet" not in line
    assert whole["case"] == sheet.case
    assert (whole["case_sha256"], whole["sheet_sha256"]) == (sheet.case_sha256, sheet.sheet_sha256)


def test_decisions_are_listed_and_filtered(lot: Lot, decision: Decision, buyer: User) -> None:
    for parameters, found in (({"outcome": "awarded"}, 1), ({"outcome": "unsuccessful"}, 0), ({"lot": lot.pk}, 1)):
        assert as_(buyer).get(reverse("decision-list"), parameters).json()["count"] == found


def test_another_hospital_finds_nothing(lot: Lot, decision: Decision, stranger: User) -> None:
    client = as_(stranger)

    for name, pk in (("sheet", decision.sheet_id), ("decision", decision.pk), ("lot", lot.pk)):
        assert client.get(reverse(f"{name}-detail", args=[pk])).status_code == 404
        assert client.get(reverse(f"{name}-list")).json()["count"] == 0
    assert client.get(reverse("decision-export", args=[decision.pk])).status_code == 404
    for name in ("score", "end", "simulate", "award", "lift-block", "mark", "take-marks", "explain-abnormally-low"):
        assert post(stranger, name, lot).status_code in (400, 404), name
    assert Decision.objects.count() == 1


def test_an_auditor_reads_and_exports_but_decides_nothing(lot: Lot, decision: Decision, auditor: User) -> None:
    client = as_(auditor)

    assert client.get(reverse("sheet-detail", args=[decision.sheet_id])).status_code == 200
    assert client.get(reverse("decision-export", args=[decision.pk])).status_code == 200
    for name in ("score", "end", "simulate", "award", "lift-block", "mark", "take-marks", "explain-abnormally-low"):
        assert post(auditor, name, lot).status_code == 403, name


@pytest.mark.django_db
class TestStatelessScoring:
    """`POST /api/v1/score/`."""

    def ask(self, body: str, person: User) -> Any:
        return as_(person).post(reverse("score"), body, content_type="application/json")

    def test_a_case_is_answered_with_its_sheet_and_nothing_is_stored(self, buyer: User) -> None:
        read = reading(*TWO, rules=BONUSES)

        answer = self.ask(json.dumps(read.case), buyer)

        assert (answer.status_code, answer.json()) == (200, scoring.evaluate(read.case))
        assert not ScoreSheet.objects.exists()

    @pytest.mark.parametrize(
        ("body", "pointer", "said"),
        [
            ("{", "", "not JSON"),
            ("", "/schema", "missing"),
            ('{"schema": "bareme-case/1", "schema": "bareme-case/1"}', "/schema", "more than once"),
            ('{"rounding": {"decimals": 1.5}}', "/rounding/decimals", "strings"),
            ("[]", "", "object"),
            ("{}", "/bids", "missing"),
        ],
    )
    def test_a_bad_case_is_answered_with_every_problem(self, buyer: User, body: str, pointer: str, said: str) -> None:
        answer = self.ask(body, buyer)

        assert answer.status_code == 400
        assert any(e["pointer"] == pointer and said in e["message"] for e in answer.json()["errors"]), answer.json()

    def test_a_tender_that_is_not_named_by_a_text_is_a_problem_like_any_other(self, buyer: User) -> None:
        case = reading(*TWO).case

        for tender in ([], None, {**case["tender"], "id": ["x"]}):
            answer = self.ask(json.dumps({**case, "tender": tender}), buyer)
            assert answer.status_code == 400
            assert answer.json()["errors"][0]["pointer"].startswith("/tender")

    def test_a_case_too_large_to_wait_for_is_refused(self, buyer: User) -> None:
        answer = self.ask(json.dumps({"bids": [{}] * 201}), buyer)

        assert answer.status_code == 400
        assert "command line" in answer.json()["detail"]

    def test_somebody_who_is_not_logged_in_is_refused(self) -> None:
        assert APIClient().post(reverse("score"), "{}", content_type="application/json").status_code == 401


def test_the_marks_that_stand_are_read_with_their_reasons_and_versions(lot: Lot, buyer: User, auditor: User) -> None:
    address = reverse("lot-mark", args=[lot.pk])

    told = as_(buyer).get(address).json()

    assert [(each["bid"], each["criterion"], each["value"]) for each in told] == [
        (mark.bid.key, mark.criterion.key, str(mark.value))
        for mark in Mark.objects.select_related("bid", "criterion").order_by("bid__key", "criterion")
    ]
    assert all(each["reason"] and each["version"] for each in told)
    changed = {name: told[0][name] for name in ("bid", "criterion")} | {"value": "1", "reason": "Tried again."}
    assert post(buyer, "mark", lot, **changed, read=told[0]["version"]).status_code == 201
    assert post(buyer, "mark", lot, **changed | {"value": "2"}, read=told[0]["version"]).status_code == 409
    assert as_(auditor).get(address).json()[0]["value"] == "1"
