"""The panel of a lot: seats, declarations, individual marks, agreed marks, the lock."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from procurement.evaluation import services
from procurement.evaluation.models import Declaration, IndividualMark, Mark, MarkLock, Panel, Panelist
from procurement.ledger.models import Disclosure, Line
from procurement.ledger.reasons import texts_of
from procurement.people.erasure import erase_reason
from procurement.people.models import Hospital, User
from procurement.people.refusals import Invalid, Refused
from procurement.people.roles import Role
from procurement.people.services import deactivate
from procurement.tenders import services as tenders
from procurement.tenders.models import Lot, Stage
from tests.evaluation import panels
from tests.evaluation.conftest import LATER, NOW, published_lot
from tests.evaluation.panels import CRITERIA, Judged, agree, agree_all, declare, evaluator, give, give_all, judged, lock
from tests.factories import HospitalFactory, UserFactory
from tests.tenders import documents


@pytest.fixture
def case(buyer: User, hospital: Hospital) -> Judged:
    return judged(buyer, hospital)


@pytest.fixture
def envelopes(buyer: User, hospital: Hospital) -> Judged:
    return judged(buyer, hospital, two_envelopes=True)


def seats(case: Judged) -> list[User]:
    return [panelist.user for panelist in Panelist.objects.filter(panel__lot=case.lot).order_by("pk")]


def unseat(case: Judged, member: User) -> None:
    services.unseat(panelist=Panelist.objects.get(user=member), by=case.buyer, at=NOW)


# seats


def test_a_buyer_seats_evaluators_and_takes_one_off_before_he_marks(case: Judged) -> None:
    unseat(case, case.members[1])

    assert seats(case) == [case.members[0], case.members[2]]
    told = Line.objects.filter(object=f"evaluation.Panel:{Panel.objects.get().pk}").order_by("sequence")
    assert [line.action for line in told] == ["panel.member_seated"] * 3 + ["panel.member_unseated"]
    assert texts_of(told)[told[3].reason] == f"people.User:{case.members[1].pk}"


def test_the_last_one_takes_the_panel_with_him_and_the_lot_is_marked_as_any_other(case: Judged) -> None:
    for member in case.members:
        unseat(case, member)

    assert not Panel.objects.exists()
    assert agree(case, "7").value == 7


def test_who_gave_a_mark_stays_on_the_panel(case: Judged) -> None:
    declare(case, case.members[0])
    give(case, case.members[0], "7")

    with pytest.raises(Refused, match="he stays on the panel"):
        unseat(case, case.members[0])
    assert len(seats(case)) == 3


def test_only_an_evaluator_of_the_contracting_body_takes_a_seat(case: Judged, second: User) -> None:
    elsewhere = evaluator(HospitalFactory(), "Dan")
    closed = evaluator(case.lot.tender.contracting_body, "Eve")
    deactivate(person=closed, by=UserFactory(role=Role.ADMINISTRATOR))

    for person in (elsewhere, closed, second):
        with pytest.raises(Invalid, match="is no evaluator of CHU Nantes"):
            services.seat(lot=case.lot, person=person, by=case.buyer, at=NOW)
    with pytest.raises(Invalid, match="sits on this panel already"):
        services.seat(lot=case.lot, person=case.members[0], by=case.buyer, at=NOW)


def test_nobody_takes_a_seat_once_a_mark_is_agreed(case: Judged, hospital: Hospital) -> None:
    declare(case, case.members[0])
    give(case, case.members[0], "7")
    agree(case, "7")

    with pytest.raises(Refused, match="between the publication and the first agreed mark"):
        services.seat(lot=case.lot, person=evaluator(hospital, "Dan"), by=case.buyer, at=NOW)
    with pytest.raises(Refused, match="between the publication and the first agreed mark"):
        unseat(case, case.members[1])


def test_a_lot_that_is_marked_already_gets_no_panel(lot: Lot, buyer: User, hospital: Hospital) -> None:
    with pytest.raises(Refused, match="between the publication and the first agreed mark"):
        services.seat(lot=lot, person=evaluator(hospital, "Dan"), by=buyer, at=NOW)


def test_a_training_copy_gets_no_panel(case: Judged) -> None:
    copy = tenders.copy_for_training(tender=case.lot.tender, by=case.buyer, at=LATER).lots.get()

    with pytest.raises(Refused, match="training copy"):
        services.seat(lot=copy, person=case.members[0], by=case.buyer, at=LATER)


# declarations


def test_bids_are_read_after_the_declaration(case: Judged) -> None:
    with pytest.raises(Refused, match="Declare your interests first"):
        give(case, case.members[0], "7")
    declare(case, case.members[0])
    assert give(case, case.members[0], "7").value == 7


def test_a_conflict_has_its_text_and_closes_the_lot_to_its_author_for_good(case: Judged) -> None:
    member = case.members[0]
    with pytest.raises(Invalid, match="Write what the conflict is"):
        services.declare_interests(lot=case.lot, conflict=True, text="  ", by=member, at=NOW)
    declare(case, member, "My sister works for Nordmed.")

    with pytest.raises(PermissionDenied, match="closed to you"):
        give(case, member, "7")
    with pytest.raises(Refused, match="it stays"):
        declare(case, member)
    unseat(case, member)
    services.seat(lot=case.lot, person=member, by=case.buyer, at=NOW)
    with pytest.raises(Refused, match="it stays"):
        declare(case, member)


def test_the_text_of_a_declaration_is_erasable_and_stands_nowhere_else(case: Judged) -> None:
    declare(case, case.members[0], "My sister works for Nordmed.")
    line = Line.objects.get(action="declaration.made")
    assert [row.text for row in Disclosure.objects.filter(pk=line.reason)] == ["My sister works for Nordmed."]

    erase_reason(line=line, reason="Asked for by its author.", by=UserFactory(role=Role.ADMINISTRATOR))

    assert not Disclosure.objects.filter(text__contains="sister").exists()
    assert not any("sister" in str(value) for row in Declaration.objects.values() for value in row.values())
    assert Declaration.objects.get().conflict


def test_marks_given_before_a_conflict_stay_and_count_no_more(envelopes: Judged) -> None:
    first, second, _third = envelopes.members
    for member, value in ((first, "2"), (second, "8")):
        declare(envelopes, member)
        give(envelopes, member, value)
    declare(envelopes, first, "Hired by Nordmed today.")

    assert IndividualMark.objects.count() == 2
    with pytest.raises(Invalid, match="from 8 to 8"):
        agree(envelopes, "5")


# individual marks


def test_a_change_is_a_new_row_and_the_last_one_counts(case: Judged) -> None:
    member = case.members[0]
    declare(case, member)
    first = give(case, member, "7")
    last = give(case, member, "6.5", reason="Tried again.")

    assert list(IndividualMark.objects.order_by("pk")) == [first, last]
    assert list(IndividualMark.objects.standing()) == [last]
    lines = Line.objects.filter(action="panel.marked")
    assert len({line.after for line in lines}) == 2


def test_the_marks_that_stand_are_the_last_of_each_member_bid_and_criterion(case: Judged) -> None:
    for member in case.members:
        declare(case, member)
        for value in ("3", "4", "5"):
            give_all(case, member, value)
    give(case, case.members[1], "9", bid="gamma")

    slow: dict[Any, int] = {}
    for mark in IndividualMark.objects.order_by("pk"):
        slow[(mark.bid_id, mark.criterion_id, mark.given_by_id)] = mark.pk
    assert set(slow.values()) == set(IndividualMark.objects.standing().values_list("pk", flat=True))
    assert len(slow) == 3 * 3 * len(CRITERIA)


def test_marks_that_stand_already_are_not_written_again(case: Judged) -> None:
    declare(case, case.members[0])
    give(case, case.members[0], "7")

    with pytest.raises(Refused, match="Nothing changed"):
        give(case, case.members[0], "7.0")
    assert IndividualMark.objects.count() == 1


@pytest.mark.parametrize(
    ("value", "reason", "sentence"),
    [
        ("10.01", "Tried.", "from 0 to 10"),
        ("-1", "Tried.", "from 0 to 10"),
        ("NaN", "Tried.", "from 0 to 10"),
        ("7", " ", "Write the reason of each mark"),
        ("7.1234567890123", "Tried.", "too many digits"),
    ],
)
def test_a_mark_beyond_its_scale_or_without_a_reason_is_refused(
    case: Judged, value: str, reason: str, sentence: str
) -> None:
    declare(case, case.members[0])
    with pytest.raises(Invalid, match=sentence):
        give(case, case.members[0], value, reason=reason)
    assert not IndividualMark.objects.exists()


def test_one_wrong_mark_of_a_grid_keeps_none(case: Judged) -> None:
    declare(case, case.members[0])
    quality, price = case.lot.criteria.get(key="quality"), case.lot.criteria.get(key="price")
    bid = case.lot.bids.get(key="alpha")
    right = services.Given(bid, quality, Decimal(7), "Tried.")

    with pytest.raises(Invalid, match="takes no mark"):
        services.give_marks(
            lot=case.lot,
            given=[right, services.Given(bid, price, Decimal(7), "Cheap.")],
            by=case.members[0],
            at=NOW,
        )
    with pytest.raises(Invalid, match="two marks on one criterion"):
        services.give_marks(lot=case.lot, given=[right, right], by=case.members[0], at=NOW)
    assert not IndividualMark.objects.exists()


def test_a_bid_of_another_lot_is_not_marked(case: Judged) -> None:
    declare(case, case.members[0])
    other = published_lot(case.buyer, reference="2026-015", lots=[documents.lot()])
    tenders.enter_bid(
        lot=other, document=documents.bid(id="delta", supplier={"name": "Nordmed"}), by=case.buyer, at=NOW
    )
    given = services.Given(other.bids.get(), case.lot.criteria.get(key="quality"), Decimal(5), "Tried.")

    with pytest.raises(Invalid, match="not one of this lot"):
        services.give_marks(lot=case.lot, given=[given], by=case.members[0], at=NOW)


def test_an_excluded_bid_and_a_sealed_lot_get_no_marks(case: Judged) -> None:
    declare(case, case.members[0])
    tenders.exclude_bid(bid=case.lot.bids.get(key="beta"), ground="late", reason="Late.", by=case.buyer, at=NOW)
    with pytest.raises(Invalid, match="is excluded"):
        give(case, case.members[0], "7", bid="beta")
    Lot.objects.update(stage=Stage.PUBLISHED)
    with pytest.raises(Refused, match="not opened"):
        give(case, case.members[0], "7")


# agreed marks


def test_an_agreed_mark_follows_a_mark_of_a_member_and_has_its_reason(case: Judged) -> None:
    with pytest.raises(Refused, match="No member of the panel has marked this bid"):
        agree(case, "7")
    declare(case, case.members[0])
    give(case, case.members[0], "7")
    with pytest.raises(Invalid, match="Write the reason of the agreed mark"):
        agree(case, "7", reason=" ")
    assert agree(case, "9").value == 9


def test_in_two_envelopes_an_agreed_mark_lies_between_those_of_the_members(envelopes: Judged) -> None:
    for member, value in zip(envelopes.members, ("5", "6.5", "8"), strict=True):
        declare(envelopes, member)
        give(envelopes, member, value)

    for value in ("4.99", "8.01"):
        with pytest.raises(Invalid, match="here from 5 to 8"):
            agree(envelopes, value)
    assert [agree(envelopes, value).value for value in ("5", "8")] == [5, 8]


# the lock


def test_a_lot_with_a_panel_is_scored_once_its_marks_are_locked(case: Judged) -> None:
    for member in case.members:
        declare(case, member)
        give_all(case, member, "3")
    agree_all(case)
    with pytest.raises(Refused, match="lock the agreed marks, then score"):
        services.score(lot=case.lot, by=case.buyer, at=NOW)

    lock(case)

    line = Line.objects.get(action="lot.marks_locked")
    assert line.after == MarkLock.objects.get().marks_sha256
    assert services.score(lot=case.lot, by=case.buyer, at=NOW).number == 1


def test_the_lock_waits_for_every_agreed_mark_of_the_admissible_bids(case: Judged) -> None:
    declare(case, case.members[0])
    give_all(case, case.members[0], "3")
    with pytest.raises(Refused, match="still to be agreed") as refusal:
        lock(case)
    assert len(refusal.value.details) == 3 * len(CRITERIA)

    tenders.exclude_bid(bid=case.lot.bids.get(key="beta"), ground="late", reason="Late.", by=case.buyer, at=NOW)
    agree_all(case)
    assert lock(case).lot == case.lot


def test_a_lot_without_bids_or_without_a_panel_is_not_locked(case: Judged) -> None:
    for bid in case.lot.bids.all():
        tenders.exclude_bid(bid=bid, ground="late", reason="Late.", by=case.buyer, at=NOW)
    with pytest.raises(Refused, match="no bid to judge"):
        lock(case)
    with pytest.raises(Refused, match="has no panel"):
        services.lock_marks(lot=published_lot(case.buyer, reference="2026-015"), by=case.buyer, at=NOW)


def test_after_the_lock_no_mark_changes_and_nothing_is_locked_twice(case: Judged) -> None:
    panels.locked(case)

    attempts: list[Callable[[], object]] = [
        lambda: give(case, case.members[0], "9"),
        lambda: agree(case, "9"),
        lambda: declare(case, case.members[0]),
        lambda: lock(case),
    ]
    for attempt in attempts:
        with pytest.raises(Refused, match="locked"):
            attempt()


def test_a_mark_changed_outside_the_portal_after_the_lock_is_noticed(case: Judged) -> None:
    panels.locked(case)
    Mark.objects.filter(bid__key="alpha", criterion__key="quality").update(value=Decimal("9"))

    with pytest.raises(Refused, match="no longer those that were locked"):
        services.score(lot=case.lot, by=case.buyer, at=NOW)


@pytest.mark.parametrize("model", [Declaration, IndividualMark, MarkLock])
def test_the_database_keeps_what_a_panel_said(case: Judged, model: Any) -> None:
    panels.locked(case)
    for change in (lambda: model.objects.all().delete(), lambda: model.objects.update(id=10**6)):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


# who may


def test_a_seat_without_the_role_or_the_hospital_opens_nothing(case: Judged) -> None:
    first, second, _third = case.members
    declare(case, first)
    declare(case, second)
    first.memberships.all().delete()
    second.role = Role.AUDITOR
    second.save()

    for member in (first, second):
        with pytest.raises(PermissionDenied):
            give(case, member, "7")


def test_who_may_do_what_on_a_panel(case: Judged, stranger: User, auditor: User, hospital: Hospital) -> None:
    """Own: of the lot's hospital; other: of another one; off: an evaluator of the hospital without a seat."""
    member, conflicted, spare = case.members
    declare(case, member)
    give_all(case, member, "3")
    declare(case, conflicted, "Shares in Nordmed.")
    unseat(case, spare)
    people: dict[str, User] = {
        "buyer": case.buyer,
        "other buyer": stranger,
        "member": member,
        "conflicted": conflicted,
        "off": spare,
        "other evaluator": evaluator(HospitalFactory(), "Dan"),
        "auditor": auditor,
        "officer": UserFactory(role=Role.POLICY_OFFICER),
        "administrator": UserFactory(role=Role.ADMINISTRATOR),
    }
    newcomer = evaluator(hospital, "Eve")
    seat_of = Panelist.objects.get(user=conflicted)
    actions: dict[str, tuple[Callable[[User], object], set[str]]] = {
        "seat": (lambda by: services.seat(lot=case.lot, person=newcomer, by=by, at=NOW), {"buyer"}),
        "unseat": (lambda by: services.unseat(panelist=seat_of, by=by, at=NOW), {"buyer"}),
        "declare": (
            lambda by: services.declare_interests(lot=case.lot, conflict=False, text="", by=by, at=NOW),
            {"member"},
        ),
        "give": (lambda by: give(case, by, "9"), {"member"}),
        "agree": (lambda by: agree(Judged(case.lot, by, []), "3"), {"buyer"}),
        "lock": (lambda by: services.lock_marks(lot=case.lot, by=by, at=NOW), {"buyer"}),
    }
    for action, (act, allowed) in actions.items():
        for name, person in people.items():
            assert _may(act, person) == (name in allowed), f"{name} – {action}"


def _may(act: Callable[[User], object], by: User) -> bool:
    """Whether a service lets somebody in; what it then thinks of the moment is another matter. All is taken back."""
    with transaction.atomic():
        try:
            act(by)
        except PermissionDenied:
            return False
        except Refused as refusal:
            return "it stays" not in str(refusal)
        finally:
            transaction.set_rollback(True)
    return True
