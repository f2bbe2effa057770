"""What is typed waits for its author alone, is given by nobody but him, and a change is undone."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.utils import translation

from procurement.evaluation import services
from procurement.evaluation.models import IndividualMark, Mark, MarkDraft, MarkVersion, Panelist
from procurement.evaluation.services.undoing import last_change, number
from procurement.ledger.models import Line
from procurement.people.models import Hospital, User
from procurement.people.refusals import Refused, Stale
from procurement.tenders import services as tenders
from procurement.tenders.models import Lot, Stage
from tests.evaluation.conftest import NOW
from tests.evaluation.panels import Judged, agree, agree_all, declare, give, give_all, judged, lock
from tests.evaluation.test_pages import as_
from tests.evaluation.test_panel_pages import FIELD, filled, of_lot, own, read

INDIVIDUAL, AGREED = MarkDraft.Kind.INDIVIDUAL, MarkDraft.Kind.AGREED
Count = Callable[[Callable[[], object]], int]


@pytest.fixture
def case(buyer: User, hospital: Hospital) -> Judged:
    case = judged(buyer, hospital)
    declare(case, case.members[0])
    return case


def typed(case: Judged, mark: str, reason: str = "", *, bid: str = "alpha") -> services.Typed:
    return services.Typed(case.lot.bids.get(key=bid), case.lot.criteria.get(key="quality"), mark, reason)


def keep(case: Judged, *what: services.Typed, by: User | None = None, kind: str = INDIVIDUAL, after: int = 0) -> None:
    at = NOW + timedelta(seconds=after)
    services.keep_drafts(lot=case.lot, kind=kind, typed=what, by=by or case.members[0], at=at)


def waiting() -> list[tuple[str, str]]:
    return list(MarkDraft.objects.values_list("mark", "reason"))


def undo(case: Judged, by: User, kind: str = INDIVIDUAL, seen: str = "") -> int:
    seen = seen or str(number(last_change(case.lot, kind, by)))
    return services.undo_marks(lot=case.lot, kind=kind, seen=seen, by=by, at=NOW + timedelta(hours=1))


def sent(case: Judged, client: Client, **fields: str) -> Any:
    """What a script sends: the two fields of the first bid on the first criterion."""
    name = FIELD.findall(client.get(own(case)).content.decode())[0].rpartition("-")[0]
    data = {f"{name}-{field}": text for field, text in fields.items()}
    return name, client.post(own(case, "keep_own"), data, headers={"accept": "application/json"})


# what waits


def test_what_is_typed_waits_right_or_wrong_and_gives_no_mark(case: Judged) -> None:
    lines = Line.objects.count()
    keep(case, typed(case, "seven", "half a th"), typed(case, "", "Only a reason", bid="beta"))

    assert waiting() == [("seven", "half a th"), ("", "Only a reason")]
    assert not IndividualMark.objects.exists()
    assert Line.objects.count() == lines


def test_typing_on_keeps_one_draft_for_each_place(case: Judged) -> None:
    for text in ("4", "4.5", "4.5 "):
        keep(case, typed(case, text.strip(), text))
    assert waiting() == [("4.5", "4.5 ")]


@pytest.mark.parametrize(("mark", "reason"), [("", ""), ("7", "Tried.")])
def test_what_stands_already_or_says_nothing_is_no_draft(case: Judged, mark: str, reason: str) -> None:
    give(case, case.members[0], "7", reason="Tried.")
    keep(case, typed(case, "8", "Better."))
    keep(case, typed(case, mark, reason))
    assert waiting() == []


def test_giving_a_mark_erases_its_draft_and_no_other(case: Judged) -> None:
    keep(case, typed(case, "7", "Tr"), typed(case, "6", "", bid="beta"))
    give(case, case.members[0], "7")
    assert waiting() == [("6", "")]


def test_nobody_else_reads_a_draft(case: Judged) -> None:
    ben = case.members[1]
    declare(case, ben)
    keep(case, typed(case, "7", "Seen by one alone"))

    assert "Seen by one alone" in read(case.members[0], own(case))
    assert "Seen by one alone" not in read(ben, own(case))
    give(case, ben, "3")
    for page in ("agree", "panel", "lock"):
        assert "Seen by one alone" not in read(case.buyer, of_lot(case, page))


def test_a_draft_of_the_buyer_is_none_of_the_members(case: Judged) -> None:
    give(case, case.members[0], "3")
    keep(case, typed(case, "4", "Not agreed yet"), kind=AGREED, by=case.buyer)

    assert "Not agreed yet" in read(case.buyer, of_lot(case, "agree"))
    assert "Not agreed yet" not in read(case.members[0], own(case))
    assert not Mark.objects.exists()


def test_only_a_member_who_declared_types_and_only_the_buyer_types_what_was_agreed(
    case: Judged, stranger: User
) -> None:
    with pytest.raises(Refused, match="Declare your interests first"):
        keep(case, typed(case, "7"), by=case.members[1])
    for person, kind in ((case.buyer, INDIVIDUAL), (case.members[0], AGREED), (stranger, AGREED)):
        with pytest.raises(PermissionDenied):
            keep(case, typed(case, "7"), by=person, kind=kind)
    assert waiting() == []


def test_a_conflict_the_end_of_a_seat_and_the_lock_erase_what_waits(case: Judged) -> None:
    ana, ben, cleo = case.members
    declare(case, ben)
    declare(case, cleo)
    for member in case.members:
        keep(case, typed(case, "7", "Waits"), by=member)
    declare(case, ana, "My sister works there.")
    services.unseat(panelist=Panelist.objects.get(user=ben), by=case.buyer, at=NOW)
    assert [draft.written_by for draft in MarkDraft.objects.all()] == [cleo]
    give_all(case, cleo, "3")
    keep(case, typed(case, "7", "Waits"), by=cleo)
    agree_all(case)
    lock(case)
    assert waiting() == []
    with pytest.raises(Refused, match="locked"):
        keep(case, typed(case, "7"), by=cleo)


def test_before_the_opening_nothing_is_typed(case: Judged) -> None:
    Lot.objects.update(stage=Stage.PUBLISHED)
    case.lot.refresh_from_db()
    with pytest.raises(Refused, match="not opened"):
        keep(case, typed(case, "7"))


def test_the_database_takes_no_empty_draft_and_no_second_one_for_a_place(case: Judged) -> None:
    keep(case, typed(case, "7"))
    kept = MarkDraft.objects.get()
    for changes in ({"bid": case.lot.bids.get(key="beta"), "mark": "", "reason": ""}, {}):
        values = {"kind": kept.kind, "bid": kept.bid, "criterion": kept.criterion, "mark": "7"} | changes
        with pytest.raises(IntegrityError), transaction.atomic():
            MarkDraft.objects.create(**values, written_by=kept.written_by, written_at=NOW)


# the address the script sends to


def test_the_script_is_told_when_what_is_wrong_and_what_waits(case: Judged) -> None:
    name, answer = sent(case, as_(case.members[0]), mark="99", reason="")
    said = answer.json()
    assert said["told"].startswith("Saved at ")
    assert said["told"].endswith("1 field is to be corrected.")
    assert said["mistakes"] == {f"{name}-mark": ["A mark is a number from 0 to 10."]}
    assert said["waiting"] == [f"{name}-mark"]
    assert "1 is typed and not given yet." in " ".join(said["bar"].split())
    assert waiting() == [("99", "")]


def test_what_was_wrong_before_is_still_counted_when_another_mark_is_saved(case: Judged) -> None:
    client = as_(case.members[0])
    first, second = (name.rpartition("-")[0] for name in FIELD.findall(client.get(own(case)).content.decode())[:3:2])
    sent(case, client, mark="99", reason="")

    data = {f"{second}-mark": "7", f"{second}-reason": "Tried."}
    said = client.post(own(case, "keep_own"), data, headers={"accept": "application/json"}).json()

    assert first != second
    assert said["mistakes"] == {}
    assert said["told"].endswith("1 field is to be corrected.")


def test_half_a_mark_is_no_mistake_while_somebody_types(case: Judged) -> None:
    _name, answer = sent(case, as_(case.members[0]), mark="7", reason="")
    assert answer.json()["mistakes"] == {}


def test_emptying_a_given_mark_is_said_to_change_nothing(case: Judged) -> None:
    give_all(case, case.members[0], "5")
    name, answer = sent(case, as_(case.members[0]), mark="", reason="")
    assert answer.json()["mistakes"] == {
        f"{name}-mark": ["Write the mark: one that was given is changed, not taken back."]
    }


def test_what_no_field_takes_is_not_kept(case: Judged) -> None:
    client = as_(case.members[0])
    for fields in ({"mark": "7" * 61, "reason": ""}, {"mark": "7", "reason": "x" * 2001}, {"mark": "\0", "reason": ""}):
        _name, answer = sent(case, client, **fields)
        assert answer.json()["mistakes"]
        assert answer.json()["told"].startswith("Not saved: ")
    client.post(own(case, "keep_own"), {"ffffffffffff-quality-mark": "7"})
    assert waiting() == []


def test_after_the_lock_the_script_is_told_the_sentence(case: Judged) -> None:
    client = as_(case.members[0])
    name, _answer = sent(case, client, mark="7", reason="")
    give_all(case, case.members[0], "3")
    agree_all(case)
    lock(case)
    answer = client.post(own(case, "keep_own"), {f"{name}-mark": "7"})
    assert (answer.status_code, "locked" in answer.json()["told"]) == (409, True)


def test_a_french_comma_is_read_again_as_it_was_typed(case: Judged) -> None:
    member = case.members[0]
    member.language = "fr"
    member.save()
    client = as_(member)
    sent(case, client, mark="4,50", reason="")
    assert waiting() == [("4.5", "")]
    assert 'value="4,5"' in client.get(own(case)).content.decode()


def test_the_lines_of_a_reason_end_alike_whoever_sends_them(case: Judged) -> None:
    client = as_(case.members[0])
    shown = client.get(own(case)).content.decode()
    client.post(own(case), filled(shown, "4", "One\r\ntwo"))
    sent(case, client, mark="4", reason="One\ntwo")
    assert waiting() == []


def test_without_a_script_a_button_keeps_what_is_typed(case: Judged) -> None:
    client = as_(case.members[0])
    fields = filled(client.get(own(case)).content.decode(), "4", "")
    shown = client.post(own(case), fields | {"later": ""}, follow=True).content.decode()
    assert "What you typed waits here" in shown
    assert shown.count('value="4"') == 6
    wrong = client.post(own(case), dict.fromkeys(fields, "x") | {"later": ""}).content.decode()
    assert wrong.count("This is not a number") == 6
    assert not IndividualMark.objects.exists()


# undoing


def test_undoing_a_change_gives_the_former_mark_again_and_undoing_that_the_later_one(case: Judged) -> None:
    member = case.members[0]
    give(case, member, "4", reason="First thought.")
    give(case, member, "8", reason="Second thought.")

    assert undo(case, member) == 1
    standing = IndividualMark.objects.standing().get()
    assert (standing.value, standing.reason) == (Decimal(4), "First thought.")
    assert IndividualMark.objects.count() == 3
    undo(case, member)
    assert IndividualMark.objects.standing().get().value == 8
    assert Line.objects.filter(action="panel.marked").count() == 4


def test_a_first_mark_is_no_change_and_a_change_is_not_undone_twice(case: Judged) -> None:
    member = case.members[0]
    give(case, member, "4")
    with pytest.raises(Stale):
        undo(case, member)
    give(case, member, "8")
    seen = str(number(last_change(case.lot, INDIVIDUAL, member)))
    undo(case, member, seen=seen)
    with pytest.raises(Stale, match="look at them again"):
        undo(case, member, seen=seen)
    assert IndividualMark.objects.standing().get().value == 4


@pytest.mark.parametrize("seen", ["", "0", "-1", "9" * 5000, "²", "1 OR 1"])
def test_an_invented_number_undoes_nothing(case: Judged, seen: str) -> None:
    member = case.members[0]
    give(case, member, "4")
    give(case, member, "8")
    answer = as_(member).post(own(case, "undo_own"), {"what": "mark", "seen": seen})
    assert answer.status_code == 409
    assert as_(member).post(own(case, "undo_own"), {"what": "draft", "seen": seen}).status_code == 409
    assert IndividualMark.objects.standing().get().value == 8


def test_an_agreed_change_is_undone_by_who_made_it(case: Judged) -> None:
    for value in ("2", "9"):
        give(case, case.members[0], value)
    agree(case, "3", reason="At first.")
    agree(case, "5", reason="Then.")
    shown = read(case.buyer, of_lot(case, "agree"))
    assert "mark 5 becomes 3 again" in shown

    assert undo(case, case.buyer, AGREED) == 1

    kept = Mark.objects.get()
    assert (kept.value, kept.reason) == (3, "At first.")
    assert [version.value for version in MarkVersion.objects.order_by("pk")] == [3, 5, 3]
    with pytest.raises(PermissionDenied):
        undo(case, case.members[0], AGREED, seen="1")


def test_after_the_lock_nothing_is_undone(case: Judged) -> None:
    give_all(case, case.members[0], "3")
    agree_all(case, "3")
    agree_all(case, "4")
    lock(case)
    for person, kind in ((case.buyer, AGREED), (case.members[0], INDIVIDUAL)):
        with pytest.raises(Refused):
            undo(case, person, kind)
    assert {mark.value for mark in Mark.objects.all()} == {4}


def test_what_was_typed_last_is_forgotten_first(case: Judged) -> None:
    member = case.members[0]
    keep(case, typed(case, "1", "Earlier"))
    keep(case, typed(case, "2", "Later", bid="beta"), after=1)
    client = as_(member)
    seen = MarkDraft.objects.get(reason="Later").pk
    shown = client.post(own(case, "undo_own"), {"what": "draft", "seen": seen}, follow=True).content.decode()
    assert "What you typed there is forgotten." in shown
    assert waiting() == [("1", "Earlier")]


def test_a_mark_of_a_bid_that_is_excluded_is_undone_no_more(case: Judged) -> None:
    member = case.members[0]
    give(case, member, "4")
    give(case, member, "8")
    tenders.exclude_bid(bid=case.lot.bids.get(key="alpha"), ground="late", reason="Late.", by=case.buyer, at=NOW)
    assert last_change(case.lot, INDIVIDUAL, member) == []


def test_what_an_agreed_mark_was_can_neither_be_changed_nor_deleted(case: Judged) -> None:
    give(case, case.members[0], "3")
    agree(case, "3")
    for write in ("UPDATE evaluation_markversion SET value = '9'", "DELETE FROM evaluation_markversion"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(write)


def test_autosave_costs_the_same_whatever_the_grid_holds(case: Judged, queries: Count) -> None:
    client = as_(case.members[0])
    every = [name for name in FIELD.findall(client.get(own(case)).content.decode()) if name.endswith("-mark")]
    address = own(case, "keep_own")
    first = queries(partial(client.post, address, {every[0]: "1"}))
    assert queries(partial(client.post, address, dict.fromkeys(every, "2"))) == first


def test_in_french_the_sentences_are_french(case: Judged) -> None:
    member = case.members[0]
    member.language = "fr"
    member.save()
    with translation.override("fr"):
        _name, answer = sent(case, as_(member), mark="99", reason="")
    assert answer.json()["told"].startswith("Enregistré à ")
