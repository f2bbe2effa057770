"""How far a panel is, as the buyer sees it at a glance, and what a page says where nothing is left or possible."""

from collections.abc import Callable
from functools import partial

import pytest
from django.urls import reverse

from procurement.evaluation import services
from procurement.evaluation.present.progress import progress
from procurement.people.models import Hospital, User
from procurement.people.roles import Role
from procurement.tenders import services as tenders
from procurement.tenders.models import Criterion
from tests.evaluation.conftest import NOW, published_lot
from tests.evaluation.panels import Judged, agree, agree_all, declare, evaluator, give, give_all, judged, lock, locked
from tests.evaluation.test_pages import as_
from tests.evaluation.test_panel_pages import of_lot, own, read
from tests.factories import UserFactory

Count = Callable[[Callable[[], object]], int]


@pytest.fixture
def case(buyer: User, hospital: Hospital) -> Judged:
    return judged(buyer, hospital)


def at_a_glance(case: Judged) -> list[tuple[str, bool, bool, list[int]]]:
    """By member: the name, whether interests and a conflict were declared, the marks on each criterion."""
    rows = progress(case.lot).members
    return [(row.person.first_name, row.declared, row.conflict, [count for _, count in row.counts]) for row in rows]


def test_each_member_is_counted_on_each_criterion(case: Judged) -> None:
    ana, ben, _cleo = case.members
    declare(case, ana)
    give_all(case, ana, "3")
    declare(case, ben)
    give(case, ben, "3")
    give(case, ben, "4")  # a change is no second mark

    assert at_a_glance(case) == [
        ("Ana", True, False, [3, 3]), ("Ben", True, False, [1, 0]), ("Cleo", False, False, [0, 0]),
    ]  # fmt: skip
    found = progress(case.lot)
    assert (found.given, found.wanted, found.agreed.given, found.agreed.whole) == (7, 18, 0, 6)


def test_who_declares_a_conflict_counts_no_more(case: Judged) -> None:
    ana = case.members[0]
    declare(case, ana)
    give_all(case, ana, "3")
    declare(case, ana, "Shares.")

    found = progress(case.lot)
    assert (found.given, found.wanted) == (0, 12)
    assert at_a_glance(case)[0] == ("Ana", True, True, [0, 0])


def test_marks_of_an_excluded_bid_count_no_more(case: Judged) -> None:
    ana = case.members[0]
    declare(case, ana)
    give_all(case, ana, "3")
    agree(case, "3")
    tenders.exclude_bid(bid=case.lot.bids.get(key="alpha"), ground="late", reason="Late.", by=case.buyer, at=NOW)

    found = progress(case.lot)
    assert (found.given, found.wanted, found.agreed.given, found.agreed.whole) == (4, 12, 0, 4)


def test_the_part_that_renews_itself_tells_counts_and_stops_after_the_lock(case: Judged) -> None:
    ana = case.members[0]
    declare(case, ana)
    give(case, ana, "3", reason="Soft and strong.")
    declare(case, case.members[1], "My sister works for Nordmed.")
    part = read(case.buyer, of_lot(case, "progress"))

    assert "1 / 3" in part
    assert "data-renew=" in part
    assert not [secret for secret in ("Soft and strong", "My sister", "Nordmed", "csrf", "<html") if secret in part]
    assert part.strip() in read(case.buyer, of_lot(case, "panel")).replace("\r", "")

    for member in case.members[2:]:
        declare(case, member)
        give_all(case, member, "3")
    agree_all(case)
    lock(case)
    assert "data-renew=" not in read(case.buyer, of_lot(case, "progress"))


def test_the_part_costs_the_same_whatever_the_number_of_members(
    case: Judged, hospital: Hospital, queries: Count
) -> None:
    client = as_(case.buyer)
    before = queries(partial(client.get, of_lot(case, "progress")))
    for number in range(5):
        member = evaluator(hospital, f"M{number}")
        services.seat(lot=case.lot, person=member, by=case.buyer, at=NOW)
        declare(case, member)
        give_all(case, member, "3")
    assert queries(partial(client.get, of_lot(case, "progress"))) == before


def test_without_evaluators_the_page_names_who_can_make_one(buyer: User) -> None:
    UserFactory(role=Role.ADMINISTRATOR, first_name="Anne", last_name="Perrin")
    UserFactory(role=Role.ADMINISTRATOR, first_name="Gone", last_name="Away", is_active=False)
    shown = read(buyer, reverse("evaluation:panel", args=[published_lot(buyer).pk]))
    assert "Ask: Anne Perrin." in shown
    assert "Gone Away" not in shown


def test_a_member_is_told_when_nothing_is_left_and_when_nothing_takes_a_mark(case: Judged) -> None:
    ana = case.members[0]
    declare(case, ana)
    assert "0 of 6 marks given." in " ".join(read(ana, own(case)).split())
    give_all(case, ana, "3")
    assert "Nothing is left to give" in read(ana, own(case))
    Criterion.objects.filter(lot=case.lot).update(kind="price", scale=None, minimum=None)
    shown = read(ana, own(case))
    assert "No criterion of this lot takes a mark" in shown
    assert "<textarea" not in shown


def test_after_the_lock_the_grid_is_read_and_neither_saved_nor_undone(case: Judged) -> None:
    locked(case)
    for person, address in ((case.members[0], own(case)), (case.buyer, of_lot(case, "agree"))):
        shown = read(person, address)
        assert not [
            word for word in ("data-keep", "autosave.js", "Undo", "<textarea", "Paste a table") if word in shown
        ]
