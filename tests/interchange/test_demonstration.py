"""The demonstration: an invented hospital group carried through the real services."""

from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from procurement.audit.requests import names_told
from procurement.evaluation import case
from procurement.evaluation.models import (
    Decision,
    Declaration,
    IndividualMark,
    Mark,
    Panelist,
    Regularisation,
    ScoreSheet,
)
from procurement.interchange.demonstration.load import load
from procurement.ledger.models import Line
from procurement.people.models import Hospital, User
from procurement.people.roles import Role
from procurement.policies.models import PolicyVersion
from procurement.tenders.models import Bid, Lot, ProofDocument, Stage, Tender
from procurement.tenders.proofs import files
from procurement.tenders.proofs.examination import examine
from procurement.tenders.proofs.expiry import had_expired, received_on
from scoring import evaluate
from tests.factories import UserFactory
from tests.standing import standing

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demonstration(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Loaded once for the tests that only look at it."""
    with standing(django_db_blocker):
        load()
        yield


def test_it_is_never_mixed_with_a_portal_in_use() -> None:
    UserFactory(username="somebody")
    with pytest.raises(CommandError, match="empty database"):
        call_command("load_demonstration")
    assert User.objects.count() == 1


def lot(reference: str, number: int) -> Lot:
    return Lot.objects.get(tender__reference=reference, number=number)


def winner(document: dict, sheet: dict) -> str:
    """The name of the tenderer that wins."""
    return next(bid["supplier"]["name"] for bid in document["bids"] if bid["id"] == sheet["winner"])


def under_the_proposal(sheet: ScoreSheet) -> dict:
    proposal = PolicyVersion.objects.get(policy__identifier="european-priority-2020")
    return evaluate({**sheet.case, "policy": proposal.document})


def test_it_has_every_role_and_every_stage_of_a_life(demonstration: None) -> None:
    assert set(User.objects.values_list("role", flat=True)) == set(Role.values)
    assert Hospital.objects.filter(group__isnull=False).count() == 3
    assert set(Lot.objects.values_list("stage", flat=True)) == set(Stage.values)
    assert Lot.objects.filter(tender__training=False).count() >= 12
    assert Tender.objects.filter(training=True).exists()


def test_the_proposal_changes_the_winner_of_the_masks_and_not_of_the_gloves(demonstration: None) -> None:
    masks, gloves = (lot("GHT-2026-003", number).decision.sheet for number in (1, 2))
    assert winner(masks.case, masks.sheet) == "Jiangnan Protective Products"
    assert winner(masks.case, under_the_proposal(masks)) == "Médimasque Bretagne"
    assert winner(gloves.case, gloves.sheet) == "Perak Glove Industries"
    assert winner(gloves.case, under_the_proposal(gloves)) == "Perak Glove Industries"


def test_the_operator_from_china_is_excluded_from_the_mri_under_the_ipi_measure(demonstration: None) -> None:
    document = case.build(lot("GHT-2026-024", 1), purpose="award", assessed_on=timezone.localdate())
    sheet = evaluate(document)
    excluded = Bid.objects.get(lot=lot("GHT-2026-024", 1), supplier__name="Huaxia Imaging")
    assert sheet["excluded"] == [{"bid": excluded.key, "reason": "ipi-2025-1197"}]
    assert not [finding for finding in sheet["findings"] if finding["severity"] == "block"]


def test_its_marks_say_that_they_are_simulated_and_the_record_is_in_the_order_of_time(demonstration: None) -> None:
    assert not Mark.objects.filter(simulated=False).exists()
    assert not IndividualMark.objects.exclude(reason__endswith="(Note simulée.)").exists()
    dated = Line.objects.exclude(action__startswith="person.").filter(action__startswith="tender.")
    moments = list(dated.order_by("sequence").values_list("at", flat=True))
    assert moments == sorted(moments)


def test_loading_it_again_changes_nothing(demonstration: None, capsys: pytest.CaptureFixture[str]) -> None:
    lines = Line.objects.count()
    call_command("load_demonstration")
    assert Line.objects.count() == lines
    assert "already there" in capsys.readouterr().out


def test_an_older_one_is_left_as_it_is_and_said_to_be_older(
    demonstration: None, capsys: pytest.CaptureFixture[str]
) -> None:
    User.objects.filter(username="evaluator3").update(username="somebody")
    lines = Line.objects.count()
    call_command("load_demonstration")
    assert Line.objects.count() == lines
    assert "An older demonstration is there, without evaluator3, and is left as it is." in capsys.readouterr().out


def test_one_panel_is_in_the_middle_of_its_work_and_another_waits_for_the_opening(demonstration: None) -> None:
    automates, negative = lot("GHT-2026-027", 1), lot("GHT-2026-029", 1)
    given = {name: marks_of(automates, name) for name in ("evaluator", "evaluator2", "evaluator3")}
    assert given == {"evaluator": 12, "evaluator2": 4, "evaluator3": 0}
    conflicts = Declaration.objects.filter(lot=automates, conflict=True)
    assert [declared.declared_by.username for declared in conflicts] == ["evaluator3"]
    assert (negative.stage, Panelist.objects.filter(panel__lot=negative).count()) == (Stage.PUBLISHED, 3)
    assert not Mark.objects.filter(bid__lot=automates).exists()


def marks_of(judged: Lot, username: str) -> int:
    return IndividualMark.objects.filter(bid__lot=judged, given_by__username=username).count()


def test_the_communicable_bundle_of_no_decision_spells_a_secret_name(demonstration: None) -> None:
    assert {str(decision): names_told(decision) for decision in Decision.objects.all() if names_told(decision)} == {}


def test_the_draft_has_plausible_prices(demonstration: None) -> None:
    assert not Lot.objects.filter(stage=Stage.DRAFT, plausible_low_cents=None).exists()


def test_one_procedure_is_negotiated_with_everything_that_an_examination_finds(demonstration: None) -> None:
    negotiated = lot("GHT-2026-025", 1)
    bids = {bid.key: bid for bid in negotiated.bids.all()}
    assert {key: bid.former_versions.count() for key, bid in bids.items()} == {
        "offre-1": 2,
        "offre-2": 2,
        "offre-3": 0,
        "offre-4": 0,
    }
    concluded = Regularisation.objects.filter(bid__lot=negotiated).values_list("bid__key", "conclusion__regularised")
    assert set(concluded) == {("offre-2", True), ("offre-4", False), ("offre-3", None)}
    assert (bids["offre-4"].status, bids["offre-4"].exclusion) == (Bid.Status.EXCLUDED, Bid.Exclusion.IRREGULAR)
    assert bids["offre-2"].members.count() == 3


def test_its_proof_documents_are_files_that_can_be_read_one_expired_one_withdrawn(demonstration: None) -> None:
    proofs = list(ProofDocument.objects.filter(bid__lot__tender__reference="GHT-2026-025").select_related("bid"))
    assert all(examine(content_of(proof), proof.original_name) == "application/pdf" for proof in proofs)
    expired = [proof for proof in proofs if had_expired(proof.expires_on, received_on(proof.bid))]
    assert [proof.title for proof in expired] == ["Extrait Kbis du mandataire"]
    assert ProofDocument.objects.filter(withdrawal__isnull=False).count() == 1


def content_of(proof: ProofDocument) -> bytes:
    return files.read(proof.sha256)
