"""The report of a decided lot: all that led to the decision, and what is left to the buyer, in French."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from procurement.evaluation import services
from procurement.evaluation.models import Decision, ScoreSheet
from procurement.evaluation.report.composition import compose
from procurement.evaluation.report.threshold import reached
from procurement.people.models import User
from procurement.people.roles import Role
from procurement.tenders import services as tenders
from procurement.tenders.models import Lot
from tests.evaluation.conftest import LATER, NOW, OFFERS, REASON, enter, published_lot, with_findings
from tests.evaluation.test_letters import award, excluded, text
from tests.factories import MembershipFactory
from tests.tenders import documents
from tests.tenders.consortia import member, together

Award = Callable[..., Decision]


def report(decision: Decision) -> str:
    """Every word of the report, ordinary spaces for the others."""
    return text(compose(Decision.objects.get(pk=decision.pk)))


def test_the_report_says_who_bid_who_won_and_why(decision: Decision) -> None:
    told = report(decision)
    for said in ("CHU Nantes", "MedTech Loire", "Nordmed", "Pacific Care", REASON, "Retenue", "Classée, non retenue"):
        assert said in told
    for row in decision.sheet.sheet["ranking"]:
        assert row["total"].replace(".", ",") in told


def test_it_carries_the_hashes_of_what_it_rests_on_and_who_did_what(decision: Decision, lot: Lot) -> None:
    told, sheet = report(decision), decision.sheet
    for digest in (lot.rules_sha256, sheet.policy_version.sha256, sheet.case_sha256, sheet.sheet_sha256):
        assert digest in told
    assert "Notation, fiche 1 | Camille Achat" in told
    assert "Décision | Camille Achat" in told


def test_an_excluded_bid_stands_in_it_with_its_reason(lot: Lot, buyer: User) -> None:
    excluded(lot, "gamma", "irregular", buyer)
    told = report(award(lot, buyer))
    assert "Éliminée" in told
    assert "Pacific Care : Irrégulière (La fiche technique manque.)" in told


def test_a_lifted_block_is_printed_with_the_reason_of_the_second_person(
    lot: Lot, sheet: ScoreSheet, award: Award, second: User
) -> None:
    blocked = with_findings(sheet, "ipi-2025-1197")
    services.lift_block(lot=lot, code="ipi-2025-1197", reason="Hors du champ.", by=second, at=NOW)
    told = report(award(sheet=blocked))
    assert "Levé par Sacha Second" in told
    assert "Hors du champ." in told


def test_an_explained_price_is_told_with_the_question_the_answer_and_what_followed(lot: Lot, buyer: User) -> None:
    asked = {"request": "Justifiez le prix.", "answer": "Stock ancien.", "conclusion": "accepted"}
    services.explain_abnormally_low(bid=lot.bids.get(key="beta"), **asked, by=buyer, at=NOW)
    told = report(award(lot, buyer))
    assert "Nordmed – demandé : Justifiez le prix." in told
    assert "Nordmed – réponse : Stock ancien." in told


def test_a_declared_conflict_is_told_without_what_the_interest_is(buyer: User) -> None:
    lot = published_lot(buyer, lots=[documents.lot()])
    hospital = lot.tender.contracting_body
    one, other = (MembershipFactory(hospital=hospital, user__role=Role.EVALUATOR).user for _each in range(2))
    for person in (one, other):
        services.seat(lot=lot, person=person, by=buyer, at=NOW)
    services.declare_interests(lot=lot, conflict=True, text="Mon frère vend des gants.", by=one, at=NOW)
    decision = services.end(lot=lot, outcome="without_follow_up", reason="Besoin disparu.", by=buyer, at=LATER)
    told = report(decision)
    assert f"{one} | Conflit déclaré : le lot lui est fermé" in told
    assert f"{other} | Aucune déclaration." in told
    assert "frère" not in told


def test_what_the_portal_does_not_know_is_left_to_the_buyer(decision: Decision) -> None:
    told = report(decision).partition("À compléter par l'acheteur")[2]
    assert "sous-traiter" in told
    assert "conflits d'intérêts décelés hors du jury" in told


@pytest.mark.parametrize(
    ("cents", "asked", "title"),
    [
        (21_600_000, True, "Rapport de présentation"),
        (21_599_999, False, "Synthèse de la procédure"),
        (None, None, "Rapport de présentation"),
    ],
)
def test_below_the_european_threshold_it_is_a_summary(
    cents: int | None, asked: bool | None, title: str, decision: Decision
) -> None:
    found = Decision.objects.get(pk=decision.pk)
    found.lot.tender.estimated_value_cents = cents
    assert reached(found.lot.tender) is asked
    told = compose(found)
    assert told["title"].startswith(title)
    assert ("la valeur estimée de la procédure" in text(told)) is (cents is None)


def test_a_lot_without_bids_has_its_report(buyer: User) -> None:
    lot = published_lot(buyer, lots=[documents.lot()])
    told = report(services.end(lot=lot, outcome="unsuccessful", reason="Aucune offre.", by=buyer, at=LATER))
    assert "Aucune offre n'a été saisie" in told
    assert "infructueux" in told


def test_a_simulation_never_appears_in_it(decision: Decision, buyer: User, proposal: Any) -> None:
    before = report(decision)
    services.simulate(lot=decision.lot, policy_version=proposal, by=buyer, at=LATER)
    assert report(decision) == before


def test_a_subcontractor_of_the_winner_is_named_and_not_asked_for(buyer: User) -> None:
    lot = published_lot(buyer, lots=[documents.lot()])
    enter(lot, OFFERS, buyer)
    named = together(member("Nordmed", "subcontractor", "0.2"))
    tenders.record_members(bid=lot.bids.get(key="alpha"), document=named, by=buyer, at=NOW)
    told = report(award(lot, buyer))
    assert "Sous-traitant déclaré dans l'offre retenue : Nordmed, part : 20 %." in told
    assert "entend sous-traiter" not in told


def test_the_page_and_the_file_say_the_same(decision: Decision, buyer: User, auditor: User, stranger: User) -> None:
    client = Client(headers={"accept-language": "en"})
    for person in (buyer, auditor):
        client.force_login(person)
        shown = client.get(reverse("evaluation:report", args=[decision.pk])).content.decode()
        assert "To be completed and signed by the buyer." in shown
        assert decision.sheet.sheet_sha256 in shown
    files = [client.get(reverse("evaluation:report_docx", args=[decision.pk])).content for _twice in range(2)]
    assert files[0] == files[1]
    headings = [p.text for p in Document(BytesIO(files[0])).paragraphs if p.style.name == "Heading 1"]
    assert all(f">{heading}</h3>" in shown.replace("&#x27;", "'") for heading in headings)
    client.force_login(stranger)
    for name in ("report", "report_docx"):
        assert client.get(reverse(f"evaluation:{name}", args=[decision.pk])).status_code == 404
