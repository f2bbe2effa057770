"""How a lot ends: what an award may rest on, and every reason it is refused."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from procurement.evaluation import services
from procurement.evaluation.models import Decision, LiftedBlock, ScoreSheet
from procurement.ledger.models import Line
from procurement.ledger.services import name_of
from procurement.people.models import User
from procurement.people.refusals import Invalid, Refused
from procurement.policies.models import PolicyVersion
from procurement.tenders import services as tenders
from procurement.tenders.models import Lot, Stage
from tests.evaluation.conftest import LATER, NOW, OFFERS, REASON, enter, published_lot, with_findings
from tests.ledger.told import reason_of
from tests.tenders import documents

Award = Callable[..., Decision]
BLOCK = "ipi-2025-1197"


def test_an_award_names_the_bid_its_sheet_and_its_reason(lot: Lot, sheet: ScoreSheet, award: Award) -> None:
    decision = award()

    assert (decision.outcome, decision.bid.key, decision.sheet, decision.reason) == ("awarded", "alpha", sheet, REASON)
    lot.refresh_from_db()
    assert (lot.stage, lot.tender.stage) == (Stage.AWARDED, Stage.AWARDED)
    line = Line.objects.last()
    assert (line.action, line.object, line.before) == ("lot.awarded", name_of(lot), sheet.sheet_sha256)
    assert (reason_of(line), len(line.after)) == (REASON, 64)


def test_a_lot_is_decided_once(award: Award, decision: Decision) -> None:
    with pytest.raises(Refused, match="is decided"):
        award()


def test_a_decision_never_changes(decision: Decision) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Decision.objects.update(reason="Another one.")


def test_only_a_buyer_of_the_hospital_awards(award: Award, stranger: User, auditor: User) -> None:
    for person in (stranger, auditor):
        with pytest.raises(PermissionDenied):
            award(by=person)


def test_an_award_without_a_reason_is_refused(award: Award) -> None:
    with pytest.raises(Invalid, match="reason"):
        award(reason="  ")


def test_a_bid_that_does_not_win_is_not_awarded(lot: Lot, award: Award) -> None:
    with pytest.raises(Refused, match="Nordmed does not win"):
        award(bid=lot.bids.get(key="beta"))


def test_the_winner_of_another_lot_is_not_awarded(award: Award, buyer: User) -> None:
    other = published_lot(buyer, reference="2026-015", lots=[documents.lot(criteria=documents.criteria())])
    bid = tenders.enter_bid(
        lot=other, document=documents.bid(id="alpha", supplier={"name": "MedTech Loire"}), by=buyer, at=NOW
    )

    with pytest.raises(Refused, match="does not win"):
        award(bid=bid)


def test_an_earlier_sheet_is_not_enough(lot: Lot, award: Award, buyer: User) -> None:
    services.score(lot=lot, by=buyer, at=LATER)

    with pytest.raises(Refused, match="latest score sheet"):
        award()


def test_a_sheet_of_bids_that_changed_since_is_not_enough(lot: Lot, award: Award, buyer: User) -> None:
    bid = lot.bids.get(key="gamma")
    services.mark(
        bid=bid, criterion=lot.criteria.get(key="quality"), value=Decimal(9), reason="Tried again.", by=buyer, at=LATER
    )

    with pytest.raises(Refused, match="score the lot again"):
        award()
    services.score(lot=lot, by=buyer, at=LATER)
    award(sheet=lot.sheets.last())


def test_a_lot_that_is_not_scored_is_not_awarded(lot: Lot, sheet: ScoreSheet, award: Award) -> None:
    Lot.objects.update(stage=Stage.PUBLISHED)

    with pytest.raises(Refused, match="not opened"):
        award()


def test_nothing_is_awarded_under_a_proposal(sheet: ScoreSheet, award: Award, proposal: PolicyVersion) -> None:
    with pytest.raises(Refused, match="only a proposal") as refusal:
        award(sheet=with_findings(sheet, "policy-proposed", policy=proposal))
    assert [detail["code"] for detail in refusal.value.details] == ["policy-proposed"]


def test_a_finding_that_blocks_stops_the_award_and_is_shown(sheet: ScoreSheet, award: Award) -> None:
    blocked = with_findings(sheet, BLOCK)

    with pytest.raises(Refused, match="blocks the award") as refusal:
        award(sheet=blocked)
    [finding] = refusal.value.details
    assert finding["code"] == BLOCK
    assert finding["sentence"].startswith("Ranked without a recorded exception")
    assert not Decision.objects.exists()


def test_a_second_person_lifts_a_block_and_the_award_goes_on(
    lot: Lot, sheet: ScoreSheet, award: Award, second: User
) -> None:
    blocked = with_findings(sheet, BLOCK)

    [lifted] = services.lift_block(lot=lot, code=BLOCK, reason="No other bid complies.", by=second, at=LATER)

    assert (lifted.sheet, lifted.finding) == (blocked, blocked.sheet["findings"][0])
    line = Line.objects.last()
    assert (line.action, reason_of(line)) == ("lot.block_lifted", f"{BLOCK}: No other bid complies.")
    assert award(sheet=blocked).outcome == "awarded"


def test_who_lifted_a_block_does_not_award(lot: Lot, sheet: ScoreSheet, award: Award, second: User) -> None:
    blocked = with_findings(sheet, BLOCK)
    services.lift_block(lot=lot, code=BLOCK, reason="No other bid complies.", by=second, at=LATER)

    with pytest.raises(Refused, match="a second person awards"):
        award(sheet=blocked, by=second)


def test_who_scored_does_not_lift(lot: Lot, sheet: ScoreSheet, buyer: User) -> None:
    with_findings(sheet, BLOCK)

    with pytest.raises(Refused, match="by a second person"):
        services.lift_block(lot=lot, code=BLOCK, reason="I think so.", by=buyer, at=LATER)


def test_only_what_blocks_is_lifted_and_only_once(lot: Lot, sheet: ScoreSheet, second: User) -> None:
    with_findings(sheet, BLOCK)

    with pytest.raises(Refused, match="No finding “price-only” blocks"):
        services.lift_block(lot=lot, code="price-only", reason="Not needed.", by=second, at=LATER)
    with pytest.raises(Invalid, match="Write why"):
        services.lift_block(lot=lot, code=BLOCK, reason="", by=second, at=LATER)
    services.lift_block(lot=lot, code=BLOCK, reason="No other bid complies.", by=second, at=LATER)
    with pytest.raises(Refused, match="blocks in the latest"):
        services.lift_block(lot=lot, code=BLOCK, reason="Once more.", by=second, at=LATER)


def test_a_lift_holds_for_its_finding_and_not_for_another_of_the_same_code(
    lot: Lot, sheet: ScoreSheet, award: Award, second: User
) -> None:
    blocked = with_findings(sheet, BLOCK)
    other = {**blocked.sheet["findings"][0], "values": {"bids": ["beta"], "countries": ["CN"]}}
    LiftedBlock.objects.create(
        lot=lot, sheet=blocked, code=BLOCK, finding=other, finding_sha256="0" * 64, reason="Another.",
        lifted_by=second, lifted_at=LATER,
    )  # fmt: skip

    with pytest.raises(Refused, match="blocks the award"):
        award(sheet=blocked)


def test_tied_bids_are_awarded_by_a_recorded_draw(buyer: User) -> None:
    lot = published_lot(buyer, lots=[documents.lot(tie_break=[])])
    twin = ("beta", "Nordmed", *OFFERS[0][2:])
    enter(lot, [OFFERS[0], twin], buyer)
    sheet = services.score(lot=lot, by=buyer, at=NOW)
    given = {"lot": lot, "bid": lot.bids.get(key="beta"), "sheet": sheet, "reason": REASON, "by": buyer, "at": LATER}

    assert (sheet.sheet["winner"], sheet.sheet["tied"]) == (None, True)
    with pytest.raises(Refused, match="record how the draw"):
        services.award(**given)
    decision = services.award(**given, draw="Drawn before the committee on 3 November.")
    assert (decision.bid.key, decision.draw) == ("beta", "Drawn before the committee on 3 November.")


def test_a_draw_without_a_tie_is_refused(award: Award) -> None:
    with pytest.raises(Refused, match="nothing to draw"):
        award(draw="Drawn all the same.")


def test_a_lot_with_a_ranked_bid_ends_only_without_follow_up(lot: Lot, sheet: ScoreSheet, buyer: User) -> None:
    given = {"lot": lot, "reason": "The need is gone.", "by": buyer, "at": LATER}

    with pytest.raises(Refused, match="end it without follow-up"):
        services.end(outcome="unsuccessful", **given)
    decision = services.end(outcome="without_follow_up", **given)

    assert (decision.bid, decision.sheet, Lot.objects.get().stage) == (None, sheet, Stage.WITHOUT_FOLLOW_UP)
    assert Line.objects.last().action == "lot.ended"


def test_a_lot_whose_bids_are_all_excluded_is_unsuccessful(lot: Lot, buyer: User) -> None:
    for bid in lot.bids.all():
        tenders.exclude_bid(bid=bid, ground="irregular", reason="Unsigned.", by=buyer, at=NOW)

    decision = services.end(lot=lot, outcome="unsuccessful", reason="No regular bid.", by=buyer, at=LATER)

    assert (decision.outcome, Lot.objects.get().stage) == ("unsuccessful", Stage.UNSUCCESSFUL)


def test_before_the_opening_nobody_knows_whether_a_lot_is_unsuccessful(lot: Lot, buyer: User) -> None:
    Lot.objects.update(stage=Stage.PUBLISHED)

    with pytest.raises(Refused, match="not known yet"):
        services.end(lot=lot, outcome="unsuccessful", reason="No bid.", by=buyer, at=LATER)


def test_an_end_needs_a_known_outcome_a_reason_and_an_open_lot(lot: Lot, decision: Decision, buyer: User) -> None:
    with pytest.raises(Invalid, match="ends"):
        services.end(lot=lot, outcome="awarded", reason="Why not.", by=buyer, at=LATER)
    with pytest.raises(Invalid, match="reason"):
        services.end(lot=lot, outcome="unsuccessful", reason="", by=buyer, at=LATER)
    with pytest.raises(Refused, match="not decided"):
        services.end(lot=lot, outcome="without_follow_up", reason="Too late.", by=buyer, at=LATER)
