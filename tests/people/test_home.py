"""The home page: what waits for each role, and nothing of another hospital."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from procurement.evaluation.services import award, score, seat, take_marks
from procurement.people.models import User
from procurement.people.roles import Role
from procurement.policies import services as policies
from procurement.tenders.services import copy_for_training, draft_tender
from tests.evaluation.conftest import OFFERS, enter, published_lot
from tests.evaluation.panels import agree_all, declare, give_all, judged, lock, locked
from tests.factories import HospitalFactory, HospitalGroupFactory, MembershipFactory, UserFactory
from tests.policies.conftest import draft
from tests.tenders import documents
from tests.tenders.conftest import approved

RULES = [documents.lot(policy={"id": "environment-2026", "version": 1})]


@pytest.fixture
def purchaser(db: None) -> User:
    """A buyer of a hospital, whose neighbour takes part in the procedures."""
    group = HospitalGroupFactory()
    HospitalFactory(finess="000000002", group=group)
    return MembershipFactory(hospital=HospitalFactory(finess="000000001", group=group)).user


def home(client: Client, reader: User) -> Any:
    client.force_login(reader)
    answer = client.get("/")
    assert answer.status_code == 200
    return answer


def test_a_buyer_finds_the_lots_by_next_step_those_nearest_to_a_decision_first(client: Client, purchaser: User) -> None:
    approved("environment-2026", "in_force")
    published_lot(purchaser, reference="2026-015", lots=RULES)
    scored = published_lot(purchaser, lots=RULES)
    enter(scored, OFFERS, purchaser)
    score(lot=scored, by=purchaser, at=timezone.now())
    steps = home(client, purchaser).context["steps"]
    assert [(step["stage"], step["count"]) for step in steps] == [("evaluated", 1), ("opened", 1)]
    assert [lot for lot, _next in steps[0]["lots"]] == [scored]


def test_what_a_buyer_does_next_is_one_click_away(client: Client, purchaser: User) -> None:
    empty = published_lot(purchaser, reference="2026-015")
    case = judged(purchaser, empty.tender.contracting_body)
    marked = published_lot(purchaser, reference="2026-016")
    enter(marked, OFFERS, purchaser)
    draft_tender(document=documents.tender(reference="2026-017"), by=purchaser)
    steps = {str(step["verb"]): step["lots"] for step in home(client, purchaser).context["steps"]}
    assert {verb: [lot for lot, _next in lots] for verb, lots in steps.items() if verb != "Publish"} == {
        "Score": [marked],
        "See how far the panel is": [case.lot],
        "Enter the bids": [empty],
    }
    nexts = [address for lots in steps.values() for _lot, address in lots]
    assert [client.get(address).status_code for address in nexts] == [200] * 4
    locked(case)
    assert "See how far the panel is" not in home(client, purchaser).content.decode()


def test_an_evaluator_finds_the_panels_that_wait_for_him_first(client: Client, purchaser: User) -> None:
    case = judged(purchaser, purchaser.memberships.get().hospital)
    first, second, third = case.members
    declare(case, second)
    declare(case, third, "A cousin works for one of them.")
    assert "1 lot waits for your declaration of interests." in home(client, first).content.decode()
    shown = home(client, second).content.decode()
    assert "1 lot waits for your marks." in shown
    assert "0 of 6 marks given" in shown
    shown = home(client, third).content.decode()
    assert "No lot waits for you." in shown
    assert "the lot is closed to you" in shown
    give_all(case, second, "3")
    assert "all your marks are given" in home(client, second).content.decode()
    declare(case, first)
    agree_all(case)
    lock(case)
    assert "the marks are locked" in home(client, first).content.decode()


def test_the_home_page_of_an_evaluator_asks_as_little_for_four_panels_as_for_one(
    client: Client, purchaser: User, queries: Callable[[Callable[[], object]], int]
) -> None:
    hospital = purchaser.memberships.get().hospital
    case = judged(purchaser, hospital)
    declare(case, case.members[0])
    client.force_login(case.members[0])
    client.get("/")
    with_one = queries(lambda: client.get("/"))
    for number in range(3):
        lot = published_lot(purchaser, reference=f"2026-{number}")
        seat(lot=lot, person=case.members[0], by=purchaser, at=timezone.now())
    assert queries(lambda: client.get("/")) == with_one


def test_an_evaluator_before_his_first_panel_is_told_what_the_page_will_hold(client: Client, db: None) -> None:
    member = MembershipFactory(user__role=Role.EVALUATOR).user
    assert "will be listed here" in home(client, member).content.decode()


def test_a_scored_training_copy_waits_for_no_decision(client: Client, purchaser: User) -> None:
    approved("environment-2026", "in_force")
    scored = published_lot(purchaser, lots=RULES)
    enter(scored, OFFERS, purchaser)
    now = timezone.now()
    sheet = score(lot=scored, by=purchaser, at=now)
    winner = scored.bids.get(key=sheet.sheet["winner"])
    award(lot=scored, bid=winner, sheet=sheet, reason="First.", by=purchaser, at=now)
    copy = copy_for_training(tender=scored.tender, by=purchaser, at=now).lots.get()
    assert [step["stage"] for step in home(client, purchaser).context["steps"]] == ["opened"]
    take_marks(lot=copy, by=purchaser, at=now)
    score(lot=copy, by=purchaser, at=now)
    assert home(client, purchaser).context["steps"] == []


def test_a_buyer_without_procedures_is_told_what_the_page_will_hold(client: Client, purchaser: User) -> None:
    assert "will be listed here" in home(client, purchaser).content.decode()


def test_a_buyer_finds_nothing_of_another_hospital(client: Client, purchaser: User) -> None:
    approved("environment-2026", "in_force")
    published_lot(purchaser, lots=RULES)
    assert home(client, MembershipFactory().user).context["steps"] == []


def test_an_officer_approves_what_others_submitted_only(client: Client, db: None) -> None:
    drafter, approver = UserFactory.create_batch(2, role=Role.POLICY_OFFICER)
    version = draft(drafter)
    policies.submit(version=version, by=drafter, at=timezone.now())
    assert list(home(client, approver).context["to_approve"]) == [version]
    own = home(client, drafter).context
    assert (list(own["to_approve"]), list(own["awaiting"])) == ([], [version])


def test_an_auditor_finds_the_mandates(client: Client, auditor: User) -> None:
    assert "an administrator gives them" in home(client, auditor).content.decode()


def test_an_administrator_finds_who_can_do_nothing_yet(client: Client, administrator: User, buyer: User) -> None:
    assert list(home(client, administrator).context["idle"]) == [buyer]


def test_the_home_page_asks_as_little_for_ten_lots_as_for_one(
    client: Client, purchaser: User, queries: Callable[[Callable[[], object]], int]
) -> None:
    approved("environment-2026", "in_force")
    client.force_login(purchaser)

    def publish(first: int, last: int) -> None:
        for number in range(first, last):
            published_lot(purchaser, reference=f"2026-{number}", lots=RULES)

    publish(0, 1)
    with_one = queries(lambda: client.get("/"))
    publish(1, 10)
    assert queries(lambda: client.get("/")) == with_one
