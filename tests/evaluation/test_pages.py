"""The pages of a lot and of its decision, through the browser's eyes: what is shown, to whom, at which cost."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from procurement.evaluation import services
from procurement.evaluation.models import Decision, LiftedBlock, ScoreSheet
from procurement.evaluation.present.decision import AFTER_AN_AWARD, duties
from procurement.ledger.models import Line
from procurement.people.models import User
from procurement.policies.models import PolicyVersion
from procurement.tenders import services as tenders
from procurement.tenders.models import Lot
from tests.evaluation.conftest import LATER, NOW, OFFERS, REASON, Offer, enter, published_lot, with_findings
from tests.tenders import documents

Count = Callable[[Callable[[], object]], int]


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(person: User, name: str, *args: Any, **parameters: str) -> str:
    response = as_(person).get(reverse(f"evaluation:{name}", args=args), parameters)
    assert response.status_code == 200
    return str(response.content.decode())


def test_a_lot_that_is_not_scored_offers_to_score(lot: Lot, buyer: User) -> None:
    shown = page(buyer, "lot", lot.pk)

    assert "The bids are opened and not scored yet." in shown
    assert ">Score</button>" in shown


def test_a_lot_whose_marks_nobody_gave_leads_to_its_panel_and_not_to_a_refusal(lot: Lot, buyer: User) -> None:
    lot.bids.first().marks.all().delete()
    assert ">Score</button>" in page(buyer, "lot", lot.pk)  # one bid is marked still: who gave that mark knows the way

    for bid in lot.bids.all():
        bid.marks.all().delete()

    shown = page(buyer, "lot", lot.pk)
    assert f'href="{reverse("evaluation:panel", args=[lot.pk])}">Seat the panel</a>' in shown
    assert ">Score</button>" not in shown


def test_from_a_refusal_another_language_leads_to_the_page_before(lot: Lot, buyer: User) -> None:
    lot.bids.first().marks.all().delete()
    client, before = as_(buyer), reverse("evaluation:lot", args=[lot.pk])

    refused = client.post(
        reverse("evaluation:score", args=[lot.pk]), headers={"referer": f"http://testserver{before}?sheet=1"}
    )

    assert "Marks are still missing" in refused.content.decode()
    assert f'name="next" value="{before}?sheet=1"' in refused.content.decode()


def test_scoring_from_the_page_leads_back_to_the_ranking(lot: Lot, buyer: User) -> None:
    client = as_(buyer)

    response = client.post(reverse("evaluation:score", args=[lot.pk]), follow=True)

    shown = response.content.decode()
    assert "MedTech Loire wins with" in shown
    assert ">Award</a>" in shown


def test_an_opened_lot_without_a_bid_says_how_bids_are_entered_and_offers_no_score(lot: Lot, buyer: User) -> None:
    empty = published_lot(buyer, reference="2026-015", lots=[documents.lot(policy=None)])

    shown = page(buyer, "lot", empty.pk)

    assert "POST /api/v1/bids/" in shown
    assert ">Score</button>" not in shown


def test_before_the_scoring_the_bids_and_their_marks_are_listed(lot: Lot, buyer: User) -> None:
    shown = page(buyer, "lot", lot.pk)

    assert "Nordmed" in shown
    assert "Tried." in shown
    assert "wins with" not in shown


def test_a_training_copy_offers_the_marks_of_its_original(lot: Lot, decision: Decision, buyer: User) -> None:
    copy = tenders.copy_for_training(tender=lot.tender, by=buyer, at=LATER).lots.get()
    address = reverse("evaluation:take_marks", args=[copy.pk])
    assert address in page(buyer, "lot", copy.pk)

    shown = as_(buyer).post(address, follow=True).content.decode()

    assert "strip-training" in shown
    assert ">Score</button>" in shown


def test_a_get_never_scores(lot: Lot, buyer: User) -> None:
    assert as_(buyer).get(reverse("evaluation:score", args=[lot.pk])).status_code == 405
    assert not ScoreSheet.objects.exists()


def test_a_lot_that_lacks_a_mark_is_refused_in_words(lot: Lot, buyer: User) -> None:
    lot.bids.get(key="beta").marks.all().delete()

    response = as_(buyer).post(reverse("evaluation:score", args=[lot.pk]))

    assert response.status_code == 409
    assert "Nordmed – Technical value" in response.content.decode()


def test_the_pair_in_the_address_is_compared(lot: Lot, sheet: ScoreSheet, buyer: User) -> None:
    shown = page(buyer, "lot", lot.pk, a="gamma", b="beta")

    assert '<option value="gamma" selected>' in shown
    assert '<option value="beta" selected>' in shown


def test_changed_marks_ask_to_score_again(lot: Lot, sheet: ScoreSheet, buyer: User) -> None:
    bid = lot.bids.get(key="gamma")
    services.mark(
        bid=bid, criterion=lot.criteria.get(key="carbon"), value=Decimal("2.5"), reason="", by=buyer, at=LATER
    )

    shown = page(buyer, "lot", lot.pk)
    assert "score the lot again" in shown
    assert ">Score</button>" in shown


def test_a_finding_shows_its_sentence_its_card_and_its_mark(lot: Lot, sheet: ScoreSheet, second: User) -> None:
    with_findings(sheet, "ipi-2025-1197")

    shown = page(second, "lot", lot.pk)

    assert "Ranked without a recorded exception" in shown
    assert "MedTech Loire" in shown
    assert reverse("policies:parameter", args=["ipi_2025_1197.countries"]) in shown
    assert "Secondary source" in shown
    assert reverse("evaluation:lift_block", args=[lot.pk, "ipi-2025-1197"]) in shown


def test_whoever_scored_is_told_that_another_person_lifts_and_is_not_asked_for_a_reason(
    lot: Lot, sheet: ScoreSheet, buyer: User
) -> None:
    with_findings(sheet, "ipi-2025-1197")
    address = reverse("evaluation:lift_block", args=[lot.pk, "ipi-2025-1197"])

    shown = page(buyer, "lot", lot.pk)
    form = as_(buyer).get(address).content.decode()

    assert "A second person may lift the block" in shown
    assert address not in shown
    assert "You scored this lot: a block is lifted by a second person." in form
    assert "<textarea" not in form


def test_whoever_lifted_a_block_is_told_at_once_that_another_person_awards(
    lot: Lot, sheet: ScoreSheet, buyer: User, second: User
) -> None:
    with_findings(sheet, "ipi-2025-1197")
    services.lift_block(lot=lot, code="ipi-2025-1197", reason="No other bid complies.", by=second, at=LATER)
    award = reverse("evaluation:award", args=[lot.pk])

    assert award not in page(second, "lot", lot.pk)
    assert award in page(buyer, "lot", lot.pk)
    refusal = as_(second).get(award)

    assert refusal.status_code == 409
    assert "You lifted a block of this lot: a second person awards it." in refusal.content.decode()


def test_a_lifted_block_no_longer_says_that_it_blocks(lot: Lot, sheet: ScoreSheet, buyer: User, second: User) -> None:
    with_findings(sheet, "ipi-2025-1197")
    services.lift_block(lot=lot, code="ipi-2025-1197", reason="No other bid complies.", by=second, at=LATER)

    shown = page(buyer, "lot", lot.pk)

    assert "Block lifted:" in shown
    assert "Blocks the award:" not in shown


def test_a_block_is_lifted_on_its_page_and_its_reason_is_shown(lot: Lot, sheet: ScoreSheet, second: User) -> None:
    with_findings(sheet, "ipi-2025-1197")
    address = reverse("evaluation:lift_block", args=[lot.pk, "ipi-2025-1197"])
    client = as_(second)

    assert "Ranked without a recorded exception" in client.get(address).content.decode()
    shown = client.post(address, {"reason": "No other bid complies."}, follow=True).content.decode()

    assert "Lifted by Sacha Second" in shown
    assert "No other bid complies." in shown
    assert LiftedBlock.objects.get().lifted_by == second


def test_an_award_is_read_again_before_it_is_recorded(lot: Lot, sheet: ScoreSheet, buyer: User) -> None:
    client, address = as_(buyer), reverse("evaluation:award", args=[lot.pk])
    filled = {"sheet": sheet.pk, "bid": "alpha", "reason": REASON}

    confirmation = client.post(address, filled).content.decode()

    assert "This cannot be undone" in confirmation
    assert REASON in confirmation
    assert not Decision.objects.exists()
    shown = client.post(address, {**filled, "confirmed": "yes"}, follow=True).content.decode()
    assert Decision.objects.get().bid.key == "alpha"
    assert "Camille Achat (buyer) awarded the lot to MedTech Loire, on sheet 1." in shown


def test_an_award_of_a_sheet_that_was_replaced_is_refused(lot: Lot, sheet: ScoreSheet, buyer: User) -> None:
    services.score(lot=lot, by=buyer, at=LATER)
    filled = {"sheet": sheet.pk, "bid": "alpha", "reason": REASON, "confirmed": "yes"}

    response = as_(buyer).post(reverse("evaluation:award", args=[lot.pk]), filled)

    assert response.status_code == 409
    assert "latest score sheet" in response.content.decode()


def test_a_blocked_award_shows_the_finding_instead_of_the_form(lot: Lot, sheet: ScoreSheet, buyer: User) -> None:
    with_findings(sheet, "ipi-2025-1197")

    shown = page(buyer, "award", lot.pk)

    assert "Ranked without a recorded exception" in shown
    assert 'name="reason"' not in shown


def test_without_a_policy_no_bonus_is_spoken_of(buyer: User, lot: Lot, sheet: ScoreSheet) -> None:
    plain = published_lot(buyer, reference="2026-015", lots=[documents.lot(policy=None)])
    enter(plain, [(f"{key}2", f"{name} 2", *offer) for key, name, *offer in OFFERS], buyer)
    services.score(lot=plain, by=buyer, at=NOW)

    assert "bonus" in page(buyer, "lot", lot.pk)
    assert "The withdrawal of another bid would not change the winner." in page(buyer, "lot", plain.pk)
    assert "bonus" not in page(buyer, "lot", plain.pk)


@pytest.mark.parametrize("name", ["award", "end"])
def test_whoever_comes_back_to_the_form_of_a_decided_lot_reads_the_decision(
    decision: Decision, buyer: User, name: str
) -> None:
    client, address = as_(buyer), reverse(f"evaluation:{name}", args=[decision.lot_id])
    filled = {"outcome": "unsuccessful", "reason": "Twice.", "confirmed": "yes"}

    for response in (client.get(address, follow=True), client.post(address, filled, follow=True)):
        assert response.redirect_chain == [(reverse("evaluation:decision", args=[decision.pk]), 302)]
        assert "This lot is decided already: nothing was changed." in response.content.decode()
    assert Decision.objects.get().reason == REASON


def test_a_lot_is_ended_on_its_page(lot: Lot, buyer: User) -> None:
    client, address = as_(buyer), reverse("evaluation:end", args=[lot.pk])
    filled = {"outcome": "without_follow_up", "reason": "The need is gone."}

    assert "Without follow-up" in client.post(address, filled).content.decode()
    client.post(address, {**filled, "confirmed": "yes"})

    assert Decision.objects.get().reason == "The need is gone."


def test_the_lot_leads_to_the_bid_whose_low_price_is_to_be_explained(buyer: User) -> None:
    lot = published_lot(buyer)
    enter(lot, [*OFFERS, ("delta", "Low Price SA", "FR", "1.00", "2.00", "FR", "2", "9", "5")], buyer)
    services.score(lot=lot, by=buyer, at=NOW)
    address = reverse("evaluation:bid", args=[lot.pk, "delta"])

    assert f"{address}#low-price" in page(buyer, "lot", lot.pk)
    assert reverse("evaluation:explain", args=[lot.pk, "delta"]) in as_(buyer).get(address).content.decode()


def test_a_simulation_after_the_decision_wears_its_strip(
    lot: Lot, decision: Decision, proposal: PolicyVersion, buyer: User
) -> None:
    address = reverse("evaluation:simulate", args=[lot.pk])

    shown = as_(buyer).post(address, {"policy_version": proposal.pk}, follow=True).content.decode()

    assert "strip-proposal" in shown
    assert "it changes nothing that was decided" in shown
    assert Line.objects.filter(action="lot.simulated").count() == 1


def test_a_simulation_is_compared_with_the_published_rules_on_every_page_of_the_lot(
    lot: Lot, decision: Decision, proposal: PolicyVersion, buyer: User
) -> None:
    stored = services.simulate(lot=lot, policy_version=proposal, by=buyer, at=LATER)
    second, first = stored.sheet["ranking"][1], stored.sheet["ranking"][0]
    document = {**stored.sheet, "winner": "beta", "ranking": [{**second, "rank": 1}, {**first, "rank": 2}]}
    other = ScoreSheet.objects.create(
        **{f: getattr(stored, f) for f in ("lot", "purpose", "policy_version", "case", "case_sha256", "software")},
        number=3,
        sheet=document,
        sheet_sha256="b" * 64,
        scored_by=buyer,
        scored_at=LATER,
    )

    for parameters in ({}, {"sheet": str(other.number)}):
        shown = page(buyer, "lot", lot.pk, **parameters)
        assert "Another winner than under the published rules: Nordmed." in shown
        assert "The same winner as under the published rules." in shown
        table = shown.partition("The same bids, rule by rule")[2].partition("</table>")[0]
        assert table.count("rank 1,") == 2
        assert table.count("excluded") == 1, "the third bid is left out of the second ranking"
        assert "Published rules:" in table
        assert table.count("Simulation:") == 1, "only the latest simulation of a version has a column"


def test_the_page_of_a_simulation_says_that_the_award_rests_on_the_published_rules(
    lot: Lot, decision: Decision, proposal: PolicyVersion, buyer: User
) -> None:
    stored = services.simulate(lot=lot, policy_version=proposal, by=buyer, at=LATER)

    shown = page(buyer, "lot", lot.pk, sheet=str(stored.number))

    assert "Result of this simulation" in shown
    assert "Awarded to MedTech Loire under the published rules." in shown


def test_a_simulation_on_a_training_copy_says_so_and_does_not_ask_to_score_again(
    lot: Lot, decision: Decision, proposal: PolicyVersion, buyer: User
) -> None:
    copy = tenders.copy_for_training(tender=lot.tender, by=buyer, at=LATER).lots.get()
    services.take_marks(lot=copy, by=buyer, at=LATER)
    services.score(lot=copy, by=buyer, at=LATER)
    stored = services.simulate(lot=copy, policy_version=proposal, by=buyer, at=LATER)

    shown = page(buyer, "lot", copy.pk, sheet=str(stored.number))

    assert "A simulation under other rules than those published with the copy." in shown
    assert "score the lot again" not in shown
    assert ">Score</button>" not in shown


def test_an_older_sheet_does_not_hide_that_the_latest_holds(lot: Lot, sheet: ScoreSheet, buyer: User) -> None:
    bid = lot.bids.get(key="gamma")
    services.mark(
        bid=bid, criterion=lot.criteria.get(key="carbon"), value=Decimal("2.5"), reason="", by=buyer, at=LATER
    )
    services.score(lot=lot, by=buyer, at=LATER)

    shown = page(buyer, "lot", lot.pk, sheet=str(sheet.number))

    assert ">Award</a>" in shown
    assert "score the lot again" not in shown


@pytest.mark.parametrize(("value", "expected"), [("4999999.99", False), ("5000000", True), (None, True)])
def test_what_no_guard_can_look_at_is_told_where_the_measure_on_devices_may_hold(
    buyer: User, value: str | None, expected: bool
) -> None:
    lot = published_lot(buyer, estimated_value=value, ipi_announced=True)
    enter(lot, OFFERS, buyer)
    sheet = services.score(lot=lot, by=buyer, at=NOW)
    told = "subcontracts at most this share of the contract"
    assert (told in page(buyer, "lot", lot.pk)) is expected
    winner = lot.bids.get(key=sheet.sheet["winner"])
    decision = services.award(lot=lot, bid=winner, sheet=sheet, reason=REASON, by=buyer, at=LATER)
    assert (told in page(buyer, "decision", decision.pk)) is expected


def test_the_decision_page_tells_what_led_to_it(lot: Lot, decision: Decision, buyer: User) -> None:
    shown = page(buyer, "decision", decision.pk)

    for said in (
        "Camille Achat (buyer) drafted the procedure.",
        "Camille Achat (buyer) entered the bid of the tenderer Nordmed.",
        "Camille Achat (buyer) scored the lot under its published rules, which made sheet 1.",
        REASON,
        lot.rules_sha256,
        decision.sheet.sheet_sha256,
        decision.sheet.policy_version.sha256,
    ):
        assert said in shown


def test_the_decision_page_says_what_the_law_asks_next_and_leads_to_the_estimate(
    decision: Decision, buyer: User, auditor: User
) -> None:
    shown = page(buyer, "decision", decision.pk)

    assert "A rejected tenderer is told the reasons" in shown
    assert reverse("policies:parameter", args=["decision.standstill_electronic"]) in shown, (
        "the procedure is formalised"
    )
    assert reverse("cashback:new") in shown
    assert reverse("cashback:new") not in page(auditor, "decision", decision.pk)


def test_an_adapted_procedure_has_no_standstill_and_an_end_without_award_no_duties(
    lot: Lot, decision: Decision
) -> None:
    decision.lot.tender.procedure = "adapted"
    assert [card["key"] for card in duties(decision)] == list(AFTER_AN_AWARD)
    decision.outcome = Decision.Outcome.WITHOUT_FOLLOW_UP
    assert duties(decision) == []


def test_decisions_are_found_by_words_and_outcome(decision: Decision, buyer: User) -> None:
    found = reverse("evaluation:decision", args=[decision.pk])

    assert found in page(buyer, "decisions", search="medtech masks", outcome="awarded")
    assert found not in page(buyer, "decisions", search="nothing like it")
    assert "No decision fits this search." in page(buyer, "decisions", outcome="unsuccessful")


def test_another_hospital_does_not_know_the_lot(decision: Decision, stranger: User, buyer: User) -> None:
    lot, client = decision.lot, as_(stranger)
    for name, args in (
        ("lot", [lot.pk]), ("award", [lot.pk]), ("end", [lot.pk]), ("decision", [decision.pk]),
        ("decision_csv", [decision.pk]), ("ranking_csv", [lot.pk, 1]), ("case_json", [lot.pk, 1]),
        ("sheet_json", [lot.pk, 1]), ("lift_block", [lot.pk, "price-only"]), ("explain", [lot.pk, "alpha"]),
    ):  # fmt: skip
        assert client.get(reverse(f"evaluation:{name}", args=args)).status_code == 404, name
    for name in ("score", "simulate", "take_marks"):
        assert client.post(reverse(f"evaluation:{name}", args=[lot.pk])).status_code == 404, name
    assert "MedTech" not in page(stranger, "decisions")


def test_an_auditor_reads_within_the_mandate_and_leaves_a_line(
    lot: Lot, sheet: ScoreSheet, auditor: User, buyer: User
) -> None:
    shown = page(auditor, "lot", lot.pk)

    assert "MedTech Loire wins with" in shown
    assert ">Award</a>" not in shown
    assert Line.objects.filter(action="lot.read", actor=f"user:{auditor.pk}").count() == 1
    for name in ("score", "simulate"):
        assert as_(auditor).post(reverse(f"evaluation:{name}", args=[lot.pk])).status_code == 403
    outside = published_lot(buyer, reference="2025-001", launched_on="2025-09-01")
    assert as_(auditor).get(reverse("evaluation:lot", args=[outside.pk])).status_code == 404


def offers(number: int) -> list[Offer]:
    """As many offers as asked for, each a little dearer, one of them of unknown origin."""
    return [
        (
            f"b{n}",
            f"Tenderer {n} of {number}",
            "FR",
            f"2.{n:02}",
            "5.00",
            "FR" if n else None,
            "2",
            f"{9 - n / 10:.1f}",
            "4",
        )
        for n in range(number)
    ]


@pytest.mark.parametrize("decided", [False, True])
def test_the_lot_page_costs_the_same_whatever_the_number_of_bids(
    buyer: User, policy: PolicyVersion, queries: Count, decided: bool
) -> None:
    counts = []
    for number in (1, 10):
        lots = [documents.lot(policy={"id": "environment-2026", "version": 1})]
        lot = published_lot(buyer, reference=f"R-{number}", lots=lots)
        enter(lot, offers(number), buyer)
        sheet = services.score(lot=lot, by=buyer, at=NOW)
        if decided:
            winner = lot.bids.get(key=sheet.sheet["winner"])
            services.award(lot=lot, bid=winner, sheet=sheet, reason=REASON, by=buyer, at=LATER)
        client, address = as_(buyer), reverse("evaluation:lot", args=[lot.pk])
        counts.append(queries(lambda client=client, address=address: client.get(address)))

    assert counts[0] == counts[1] <= 24


def test_the_list_and_the_page_of_decisions_cost_the_same_with_one_and_with_ten(
    buyer: User, policy: PolicyVersion, queries: Count
) -> None:
    counts = []
    for number in range(10):
        lot = published_lot(buyer, reference=f"R-{number}")
        if number == 9:
            enter(lot, offers(5), buyer)
        services.end(lot=lot, outcome="without_follow_up", reason="The need is gone.", by=buyer, at=LATER)
        if number in (0, 9):
            client, last = as_(buyer), Decision.objects.get(lot=lot)
            for name, args in (("decisions", []), ("decision", [last.pk])):
                address = reverse(f"evaluation:{name}", args=args)
                counts.append(queries(lambda client=client, address=address: client.get(address)))

    assert counts[:2] == counts[2:]
